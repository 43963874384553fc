"""Error handlers written in Python under every codec: replacements, positions, and what is said of bad ones."""
import codecs


def show(error):
    part = error.object[error.start:error.end]
    return f'<{part!a}>', error.end


HANDLERS = {
    'my': show,
    'bytes': lambda error: (b'??', error.end),
    'back': lambda error: ('x', -1),
    'far': lambda error: ('x', 100),
    'bad': lambda error: 5,
}
for name, handler in HANDLERS.items():
    codecs.register_error('test.' + name, handler)


def attempt(f, *args):
    try:
        print(ascii(f(*args)))
    except Exception as error:
        print(type(error).__name__, error)


for encoding in ('ascii', 'latin-1', 'utf-8', 'utf-16', 'utf-32-be', 'utf-7', 'cp1252', 'unicode_escape',
                 'raw_unicode_escape'):
    for name in [*HANDLERS, 'unknown']:
        if name == 'back' and encoding[:4] == 'utf-' and encoding != 'utf-8':
            continue  # would go on for ever
        print(encoding, name)
        attempt('aé\ud800€z'.encode, encoding, 'test.' + name)
        attempt(b'a\xff\xd8\\x4\x00\xd8z\x81z'.decode, encoding, 'test.' + name)
attempt(codecs.charmap_encode, 'aé', 'strict', {97: 98})
attempt(codecs.charmap_encode, 'aéz', 'xmlcharrefreplace', {i: i for i in range(128)})
attempt(codecs.utf_8_decode, b'\xe2\x82', 'strict')
attempt(codecs.utf_16_ex_decode, b'\xff\xfea\x00', 'strict', 0)

# A decoding handler may give other input to go on with.


def swap(error):
    error.object = b'xyz'
    return '?', 1


codecs.register_error('test.swap', swap)
attempt(b'\xff'.decode, 'ascii', 'test.swap')
attempt(b'ab\xff\xff'.decode, 'utf-8', 'test.swap')
