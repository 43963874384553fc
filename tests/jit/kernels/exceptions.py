"""Exceptions in kernels: raised with any arguments, caught, passed on."""
from cases import show


class Mine(ValueError):
    pass


class Derived(Mine):
    pass


class Other(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)
        self.a = a


def helper(n):
    if n > 2:
        raise Mine("deep", n)
    return n


def caught(n):
    try:
        x = 10 // n
    except ZeroDivisionError:
        return -1
    return x


def all_parts(n):
    r = 0
    for i in range(-2, n):
        try:
            r += 10 // i
        except ZeroDivisionError:
            r += 1000
        else:
            r += 1
        finally:
            r += 10000
    return r


def with_values(n):
    raise ValueError("a", n, 2.5)


def with_text(n):
    raise Other(n, "x" + str(n))


def own_class(n):
    raise Mine(n)


def which(n):
    r = []
    for i in range(n):
        try:
            if i == 0:
                raise Mine(i)
            if i == 1:
                raise Derived("x")
            if i == 2:
                raise Other(1, 2)
            if i == 3:
                raise KeyError(3)
            r.append(10 // (i - 4))
        except Derived:
            r.append(1)
        except Mine as e:
            r.append(2)
        except (Other, KeyError):
            r.append(3)
        except ArithmeticError:
            r.append(4)
    return r


def again(n):
    try:
        return 1 // n
    except ZeroDivisionError as e:
        raise


def again_by_name(n):
    try:
        raise Mine(n, "x")
    except Mine as e:
        raise e


def replaced(n):
    try:
        return helper(n)
    except Mine as e:
        raise ValueError("bad") from e


def nested(a):
    try:
        try:
            return a[5]
        finally:
            a.append(7)
    except IndexError:
        a.append(8)
    return 0


def finally_after_return(n):
    x = [1]
    try:
        if n:
            return x
    finally:
        x.append(2)
    return x


def asserts(n):
    assert n == 3, "n is " + str(n)
    return n


def missing(d, k):
    return d[k]


def same_number(a, b):
    return a is b, a is not b


def deep(n):
    s = 0
    for i in range(n):
        try:
            s += helper(i)
        except Mine:
            s += 100
    return s


def not_caught(n):
    try:
        helper(n)
    except KeyError:
        return 1
    return 2


def by_base(n):
    try:
        helper(n)
    except Exception:
        return 1
    return 2


def bare(n):
    try:
        helper(n)
    except:  # noqa: E722
        return 1
    return 2


def index_again(a, i):
    """The check in the handler must not be taken for done."""
    try:
        return a[i]
    except IndexError:
        try:
            return a[i]
        except IndexError:
            return a[i - 2]


def in_loop(a):
    n = 0
    while True:
        try:
            a[n] += 1
            n += 1
        except IndexError:
            break
    return n


def searched(a, x):
    try:
        return a.index(x)
    except ValueError:
        return -1


show(caught, 0)
show(caught, 3)
show(all_parts, 3)
show(with_values, 3)
show(with_text, 3)
show(own_class, 3)
show(which, 6)
show(again, 0)
show(again_by_name, 4)
show(replaced, 5)
show(nested, [1, 2])
show(finally_after_return, 2)
show(finally_after_return, 0)
show(asserts, 2)
show(missing, {1: 2}, 5)
show(missing, {"a": 2}, "b")
show(same_number, 3, 3)
show(same_number, 3, 4)
show(deep, 5)
show(not_caught, 9)
show(by_base, 9)
show(bare, 9)
show(index_again, [1, 2, 3], 4)
show(index_again, [1, 2, 3], 9)
show(in_loop, [1, 2, 3])
show(searched, [3, 1], 1)
show(searched, [3, 1], 9)
