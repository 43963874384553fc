"""Sums of more items than NumPy's iterator hands over at once, along each axis and of views, to the last bit."""
import numpy as np
for n in (7,8,100,128,129,1000,1024,8192,10000,40000,100000,160000,1000003):
    a=np.arange(n)*0.1+1.0/(np.arange(n)+1)
    print(n, repr(float(a.sum())), repr(float(a.astype(np.float32).sum())), repr(complex((a+1j*a).sum())), repr(float(a[::2].sum())))
for s in ((400,400),(30,5000),(5000,30),(100,100,17)):
    a=(np.arange(np.prod(s))*0.1+1.0/(np.arange(np.prod(s))+1)).reshape(s)
    print(s, repr(float(a.sum())), repr(float(a.sum(axis=0)[1].sum())), repr(float(a.sum(axis=-1)[1].sum())), repr(float(a.T.sum())), repr(float(a[1:-1,1:-1].sum())),repr(float(a.mean())), repr(float(a.var())))
