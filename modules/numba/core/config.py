"""Settings, and the number of threads of parallel kernels."""
import os


class _Config:
    """numba.config: attributes that scripts read."""

    NUMBA_NUM_THREADS = int(os.environ.get("KRAIT_NUM_THREADS") or os.environ.get("NUMBA_NUM_THREADS")
                            or len(os.sched_getaffinity(0)))
    NUMBA_DEFAULT_NUM_THREADS = NUMBA_NUM_THREADS
    DISABLE_JIT = 0
    THREADING_LAYER = "krait"
    BOUNDSCHECK = 1
    DEBUG = 0
    CACHE_DIR = ""


config = _Config()
_threads = config.NUMBA_NUM_THREADS


def get_num_threads():
    """The number of threads that a parallel kernel uses."""
    return _threads


def set_num_threads(n):
    """Use n threads in parallel kernels; results do not depend on it."""
    global _threads
    if not isinstance(n, int):
        raise TypeError("The number of threads specified must be an integer")
    if not 1 <= n <= config.NUMBA_NUM_THREADS:
        raise ValueError(f"The number of threads must be between 1 and {config.NUMBA_NUM_THREADS}")
    _threads = n
    import _jit
    _jit._set_num_threads(n)
