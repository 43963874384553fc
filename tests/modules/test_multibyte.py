"""_multibytecodec: the East Asian encodings. The output is that of CPython 3.11."""
import codecs
import hashlib
import io

# Every character that the encodings hold, both ways: those whose tables agree with CPython's.
for name in ('shift_jis', 'gb2312', 'gbk', 'cp949', 'iso2022_jp', 'euc_jp'):
    total, count = hashlib.sha256(), 0
    for point in range(0x10000):
        if 0xD800 <= point < 0xE000 or point in (14, 15, 27):
            continue
        try:
            data = chr(point).encode(name)
        except UnicodeEncodeError:
            continue
        total.update(data + data.decode(name).encode('utf-8') + b' ')
        count += 1
    print(name, count, total.hexdigest()[:16])

TEXT = 'Py\u3067\u65e5\u672c\u8a9e\u3001~\\\n\u30ab\u30bf\u30ab\u30ca\u6f22\u5b57\n'
for name in ('shift_jis', 'euc_jp', 'iso2022_jp', 'cp932', 'iso2022_jp_2', 'gb18030'):
    data = TEXT.encode(name)
    print(name, data)
    decoder, encoder = codecs.getincrementaldecoder(name)(), codecs.getincrementalencoder(name)()
    assert ''.join(decoder.decode(data[i:i + 1]) for i in range(len(data))) + decoder.decode(b'', True) == TEXT
    assert b''.join(encoder.encode(c) for c in TEXT) + encoder.encode('', True) == data
    reader = codecs.getreader(name)(io.BytesIO(data))
    assert [reader.readline(), reader.read(), reader.read()] == TEXT.splitlines(True) + [''], name
    stream = io.BytesIO()
    writer = codecs.getwriter(name)(stream)
    writer.writelines(list(TEXT))
    writer.reset()
    assert stream.getvalue() == data
    # A decoder's state in the middle of a text, in another decoder.
    for cut in range(len(data)):
        decoder.reset()
        head = decoder.decode(data[:cut])
        other = codecs.getincrementaldecoder(name)()
        other.setstate(decoder.getstate())
        assert head + other.decode(data[cut:], True) == TEXT, (name, cut)

for name, data in [('shift_jis', b'a\x82'), ('shift_jis', b'\x82\xa0\xfd\x82\xa2'), ('euc_jp', b'\xa4\xa2\xff '), ('gbk', b'\x81\x20z'), ('big5', b'\xa4'),
                   ('iso2022_jp', b'\x1b$B$"\x1b(Bx'), ('gb2312', b'ok\xd6\xd0\xb9')]:
    for errors in ('strict', 'ignore', 'replace', 'backslashreplace'):
        try:
            print(name, data, errors, ascii(data.decode(name, errors)))
        except UnicodeDecodeError as error:
            print(name, data, error.start, error.end, error)
for name, text in [('shift_jis', 'a\u20acb'), ('euc_kr', '\ud55c\u6f22\x85'), ('iso2022_jp', '\u3042\U0001F600\u3044')]:
    for errors in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'namereplace'):
        try:
            print(name, ascii(text), errors, text.encode(name, errors))
        except UnicodeEncodeError as error:
            print(name, ascii(text), error.start, error.end, error)
with io.TextIOWrapper(io.BytesIO(), encoding='shift_jis') as file:
    file.write(TEXT)
    file.seek(0)
    line, place = file.readline(), file.tell()
    rest = file.read()
    file.seek(place)
    assert (line + rest, rest) == (TEXT, file.read())
try:
    '\u3042'.encode('shift_jis', 'no such handler')
    '\u20ac'.encode('shift_jis', 'no such handler')
except LookupError as error:
    print(error)
