"""The common operations on arrays; the same under CPython with NumPy (texts are those that 1.24 and 2 share)."""
import numpy as np

a = np.arange(6).reshape(2, 3)
assert str(a) == "[[0 1 2]\n [3 4 5]]" and repr(a) == "array([[0, 1, 2],\n       [3, 4, 5]])"
assert a.shape == (2, 3) and a.strides == (24, 8) and a.ndim == 2 and a.size == 6 and a.dtype == np.int64
assert a.T.tolist() == [[0, 3], [1, 4], [2, 5]] and a[::-1].tolist() == [[3, 4, 5], [0, 1, 2]]
assert a[:, 1].tolist() == [1, 4] and a[1, -1] == 5 and a[..., 0].tolist() == [0, 3] and a[None].shape == (1, 2, 3)
assert a[a > 2].tolist() == [3, 4, 5] and a[[1, 0], [0, 2]].tolist() == [3, 2] and a[[1]].tolist() == [[3, 4, 5]]
assert (a + a).tolist() == [[0, 2, 4], [6, 8, 10]] and (a * 2.5).dtype == np.float64
assert (a + np.array([10, 20, 30])).tolist() == [[10, 21, 32], [13, 24, 35]]
assert a.sum() == 15 and a.sum(axis=0).tolist() == [3, 5, 7] and a.mean(axis=1).tolist() == [1.0, 4.0]
assert a.max() == 5 and a.argmax() == 5 and a.min(axis=1).tolist() == [0, 3] and a.prod() == 0 and a.std() > 1.7
assert (a @ a.T).tolist() == [[5, 14], [14, 50]] and np.dot(a, [1, 1, 1]).tolist() == [3, 12]
assert np.concatenate([a, a]).shape == (4, 3) and np.concatenate([a, a], axis=1).shape == (2, 6)
assert repr(np.linspace(0, 1, 5)) == "array([0.  , 0.25, 0.5 , 0.75, 1.  ])" and np.eye(2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
assert np.sqrt(np.array([0.0, 4.0, 9.0])).tolist() == [0.0, 2.0, 3.0] and np.maximum(a, 3).tolist() == [[3, 3, 3], [3, 4, 5]]

b = np.zeros(4)
view = b[1:3]
view += 2
assert b.tolist() == [0.0, 2.0, 2.0, 0.0] and view.base is b
b[b == 2] = [5, 6]
assert b.tolist() == [0.0, 5.0, 6.0, 0.0]
out = np.empty(4)
assert np.add(b, 1, out=out) is out and out.tolist() == [1.0, 6.0, 7.0, 1.0]
b[:3] = b[1:]
assert b.tolist() == [5.0, 6.0, 0.0, 0.0]

for dtype, value in (("int8", -128), ("uint8", 255), ("int16", -1), ("uint32", 7), ("float32", 0.5), ("complex64", 1 + 2j), ("bool", True)):
    x = np.array([value], dtype=dtype)
    assert x.dtype == np.dtype(dtype) and x[0] == value and x.itemsize == np.dtype(dtype).itemsize
assert (np.array([200], np.uint8) + np.array([100], np.uint8)).tolist() == [44]
assert (np.float32([1.5]) * 2).dtype == np.float32 and (np.array([1, 2], np.int32) + 1).dtype == np.int32


def refuses(error, text, function):
    try:
        function()
    except error as e:
        assert str(e) == text, str(e)
    else:
        raise AssertionError(text)


refuses(ValueError, "cannot reshape array of size 6 into shape (4,4)", lambda: a.reshape(4, 4))
refuses(ValueError, "operands could not be broadcast together with shapes (2,3) (2,2) ", lambda: a + np.ones((2, 2)))
refuses(IndexError, "index 5 is out of bounds for axis 0 with size 2", lambda: a[5])
refuses(IndexError, "too many indices for array: array is 2-dimensional, but 3 were indexed", lambda: a[0, 0, 0])
refuses(ValueError, "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()", lambda: bool(a))
print("ok")
