# Lines that sys.settrace reports for every kind of statement. (Operands that are local variables have no instruction
# here: a line that holds nothing else is not reported.)
import sys
def trace_lines(f, *a):
    out=[]
    def t(fr,ev,arg):
        if fr.f_code is f.__code__: out.append((ev, fr.f_lineno-f.__code__.co_firstlineno))
        return t
    sys.settrace(t)
    try: f(*a)
    except Exception as e: out.append(repr(e))
    finally: sys.settrace(None)
    return [(e[0][0],e[1]) if isinstance(e,tuple) else e for e in out]
def f1(n):
    for i in range(n):
        if i:
            x = 1
        else:
            x = 2
    return x
def f2(n):
    while n:
        n -= 1
        if n == 1:
            continue
        x = n
    else:
        y = 1
def f3(n):
    try:
        1/n
    except ZeroDivisionError as e:
        x = 1
    finally:
        y = 2
    z = 3
def f4(n):
    with open('/dev/null') as f:
        x = 1
        if n:
            return x
    y = 2
def f6(n):
    if n:
        pass
    elif n == 0:
        pass
    while True:
        break
    pass
def f7(n):
    match n:
        case 1:
            x = 1
        case [a, b]:
            x = 2
        case _:
            x = 3
def f8(n):
    "doc"
    def g():
        return n
    class C:
        x = 1
    lambda: 0
    del n
def f9(n):
    for i in (1,2):
        for j in (1,2):
            if j == n:
                break
        else:
            x = 1
    assert n, \
        'x'
def f10(n):
    try:
        if n:
            return 1
        raise ValueError
    except (TypeError,
            KeyError):
        pass
    except ValueError:
        for x in ():
            pass
def f11(n): x = n; y = x; return y
def f13(n):
    for i in range(2): pass
def f14(n):
    if n: x = 1
    else: x = 2
def f15(n):
    x = 1 if n else 2
    n and \
      x
def f16(n):
    if 1:
        x = 1
    if 0:
        y = 1
    return
    z = 1
def f17(n):
    def gen():
        yield 1
    for x in gen():
        continue
def f18(n):
    print(n,
          n + 1,
          sep='', file=open('/dev/null', 'w'))
    try:
        pass
    finally:
        pass
for f in (f1,f2,f3,f4,f6,f7,f8,f9,f10,f11,f13,f14,f15,f16,f17,f18):
    for n in (0,1,2,3):
        print(f.__name__, n, trace_lines(f,n))
