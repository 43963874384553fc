"""NumPy's statistics, in kernels."""
import numpy as np

from cases import case

v = np.arange(10) ** 3 % 17
f = v * 0.25
m = (np.arange(24) ** 3 % 29).reshape(4, 6)
g = m * 0.5
w = np.arange(10.0) % 4 + 0.5
h = f.copy()
h[3] = h[7] = np.nan
q = g.copy()
q[1, 2] = q[2, 5] = q[3, 0] = np.nan

case("argmin", lambda a, b: (np.argmin(a), a.argmax(), np.argmax(b), np.argmin(b, 0), b.argmax(axis=1)), v, m)
case("argmax nan", lambda a: (np.argmin(a), np.argmax(a)), h)
case("argmin empty", lambda a: np.argmin(a[:0]), v)
case("cumsum", lambda a, b: (np.cumsum(a), a.cumsum(), np.cumsum(a > 3), np.cumsum(b), np.cumsum(b * 0.25)), v, m)
case("cumsum small", lambda a: (np.cumsum(a), np.cumprod(a)), v.astype(np.int16))
case("cumsum unsigned", lambda a: (np.cumsum(a), np.cumprod(a)), v.astype(np.uint8))
case("cumsum float32", lambda a: (np.cumsum(a), np.cumprod(a)), f.astype(np.float32) + np.float32(0.1))
case("cumsum axis", lambda a: (np.cumsum(a, 0), np.cumsum(a, axis=1), np.cumprod(a, axis=-1)), g)
case("cumprod", lambda a, b: (np.cumprod(a), np.cumprod(b), b.cumprod()), v[1:], f[1:])
case("count_nonzero", lambda a: (np.count_nonzero(a), np.count_nonzero(a > 4), np.count_nonzero(a, axis=0)), m)
case("ptp", lambda a, b: (np.ptp(a), np.ptp(b, axis=1), np.ptp(b, 0)), v, m)
case("average", lambda a, b, w: (np.average(a), np.average(a, weights=w), np.average(b, axis=0), np.average(w, weights=a)), v, m, w)
case("average wrong", lambda a, w: np.average(a, weights=w[:3]), v, w)
case("median", lambda a, b, c: (np.median(a), np.median(b), np.median(b[:9]), np.median(c), np.median(c, axis=0), np.median(c, 1)), v, f, m)
case("median nan", lambda a: np.median(a), h)
case("quantile", lambda a, b, q: (np.quantile(a, 0.3), np.quantile(a, q), np.quantile(b, 0.4)), f, m, np.array([0, 0.5, 0.75, 1]))
case("percentile", lambda a, b, q: (np.percentile(a, 30), np.percentile(b, q), np.percentile(b, 25, axis=0)), f, m, np.array([5.0, 50.0, 95.0]))
case("quantile wrong", lambda a: np.quantile(a, 1.5), f)
case("nanquantile", lambda a: (np.nanquantile(a, 0.3), np.nanpercentile(a, 75), np.nanmedian(a), np.nanmedian(a[:9])), h)
case("nansum", lambda a, b, c: (np.nansum(a), np.nanprod(a), np.nansum(b), np.nansum(b, axis=0), np.nanprod(b, 1), np.nansum(c)), h, q, m)
case("nancumsum", lambda a, c: (np.nancumsum(a), np.nancumprod(a), np.nancumsum(c)), h, v)
case("nanmin", lambda a, b, c: (np.nanmin(a), np.nanmax(a), np.nanmin(b, axis=0), np.nanmax(b, 1), np.nanmax(c)), h, q, v)
case("nanargmin", lambda a: (np.nanargmin(a), np.nanargmax(a)), h)
case("nanargmin wrong", lambda a: np.nanargmin(a), h[3:4])
case("nanmean", lambda a, b, c: (np.nanmean(a), np.nanmean(b), np.nanmean(b, axis=1), np.nanmean(c)), h, q, v)
case("nanvar", lambda a, b: (np.nanvar(a), np.nanstd(a), np.nanvar(b), np.nanvar(a, ddof=1)), h, v)
case("bincount", lambda a, w: (np.bincount(a), np.bincount(a, weights=w), np.bincount(a, minlength=20)), v, w)
case("bincount wrong", lambda a: np.bincount(a), v - 1)
case("histogram", lambda a, b: (np.histogram(a), np.histogram(b, 4), np.histogram(b, bins=5, range=(0.5, 3.0))), v, f)
case("histogram edges", lambda a, e: np.histogram(a, e), f, np.array([0, 0.5, 2.0, 4.0]))
case("histogram weights", lambda a, w: (np.histogram(a, 4, weights=w), np.histogram(a, 4, density=True)), f, w)
case("trapz", lambda a, b, w: (np.trapz(a), np.trapz(a, w), np.trapz(b, dx=0.5)), f, g, w)
case("cov", lambda a, b: (np.cov(a), np.cov(a, b), np.cov(a, b, bias=True), np.cov(a, ddof=0)), f, w, digits=10)
case("cov rows", lambda a: (np.cov(a), np.cov(a, rowvar=False)), g, digits=10)
case("corrcoef", lambda a, b: (np.corrcoef(a), np.corrcoef(b)), f, g, digits=10)
