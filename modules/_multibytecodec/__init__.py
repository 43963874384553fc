"""Codecs of the East Asian encodings: what the modules of the package encodings build on.

The conversions are _multibytecodec_core's. An encoder's state is the last character, from which the
core finds back to the character set in use; a decoder's, the escape sequences so far and the bytes
of an incomplete character. """
import _multibytecodec_core as _core

__all__ = ['MultibyteIncrementalEncoder', 'MultibyteIncrementalDecoder', 'MultibyteStreamReader',
           'MultibyteStreamWriter']


class MultibyteCodec:
    def __init__(self, name):
        self.combines = _core.check(name)
        self.name = name

    def encode(self, input, errors=None):
        return _core.encode(self.name, input, errors, '', True)[0], len(input)

    def decode(self, input, errors=None):
        data = bytes(memoryview(input))
        return _core.decode(self.name, data, errors, b'', True)[0], len(data)


def getcodec(name, /):
    if not isinstance(name, str):
        raise TypeError('codec name must be a string.')
    return MultibyteCodec(name)


def _check_codec(self):
    codec = getattr(self, 'codec', None)
    if not isinstance(codec, MultibyteCodec):
        raise TypeError('codec is unexpected type')
    return codec


class MultibyteIncrementalEncoder:
    def __init__(self, errors='strict'):
        _check_codec(self)
        self.errors = errors
        self.reset()

    def encode(self, input, final=False):
        codec, text = self.codec, self._pending + input
        self._pending = ''
        # The next character may be part of the last one's code; no ASCII character has such codes.
        if codec.combines and not final and text[-1:] > '\x7f':
            text, self._pending = text[:-1], text[-1:]
        data, self._last = _core.encode(codec.name, text, self.errors, self._last, final)
        return data

    def reset(self):
        self._pending = self._last = ''

    def getstate(self):
        text = (self._last + self._pending).encode('utf-8', 'surrogatepass')
        return int.from_bytes(text, 'big') << 1 | bool(self._pending)

    def setstate(self, state, /):
        if not isinstance(state, int):
            raise TypeError('state must be an int')
        text = (state >> 1).to_bytes((state.bit_length() + 7) // 8, 'big').lstrip(b'\0')
        text = text.decode('utf-8', 'surrogatepass')
        self._last, self._pending = (text[:-1], text[-1:]) if state & 1 else (text, '')


class MultibyteIncrementalDecoder:
    def __init__(self, errors='strict'):
        _check_codec(self)
        self.errors = errors
        self.reset()

    def decode(self, input, final=False):
        data = self._pending + bytes(memoryview(input))
        text, consumed, self._state = _core.decode(self.codec.name, data, self.errors,
                                                   self._state, final)
        self._pending = data[consumed:]
        return text

    def reset(self):
        self._pending = self._state = b''

    def getstate(self):
        return self._pending, int.from_bytes(self._state, 'big')

    def setstate(self, state, /):
        pending, number = state
        if not isinstance(pending, bytes) or not isinstance(number, int):
            raise TypeError('setstate(): illegal state argument')
        self._pending, self._state = pending, number.to_bytes((number.bit_length() + 7) // 8, 'big')


class MultibyteStreamReader:
    def __init__(self, stream, errors='strict'):
        _check_codec(self)
        self.stream, self.errors = stream, errors
        self.reset()

    def _read(self, method, size):
        if size is not None and not isinstance(size, int):
            raise TypeError('arg 1 must be an integer')
        size = -1 if size is None else size
        if size == 0:
            return ''
        while True:
            data = getattr(self.stream, method)(*(() if size < 0 else (size,)))
            if not isinstance(data, bytes):
                raise TypeError('stream function returned a non-bytes object (%.100s)'
                                % type(data).__name__)
            final = not data or size < 0
            whole = self._pending + data
            text, consumed, self._state = _core.decode(self.codec.name, whole, self.errors,
                                                       self._state, final)
            self._pending = whole[consumed:]
            if text or final:
                return text
            size = 1        # only part of a character so far

    def read(self, sizeobj=None, /):
        return self._read('read', sizeobj)

    def readline(self, sizeobj=None, /):
        return self._read('readline', sizeobj)

    def readlines(self, sizehintobj=None, /):
        return self._read('read', sizehintobj).splitlines(True)

    def reset(self):
        self._pending = self._state = b''


class MultibyteStreamWriter:
    def __init__(self, stream, errors='strict'):
        _check_codec(self)
        self.stream, self.errors = stream, errors
        self._pending = self._last = ''

    def write(self, strobj, /):
        MultibyteStreamWriter._write(self, strobj, False)

    def _write(self, text, final):
        self.stream.write(MultibyteIncrementalEncoder.encode(self, text, final))

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def reset(self):
        data = MultibyteIncrementalEncoder.encode(self, '', True)
        if data:
            self.stream.write(data)
