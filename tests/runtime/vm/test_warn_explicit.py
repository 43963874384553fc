"""warnings.warn_explicit: the types of its arguments."""
import warnings


def message(*arguments, **keywords):
    try:
        warnings.warn_explicit(*arguments, **keywords)
    except TypeError as error:
        return str(error)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    assert message('text', UserWarning, 'name', None)
    assert message(None, None, None, 1)
    assert message('text', UserWarning, 'name', 1, registry=42)
    assert message('text', UserWarning, 'name', 1, module_globals=True) == "module_globals must be a dict, not 'bool'"
    assert not caught
    assert message('text', UserWarning, 'name', 1, module_globals={}) is None
    assert message(UserWarning('text'), None, 'name', 1) is None
    assert [str(w.message) for w in caught] == ['text', 'text']
