"""numba.pycc: compilation ahead of time, over jit.build.

    cc = CC("name")

    @cc.export("multf", "f8(f8, f8)")
    def mult(a, b): ...

    cc.compile()        makes name.so (and name.h, for C), which krait imports as `name`
"""
import os
import sys


class CC:
    """A collection of functions that become one library: output_dir, output_file, target_cpu, verbose as Numba has them."""

    def __init__(self, extension_name, source_module=None):
        self.name = extension_name
        self._functions = {}
        self.target_cpu, self.verbose = None, False
        frame = sys._getframe(1)
        self.output_dir = os.path.dirname(os.path.abspath(frame.f_globals.get("__file__", "")))
        self.output_file = f"{extension_name.rpartition('.')[2]}.so"
        self.use_nrt = False

    def export(self, exported_name, sig):
        """Export the function under this name for this signature."""
        def decorate(function):
            if exported_name in self._functions:
                raise KeyError(f"duplicated export symbol {exported_name}")
            self._functions[exported_name] = function, sig
            return function
        return decorate

    def _exported(self):
        from numba import jit
        for name, (function, sig) in self._functions.items():
            yield name, jit(sig)(getattr(function, "py_func", function))

    def compile(self):
        """Make the library."""
        from jit import build
        found = build.kernels({"__name__": self.name, "cc": self}, None if self.target_cpu == "host" else self.target_cpu)
        path = os.path.join(self.output_dir, self.output_file)
        if self.verbose:
            print(f"generating {path}: {', '.join(kernel.name for kernel in found)}")
        build.link(found, path)
