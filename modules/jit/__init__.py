"""Tools around the compiler: `krait -m jit.explain`, `krait -m jit.build`."""
