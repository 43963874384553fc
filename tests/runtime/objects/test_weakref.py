"""Weak references, proxies and the module weakref."""
import gc
import weakref


def raises(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert type(e) is exception, (type(e), e)
        assert text is None or str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s: %s" % (exception.__name__, text))


class C:
    def __init__(self, v=0): self.v = v
    def __eq__(self, other): return isinstance(other, C) and self.v == other.v
    def __hash__(self): return hash(self.v)
    def __len__(self): return 3
    def method(self): return self.v


def clobber(depth=30):
    """Overwrites what earlier calls left on the C stack, which the collector scans conservatively."""
    values = [depth] * 10
    return clobber(depth - 1) + len(values) if depth else 0


def collect():
    clobber()
    gc.collect()
    clobber()
    gc.collect()


c = C(5)
r = weakref.ref(c)
assert r() is c and weakref.ref(c) is r and r == weakref.ref(c)
assert hash(r) == hash(5) and weakref.getweakrefcount(c) >= 1 and r in weakref.getweakrefs(c)
assert r.__callback__ is None and isinstance(r, weakref.ReferenceType)
assert repr(r).startswith("<weakref at 0x") and "; to 'C' at 0x" in repr(r)
log = []
r2 = weakref.ref(c, log.append)
assert r2 is not r and r2.__callback__ == log.append
raises(TypeError, "cannot create weak reference to 'int' object", weakref.ref, 1)
raises(TypeError, "cannot create weak reference to 'tuple' object", weakref.ref, ())
raises(TypeError, "cannot create weak reference to 'NoneType' object", weakref.ref, None)
raises(TypeError, "cannot create weak reference to 'dict' object", weakref.ref, {})
raises(TypeError, "cannot create weak reference to 'list' object", weakref.ref, [])
raises(TypeError, "weakref expected 0 arguments, got 1", r, 1)
class Slotted:
    __slots__ = ()
raises(TypeError, "cannot create weak reference to 'Slotted' object", weakref.ref, Slotted())
class SlottedWeak:
    __slots__ = ("__weakref__",)
sw = SlottedWeak()
assert sw.__weakref__ is None
rr = weakref.ref(sw)
assert rr() is sw and sw.__weakref__ is rr
class L(list): pass
class T(tuple): pass
assert weakref.ref(L())
raises(TypeError, "cannot create weak reference to 'T' object", weakref.ref, T())
def function(): pass
assert weakref.ref(function)() is function and weakref.ref(C)() is C and weakref.ref(len)() is len

# ---- proxies
p = weakref.proxy(c)
assert type(p) is weakref.ProxyType and p.v == 5 and len(p) == 3 and p == c and p.method() == 5 and bool(p)
p.w = 1
assert c.w == 1 and isinstance(p, C) and repr(p).startswith("<weakproxy at 0x")
raises(TypeError, "unhashable type: 'weakref.ProxyType'", hash, p)
class Number:
    def __add__(self, other): return "add", other
    def __radd__(self, other): return "radd", other
    def __index__(self): return 7
    def __getitem__(self, k): return k
    def __call__(self, *a): return a
    def __iter__(self): return iter([1, 2])
    def __contains__(self, x): return x == 2
n = Number()
q = weakref.proxy(n)
assert type(q) is weakref.CallableProxyType
assert q + 1 == ("add", 1) and 1 + q == ("radd", 1) and [0] * q == [0] * 7 and q["k"] == "k" and q(1, 2) == (1, 2)
assert list(q) == [1, 2] and 2 in q and 3 not in q
raises(TypeError, "Weakref proxy referenced a non-iterator 'C' object", next, p)

# ---- death
def dying():
    log = []
    dead = []
    for i in range(100):
        x = C(i)
        dead.append(weakref.ref(x, log.append))
        dead.append(weakref.proxy(x))
    x = None
    return dead, log
dead, log = dying()
collect()
alive = sum(r() is not None for r in dead[::2])
assert alive <= 2, alive
assert len(log) == 100 - alive
for r, proxy in zip(dead[::2], dead[1::2]):
    if r() is None:
        assert "; dead>" in repr(r) and r in log
        raises(ReferenceError, "weakly-referenced object no longer exists", lambda: proxy.v)
        raises(TypeError, "weak object has gone away", hash, r)

# ---- containers of the module
keep = [C(i) for i in range(20)]
wv = weakref.WeakValueDictionary((x.v, x) for x in keep)
wk = weakref.WeakKeyDictionary((x, x.v) for x in keep)
ws = weakref.WeakSet(keep)
assert len(wv) == len(wk) == len(ws) == 20 and wv[3] is keep[3] and wk[keep[4]] == 4 and keep[5] in ws
x = None
del keep[10:]
collect()
assert len(wv) <= 12 and len(wk) <= 12 and len(ws) <= 12
assert wv[3] is keep[3] and wk[keep[4]] == 4 and keep[5] in ws
wm = weakref.WeakMethod(keep[0].method)
assert wm()() == 0
class Finalized: pass
fin = Finalized()
calls = []
f = weakref.finalize(fin, calls.append, 1)
assert f.alive and f.peek()[0] is fin
f()
assert calls == [1] and not f.alive

# ---- finalizers
class Del:
    def __del__(self): deleted.append(self.tag)
deleted = []
def make():
    for i in range(50):
        d = Del()
        d.tag = i
make()
collect()
assert len(deleted) >= 48 and len(set(deleted)) == len(deleted), deleted

# ---- subclasses of ref
class Ref(weakref.ref):
    __slots__ = ("key",)
    def __new__(cls, ob, callback, key): return super().__new__(cls, ob, callback)
    def __init__(self, ob, callback, key):
        super().__init__(ob, callback)
        self.key = key
kr = Ref(c, None, "k")
assert kr() is c and kr.key == "k" and kr is not weakref.ref(c) and kr == weakref.ref(c)
print("ok")
