"""numpy.lib.mixins: operators for classes that define __array_ufunc__."""
import _numpy as _n


def _binary(ufunc, name):
    def forward(self, other):
        return NotImplemented if getattr(other, '__array_ufunc__', False) is None else ufunc(self, other)

    def reflected(self, other):
        return NotImplemented if getattr(other, '__array_ufunc__', False) is None else ufunc(other, self)

    def inplace(self, other):
        return ufunc(self, other, out=(self,))
    return forward, reflected, inplace


class NDArrayOperatorsMixin:
    """Mixin defining all operator special methods using __array_ufunc__."""
    __slots__ = ()


for _name, _u in (('add', _n.add), ('sub', _n.subtract), ('mul', _n.multiply), ('truediv', _n.divide),
                  ('floordiv', _n.floor_divide), ('mod', _n.remainder), ('pow', _n.power), ('lshift', _n.left_shift),
                  ('rshift', _n.right_shift), ('and', _n.bitwise_and), ('xor', _n.bitwise_xor), ('or', _n.bitwise_or),
                  ('divmod', _n.divmod)):
    _f, _r, _i = _binary(_u, _name)
    setattr(NDArrayOperatorsMixin, '__%s__' % _name, _f)
    setattr(NDArrayOperatorsMixin, '__r%s__' % _name, _r)
    if _name != 'divmod':
        setattr(NDArrayOperatorsMixin, '__i%s__' % _name, _i)
for _name, _u in (('lt', _n.less), ('le', _n.less_equal), ('eq', _n.equal), ('ne', _n.not_equal), ('gt', _n.greater),
                  ('ge', _n.greater_equal)):
    setattr(NDArrayOperatorsMixin, '__%s__' % _name, _binary(_u, _name)[0])
for _name, _u in (('neg', _n.negative), ('pos', _n.positive), ('abs', _n.absolute), ('invert', _n.invert)):
    setattr(NDArrayOperatorsMixin, '__%s__' % _name, (lambda u: lambda self: u(self))(_u))
