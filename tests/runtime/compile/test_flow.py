# Statements that change the flow: loops, try, finally, with, except*, and every way out of them.
import sys

log = []


def show(name, value):
    print(name, value, log)
    log.clear()


def handled():
    return type(sys.exc_info()[1]).__name__


class CM:
    def __init__(self, name, suppress=False, fail_enter=False, fail_exit=False):
        self.name, self.suppress, self.fail_enter, self.fail_exit = name, suppress, fail_enter, fail_exit

    def __enter__(self):
        log.append('enter ' + self.name)
        if self.fail_enter:
            raise KeyError(self.name)
        return self.name

    def __exit__(self, t, v, tb):
        log.append(f'exit {self.name} {t.__name__ if t else None} {handled()}')
        if self.fail_exit:
            raise IndexError(self.name)
        return self.suppress


def loops(n):
    r = []
    for i in range(n):
        if i == 1:
            continue
        if i == 4:
            break
        r.append(i)
    else:
        r.append('else')
    i = 0
    while i < n:
        i += 1
        if i % 2:
            continue
        if i > 6:
            break
        r.append(-i)
    else:
        r.append('welse')
    while True:
        n += 1
        if n > 10:
            break
    for a, (b, *c) in [(1, (2, 3, 4)), (5, 'xy')]:
        r.append((a, b, c))
    for x in ():
        pass
    else:
        r.append('empty')
    for r2 in [r]:
        for r2.attr in ():
            pass
    return r + [n]


for n in (0, 3, 9):
    print(loops(n))


def finals(kind):
    for i in range(3):
        try:
            log.append('try')
            if kind == 'return':
                return 'value'
            if kind == 'break':
                break
            if kind == 'continue':
                continue
            if kind == 'raise':
                raise ValueError(kind)
            if kind == 'caught':
                try:
                    raise KeyError(1)
                except KeyError as e:
                    log.append('inner ' + handled())
                    if i:
                        return repr(e)
                finally:
                    log.append('inner finally ' + handled())
        except ValueError as e:
            log.append('except ' + str(e) + handled())
            if i == 1:
                return 'from except'
            continue
        else:
            log.append('else')
        finally:
            log.append('finally ' + handled())
    else:
        return 'loop ended'
    return 'after'


for kind in ('return', 'break', 'continue', 'raise', 'caught', 'none'):
    show(kind, finals(kind))


def overrides(kind):
    while True:
        try:
            if kind == 'return':
                return 1
            if kind == 'raise':
                raise ValueError
            if kind == 'late':
                x = 1
                try:
                    return x
                finally:
                    x = 2
            if kind == 'exc in finally':
                1 / 0
        finally:
            if kind != 'late' and kind != 'exc in finally':
                break
            if kind == 'exc in finally':
                try:
                    raise KeyError('second')
                except KeyError as e:
                    log.append(type(e.__context__).__name__)
                return 'swallowed'
    return 'broke'


for kind in ('return', 'raise', 'late', 'exc in finally'):
    show(kind, overrides(kind))


def nested_handlers():
    try:
        try:
            raise ValueError('a')
        except ValueError:
            log.append(handled())
            try:
                raise KeyError('b')
            except KeyError as e:
                log.append((handled(), type(e.__context__).__name__))
            log.append(handled())
            raise
    except ValueError as e:
        log.append((handled(), str(e), e.__context__))
    log.append(handled())
    try:
        e
    except UnboundLocalError as err:
        log.append(str(err))
    try:
        raise ValueError
    except (KeyError, IndexError):
        log.append('no')
    except:
        log.append('bare ' + handled())
    try:
        try:
            raise KeyError
        except ValueError:
            pass
    except LookupError as e:
        del e
    try:
        try:
            raise OSError('x') from KeyError('y')
        finally:
            log.append(handled())
    except OSError as e:
        log.append((repr(e.__cause__), e.__suppress_context__))
    try:
        try:
            raise OSError('x')
        except OSError as e:
            raise TypeError('z') from None
    except TypeError as e:
        log.append((e.__cause__, repr(e.__context__), e.__suppress_context__))
    try:
        raise
    except RuntimeError as e:
        log.append(str(e))
    try:
        try:
            raise KeyError
        except 5:
            pass
    except TypeError as e:
        log.append(str(e))


nested_handlers()
show('handlers', None)


def withs(kind):
    for i in range(2):
        with CM('a', suppress=kind == 'suppress') as a, CM('b', fail_exit=kind == 'exit') as b:
            log.append((a, b))
            if kind == 'return':
                return (a, b)
            if kind == 'break':
                break
            if kind == 'continue':
                continue
            if kind in ('raise', 'suppress'):
                raise ValueError
        log.append('next')
    with CM('c', fail_enter=kind == 'enter'):
        with (CM('d') as d, CM('e') as log2):
            pass
    return 'end'


for kind in ('return', 'break', 'continue', 'raise', 'suppress', 'enter', 'exit', 'none'):
    try:
        show(kind, withs(kind))
    except Exception as e:
        show(kind, repr(e))


def with_targets():
    class O:
        pass
    o, l = O(), [0, 0]
    with CM('x') as o.attr, CM('yz') as (p, q), CM('w') as l[1]:
        print(o.attr, p, q, l)
    try:
        with CM('abc', suppress=True) as (a, b):
            pass
        print('suppressed')
        with 5:
            pass
    except TypeError as e:
        print(e)


with_targets()
log.clear()


def return_in_with_finally():
    with CM('o'):
        try:
            with CM('i'):
                return log.append('ret') or 'v'
        finally:
            log.append('fin')


show('rwf', return_in_with_finally())


def stars(exc):
    try:
        try:
            if exc:
                raise exc
        except* ValueError as e:
            log.append(('V', repr(e), handled()))
        except* (KeyError, TypeError) as e:
            log.append(('K', repr(e)))
            raise OSError('new')
        except* IndexError:
            log.append('I')
            raise
        else:
            log.append('else')
        finally:
            log.append('finally')
    except BaseException as e:
        return repr(e), repr(getattr(e, 'exceptions', None)), handled()
    return 'ok', handled()


for exc in (None, ValueError(1), ExceptionGroup('g', [ValueError(1), ValueError(2)]),
            ExceptionGroup('g', [ValueError(1), KeyError(2), OSError(3)]), ExceptionGroup('g', [IndexError(1), TypeError(2)]),
            ZeroDivisionError(0), ExceptionGroup('g', [ExceptionGroup('h', [ValueError(1), IndexError()]), KeyError()])):
    show('star', stars(exc))


def deep(n):
    try:
        if n == 0:
            return 'bottom'
        try:
            return deep(n - 1)
        finally:
            log.append(n)
    finally:
        log.append(-n)


show('deep', deep(3))


def break_through():
    for i in range(3):
        for j in range(3):
            try:
                with CM(f'{i}{j}'):
                    if j == 1:
                        break
            finally:
                log.append('f')
        else:
            continue
        if i == 1:
            break
    return i, j


show('through', break_through())


def unbound(flag):
    if flag:
        x = 1
    try:
        return x
    except UnboundLocalError as e:
        return str(e)


print(unbound(True), unbound(False))


def deleted():
    x = 1
    for i in range(2):
        try:
            print(x)
        except UnboundLocalError as e:
            print(e)
        if i == 0:
            del x
    try:
        del x
    except UnboundLocalError as e:
        print(e)
    try:
        print(undefined_name)
    except NameError as e:
        print(e)


deleted()


def loop_bound():
    for i in ():
        y = i
    try:
        return y
    except UnboundLocalError as e:
        return str(e)


print(loop_bound())


def try_bound():
    try:
        1 / 0
        z = 1
    except ZeroDivisionError:
        pass
    try:
        return z
    except UnboundLocalError as e:
        return str(e)


print(try_bound())


def dead_code():
    if 0:
        x = 1
    while 0:
        y = 2
    if True:
        r = 'taken'
    else:
        r = z
    return r
    print('never')
    yield_like = 1


print(dead_code())


def while_else_true():
    while 1:
        break
    else:
        return 'no'
    if not 1:
        return 'no'
    elif 1:
        return 'yes'


print(while_else_true())


def asserts():
    try:
        assert False
    except AssertionError as e:
        print(repr(e))
    try:
        assert 1 == 2, 'msg %d' % 5
    except AssertionError as e:
        print(repr(e))
    assert True


asserts()


def global_flow():
    global gname
    gname = 1
    gname += 1
    del gname
    try:
        gname
    except NameError as e:
        print(e)
    for gname in 'ab':
        pass
    print(gname)
    try:
        1 / 0
    except ZeroDivisionError as gname:
        print(gname)
    print('gname' in globals())


global_flow()
for i in range(3):
    try:
        if i == 1:
            continue
        1 / i
    except ZeroDivisionError as e:
        print('module', e)
    finally:
        print('module finally', i)
print('e' in globals())
