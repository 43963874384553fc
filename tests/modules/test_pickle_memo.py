# Bytes under a protocol without them are texts of latin-1, whose encoding's name is memoized once, as CPython does it.
import datetime, pickle

assert pickle.dumps([b"a\xff", b"b"], 2) == (
    b"\x80\x02]q\x00(c_codecs\nencode\nq\x01X\x03\x00\x00\x00a\xc3\xbfq\x02X\x06\x00\x00\x00latin1q\x03\x86q\x04Rq\x05"
    b"h\x01X\x01\x00\x00\x00bq\x06h\x03\x86q\x07Rq\x08e."
)
days = [datetime.date(2020, 1, day) for day in range(1, 30)]
for protocol in range(6):
    pickled = pickle.dumps(days, protocol)
    assert pickle.loads(pickled) == days
    assert pickled.count(b"latin1") == (protocol < 3)
