# Array loops: vectorised, without errno; floating-point flags are read, so traps stay modelled.
NAME_numpy = _numpy
CFLAGS_numpy = -O3 -fno-math-errno -fno-plt -fno-semantic-interposition -Wno-type-limits
LIBS_numpy = -ldl
