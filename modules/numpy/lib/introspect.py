"""numpy.lib.introspect: which optimisations run."""


def opt_func_info(func_name=None, signature=None):
    """The vector loops of functions by their types; empty: they are chosen when the library is loaded, not listed."""
    return {}
