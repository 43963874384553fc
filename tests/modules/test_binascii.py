"""binascii and zlib.  Expected values: CPython 3.11."""
import base64
import binascii
import zlib

data = bytes(range(256))
assert binascii.a2b_base64(binascii.b2a_base64(data)) == data
assert binascii.b2a_base64(b"ab", newline=False) == b"YWI=" and base64.b64decode("YWJj") == b"abc"
assert binascii.a2b_base64(b"Y W\nI=") == b"ab"
assert binascii.hexlify(b"\x01\xab\xff", "-", 2) == b"01-abff" and binascii.hexlify(b"\x01\xab\xff", b":", -2) == b"01ab:ff"
assert binascii.unhexlify("01aBFf") == b"\x01\xab\xff"
assert binascii.b2a_uu(b"Cat") == b"#0V%T\n" and binascii.a2b_uu(b"#0V%T\n") == b"Cat"
assert binascii.b2a_qp(b"a=b \n" + b"x" * 80 + b"\xe9") == b"a=3Db=20\n" + b"x" * 75 + b"=\nxxxxx=E9"
assert binascii.a2b_qp(b"a=3Db=\r\nc_d", header=True) == b"a=bc d"
assert binascii.crc_hqx(b"123456789", 0) == 0x31C3 and binascii.crc32(b"123456789") == 0xCBF43926
for bad in ("YQ", "a", "YWJj=x"):
    try:
        binascii.a2b_base64(bad, strict_mode=True)
    except binascii.Error:
        pass
    else:
        raise AssertionError(bad)
for bad in ("abc", "zz"):
    try:
        binascii.unhexlify(bad)
    except binascii.Error:
        pass
    else:
        raise AssertionError(bad)

text = b"the same again and again, " * 5000
for level in (0, 1, 6, 9):
    packed = zlib.compress(text, level)
    assert zlib.decompress(packed) == text and zlib.decompress(packed, bufsize=1) == text
stream = zlib.compressobj(wbits=31)
gzipped = stream.compress(text[:1000]) + stream.compress(text[1000:]) + stream.flush()
unpack = zlib.decompressobj(31)
out = unpack.decompress(gzipped + b"tail", 100)
assert len(out) == 100 and unpack.unconsumed_tail and not unpack.eof
other = unpack.copy()
out += unpack.decompress(unpack.unconsumed_tail)
assert out == text and unpack.eof and unpack.unused_data == b"tail"
assert other.decompress(other.unconsumed_tail)[:10] == text[100:110]
words = b"again and the same"
stream = zlib.compressobj(zdict=words)
small = stream.compress(b"the same again") + stream.flush()
assert zlib.decompressobj(zdict=words).decompress(small) == b"the same again"
assert zlib.adler32(b"Wikipedia") == 0x11E60398 and zlib.crc32(b"6789", zlib.crc32(b"12345")) == 0xCBF43926
for bad, message in ((b"junk", "Error -3 while decompressing data: incorrect header check"),
                     (zlib.compress(text)[:-5], "Error -5 while decompressing data: incomplete or truncated stream")):
    try:
        zlib.decompress(bad)
    except zlib.error as e:
        assert str(e) == message, e
    else:
        raise AssertionError(message)
