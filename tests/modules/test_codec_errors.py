"""Which exceptions of a codec get a note of which codec it was: plain messages, of any class that is no more than that."""
import codecs


class Own(RuntimeError):
    __slots__ = ()


class Filled(RuntimeError):
    def __init__(self, text):
        super().__init__(text)


def search(name):
    if name == 'failing_codec':
        return codecs.CodecInfo(lambda text, errors='strict': fail(), lambda data, errors='strict': fail(), name=name)


codecs.register(search)
marked = RuntimeError('marked')
marked.attribute = 1
for error in (RuntimeError('a'), Own('b'), Filled('c'), marked, RuntimeError('a', 'b'), RuntimeError(1), OSError('d'), KeyError('k')):
    def fail():
        raise error
    for call in (lambda: codecs.encode('x', 'failing_codec'), lambda: codecs.decode(b'x', 'failing_codec'),
                 lambda: 'x'.encode('failing_codec')):
        try:
            call()
        except Exception as caught:
            print(type(caught).__name__, caught, caught is error, caught.__cause__ is error)
for data, name in ((b'abc', 'hex'), (b'x', 'zlib')):
    try:
        codecs.decode(data, name)
    except Exception as caught:
        print(type(caught).__name__, caught)
