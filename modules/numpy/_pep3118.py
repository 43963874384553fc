"""Formats of buffers (PEP 3118): what a dtype is called, and the dtype that a format means.

    T{i:a:=d:b:(2,3)h:c:}    a structure: types, each with its name; a shape before a type; `x` is a byte of padding

A byte order stands before the types it holds for: `@` native with native alignment, `=` native, `<`, `>` and `!` standard
sizes, none aligned."""
import _numpy as _n

dtype = _n.dtype

_CODES = {'?': '?', 'b': 'b', 'h': 'h', 'i': 'i', 'l': 'l', 'q': 'q', 'B': 'B', 'H': 'H', 'I': 'I', 'L': 'L', 'Q': 'Q',
          'e': 'e', 'f': 'f', 'd': 'd', 'F': 'Zf', 'D': 'Zd', 'O': 'O'}
_NATIVE = {'?': '?', 'c': 'S1', 'b': 'b', 'B': 'B', 'h': 'h', 'H': 'H', 'i': 'i', 'I': 'I', 'l': 'l', 'L': 'L', 'q': 'q', 'Q': 'Q',
           'n': 'l', 'N': 'L', 'e': 'e', 'f': 'f', 'd': 'd', 'g': 'd', 'Zf': 'F', 'Zd': 'D', 'Zg': 'D', 's': 'S', 'w': 'U', 'O': 'O',
           'x': 'V'}
_STANDARD = {**_NATIVE, 'h': 'i2', 'H': 'u2', 'i': 'i4', 'I': 'u4', 'l': 'i4', 'L': 'u4', 'q': 'i8', 'Q': 'u8'}


# ---- Writing

class _Writer:
    def __init__(self):
        self.order, self.at = '@', 0

    def text(self, d):
        if d.subdtype:
            base, shape = d.subdtype
            start = self.at
            inner = self.text(base)
            self.at = start + d.itemsize
            return '(%s)%s' % (','.join(map(str, shape)), inner)
        if d.names is not None:
            return self.structure(d)
        return self.simple(d)

    def structure(self, d):
        start, parts, last = self.at, ['T{'], 0
        for name in d.names:
            field = d.fields[name]
            if field[1] < last:
                raise ValueError("dtypes with overlapping or out-of-order fields are not representable as buffers. Consider "
                                 "reordering the fields.")
            parts.append('x' * (field[1] - last))
            self.at = start + field[1]
            parts.append(self.text(field[0]))
            if ':' in name:
                raise ValueError("':' is not an allowed character in buffer field names")
            parts.append(':%s:' % name)
            last = field[1] + field[0].itemsize
        parts.append('x' * (d.itemsize - last))
        self.at = start + d.itemsize
        return ''.join(parts) + '}'

    def simple(self, d):
        if d.kind in 'mM':
            raise ValueError("cannot include dtype '%s' in a buffer" % d.kind)
        standard = self.at % d.alignment != 0 and d.char not in 'OSV'
        code = _CODES.get(d.char) or '%d%s' % (d.itemsize // 4 if d.kind == 'U' else d.itemsize,
                                               {'S': 's', 'U': 'w', 'V': 'x'}[d.kind])
        order = '>' if not d.isnative else '=' if standard else '@'
        if order != '@' and code in 'lL':
            code = 'q' if code == 'l' else 'Q'
        self.at += d.itemsize
        if order == self.order or d.itemsize == 1 and d.kind != 'V' and order == '@':
            return code
        self.order = order
        return order + code


def write(d):
    """The format of a dtype; ValueError if there is none."""
    return _Writer().text(d)


# ---- Reading

class _Reader:
    def __init__(self, text):
        self.text, self.at, self.order = text, 0, '@'

    def peek(self):
        return self.text[self.at:self.at + 1]

    def until(self, end):
        stop = self.text.find(end, self.at)
        if stop < 0:
            raise ValueError('Unterminated %r in the format %r' % (end, self.text))
        part, self.at = self.text[self.at:stop], stop + len(end)
        return part

    def structure(self, inner):
        """The dtype of fields up to the end, or the closing brace; and its alignment."""
        fields, names, at, most = [], 0, 0, 1
        explicit = False
        while self.peek():
            if inner and self.peek() == '}':
                self.at += 1
                break
            d, align, shape, padding = self.field()
            if self.order == '@':
                at += -at % align
                most = align * most // _common(align, most)
            if shape:
                d = _n._make_subarray(d, shape)
            name = None
            if self.peek() == ':':
                self.at += 1
                name = self.until(':')
            if not padding or name is not None:
                if name is None:
                    name = 'f%d' % names
                    names += 1
                else:
                    explicit = True
                if any(f[0] == name for f in fields):
                    raise RuntimeError('Duplicate field name %r in PEP3118 format' % name)
                fields.append((name, d, at))
            at += d.itemsize
        size = at + (-at % most if self.order == '@' else 0)
        if len(fields) == 1 and not explicit and fields[0][2] == 0 and fields[0][1].itemsize == size:
            return fields[0][1], most
        return _n._make_struct(tuple(f[0] for f in fields), [f[1] for f in fields], [f[2] for f in fields],
                               [None] * len(fields), size, 1), most

    def field(self):
        shape = ()
        if self.peek() == '(':
            self.at += 1
            shape = tuple(int(n) for n in self.until(')').split(',') if n.strip())
        while self.peek() and self.peek() in '@=<>^!':
            self.order = '>' if self.peek() == '!' else self.peek()
            self.at += 1
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        count = int(self.text[start:self.at] or 1)
        if self.text.startswith('T{', self.at):
            self.at += 2
            d, align = self.structure(True)
            return d, align, (shape if count == 1 else (count,) + shape), False
        return self.simple(count, shape)

    def simple(self, count, shape):
        code = self.peek()
        if code and code in 'ut&X':
            raise NotImplementedError('Unrepresentable PEP 3118 data type %r' % self.text[self.at:])
        if code == 'Z':
            code = self.text[self.at:self.at + 2]
        table = _NATIVE if self.order in '@^' else _STANDARD
        if code not in table:
            raise ValueError('Unknown PEP 3118 data type specifier %r' % self.text)
        self.at += len(code)
        name = table[code]
        if code in 'swx':
            d = dtype('%s%d' % (name, count))
        else:
            d = dtype(name)
            if count != 1:
                shape = (count,) + shape
        align = d.alignment
        if self.order in '<>':
            d = d.newbyteorder(self.order)
        return d, align, shape, code == 'x'


def _common(a, b):
    while b:
        a, b = b, a % b
    return a


def read(text):
    """The dtype that a format means."""
    return _Reader(text).structure(False)[0]
