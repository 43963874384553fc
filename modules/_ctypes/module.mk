# The package _ctypes is Python over this core.
NAME__ctypes = _ctypes_core
LIBS__ctypes = -lffi -ldl
