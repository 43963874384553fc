"""_bz2 and _lzma (where they were built), _statistics, syslog, _uuid.  Expected bytes: CPython 3.11 on the same libraries."""
import io
import random
import statistics
import syslog
import tarfile
import threading
import uuid

text = b"".join(b"line %d of the text\n" % (i * i % 977) for i in range(20000))
noise = random.Random(5).randbytes(300000)
coders = []
try:
    import bz2
    coders.append((bz2, bz2.BZ2Compressor, bz2.BZ2Decompressor, OSError))
except ImportError:
    pass
try:
    import lzma
    coders.append((lzma, lzma.LZMACompressor, lzma.LZMADecompressor, lzma.LZMAError))
except ImportError:
    pass

for module, Compressor, Decompressor, error in coders:
    for data in (b"", b"x", text, noise):
        packed = module.compress(data)
        assert module.decompress(packed) == data and module.decompress(packed + packed) == data * 2
        c = Compressor()
        parts = [c.compress(data[i:i + 9973]) for i in range(0, len(data), 9973)] + [c.flush()]
        assert b"".join(parts) == packed
        # Any slicing of the input, any limit on the output.
        for step, limit in ((1000, -1), (4096, 777), (len(packed) or 1, 10000)):
            d, out, at = Decompressor(), [], 0
            while not d.eof:
                feed = b""
                if d.needs_input:
                    feed, at = packed[at:at + step], at + step
                out.append(d.decompress(feed, limit))
                assert limit < 0 or len(out[-1]) <= limit
            assert b"".join(out) == data and d.unused_data == b"" and not d.needs_input
        d = Decompressor()
        assert d.decompress(packed + b"behind") == data and d.eof and d.unused_data == b"behind"
        try:
            d.decompress(b"")
        except EOFError:
            pass
        else:
            raise AssertionError
    damaged = bytearray(packed)
    damaged[len(damaged) // 2] ^= 0x40
    for bad in (bytes(damaged), b"no stream at all", packed[:100]):
        try:
            module.decompress(bad)
        except (error, EOFError, ValueError):
            pass
        else:
            raise AssertionError
    c = Compressor()
    c.flush()
    for method in (c.flush, lambda: c.compress(b"x")):
        try:
            method()
        except ValueError:
            pass
        else:
            raise AssertionError
    # One compressor shared by threads: every byte arrives, no crash.
    c, out = Compressor(), []
    threads = [threading.Thread(target=lambda: [out.append(c.compress(b"ab" * 5000)) for i in range(20)]) for t in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    f = io.BytesIO()
    with module.open(f, "wt", encoding="utf-8") as g:
        g.write("é\n" * 1000)
    f.seek(0)
    assert module.open(f, "rt", encoding="utf-8").readlines() == ["é\n"] * 1000
    f = io.BytesIO()
    kind = {"bz2": "bz2", "lzma": "xz"}[module.__name__]
    with tarfile.open(fileobj=f, mode="w:" + kind) as t:
        info = tarfile.TarInfo("name")
        info.size = len(text)
        t.addfile(info, io.BytesIO(text))
    f.seek(0)
    assert tarfile.open(fileobj=f).extractfile("name").read() == text

if coders and coders[0][0].__name__ == "bz2":
    assert bz2.compress(b"krait").hex() == "425a6839314159265359d1a894a5000001018020281400200030cd00c1a6807177245385090d1a894a50"
if coders and coders[-1][0].__name__ == "lzma":
    chain = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 16}]
    raw = lzma.compress(text, lzma.FORMAT_RAW, filters=chain)
    assert lzma.decompress(raw, lzma.FORMAT_RAW, filters=chain) == text
    assert lzma.decompress(lzma.compress(text, lzma.FORMAT_ALONE)) == text
    d = lzma.LZMADecompressor()
    assert d.decompress(lzma.compress(b"z", check=lzma.CHECK_SHA256)) == b"z" and d.check == lzma.CHECK_SHA256
    assert lzma._encode_filter_properties({"id": lzma.FILTER_LZMA1, "lc": 3, "dict_size": 65536}) == b"]\0\0\1\0"
    assert lzma._decode_filter_properties(lzma.FILTER_LZMA2, b"\x10") == {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
    for bad, kind in [(lambda: lzma.compress(b"", filters=[{"id": 99}]), ValueError), (lambda: lzma.compress(b"", filters=[{}]), ValueError),
                      (lambda: lzma.compress(b"", filters=[5]), TypeError), (lambda: lzma.compress(b"", preset=77), lzma.LZMAError),
                      (lambda: lzma.compress(b"", filters=[{"id": lzma.FILTER_LZMA2, "nonsense": 1}]), ValueError),
                      (lambda: lzma.decompress(lzma.compress(text, preset=9), memlimit=1000), lzma.LZMAError)]:
        try:
            bad()
        except kind:
            pass
        else:
            raise AssertionError

n = statistics.NormalDist(10, 2.5)
assert [n.inv_cdf(p) for p in (1e-300, 1e-8, 0.02, 0.3, 0.5, 0.99, 1 - 2**-50)] == [
    -82.61774074840301, -4.030003110436976, 4.8656277234204435, 8.688998718229898, 10.0, 15.815869685102102, 29.890095313703828]
assert syslog.LOG_UPTO(syslog.LOG_ERR) == 15 and syslog.LOG_MASK(syslog.LOG_INFO) == 64 and syslog.setlogmask(0) == 255
assert uuid.uuid1() != uuid.uuid1() and uuid.uuid1().version == 1
print("ok")
