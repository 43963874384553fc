"""_md5, _sha1, _sha256, _sha512, _sha3, _blake2 against published digests, and in pieces against whole."""
import hashlib
import hmac

known = {  # of b"abc"
    "md5": "900150983cd24fb0d6963f7d28e17f72",
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha224": "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "sha512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "sha3_256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    "blake2s": "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
}
for name, digest in known.items():
    assert hashlib.new(name, b"abc").hexdigest() == digest, name
    h = getattr(hashlib, name)(usedforsecurity=False)
    assert h.name == name and len(h.digest()) == h.digest_size
    for size in range(0, 300, 7):
        data = bytes(i * 7 & 255 for i in range(size))
        whole, pieces = hashlib.new(name, data), hashlib.new(name)
        for i in range(0, size, 13):
            pieces.update(memoryview(data)[i:i + 13])
        copy = pieces.copy()
        assert pieces.digest() == whole.digest() and copy.hexdigest() == whole.hexdigest()
        copy.update(b"more")
        assert pieces.digest() == whole.digest() != copy.digest()

assert hashlib.shake_128(b"").hexdigest(8) == "7f9c2ba4e88f827d"
assert len(hashlib.shake_256(b"x").digest(1000)) == 1000
keyed = hashlib.blake2b(b"data", key=b"key", digest_size=16, salt=b"s", person=b"p")
assert keyed.hexdigest() != hashlib.blake2b(b"data", digest_size=16).hexdigest() and keyed.digest_size == 16
assert hmac.new(b"key", b"The quick brown fox jumps over the lazy dog", "sha256").hexdigest() == (
    "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")
for bad, kind in ((lambda: hashlib.sha256("text"), TypeError), (lambda: hashlib.md5(3), TypeError),
                  (lambda: hashlib.blake2b(digest_size=65), ValueError), (lambda: hashlib.blake2s(key=b"k" * 33), ValueError)):
    try:
        bad()
    except kind:
        pass
    else:
        raise AssertionError(kind)
