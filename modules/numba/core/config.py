"""Settings, and the number of threads of parallel kernels."""
import contextlib
import os

import _jit


DISABLE_JIT = int(os.environ.get("NUMBA_DISABLE_JIT") or 0)  # then @njit and typed containers are Python's own


class _Config:
    """numba.config: attributes that scripts read."""

    NUMBA_NUM_THREADS = _jit._get_num_threads()
    NUMBA_DEFAULT_NUM_THREADS = NUMBA_NUM_THREADS
    THREADING_LAYER = "krait"
    BOUNDSCHECK = 1
    DEBUG = 0
    CACHE_DIR = os.environ.get("KRAIT_CACHE_DIR", "")

    @property
    def DISABLE_JIT(self):
        return DISABLE_JIT

    @DISABLE_JIT.setter
    def DISABLE_JIT(self, value):
        global DISABLE_JIT
        DISABLE_JIT = value


config = _Config()


def get_num_threads():
    """The number of threads that a parallel kernel uses."""
    return _jit._get_num_threads()


def get_thread_id():
    """In a parallel loop of a kernel: the number of the thread, below get_num_threads(). Outside: 0."""
    return 0


_chunk = 0


def get_parallel_chunksize():
    """What set_parallel_chunksize was given last, 0 at first."""
    return _chunk


def set_parallel_chunksize(n):
    """Accepted; krait's blocks are fixed by the loop's length and idle threads steal. Returns the former size."""
    global _chunk
    if n < 0:
        raise ValueError("chunksize must be greater than or equal to zero")
    former, _chunk = _chunk, n
    return former


@contextlib.contextmanager
def parallel_chunksize(n):
    """set_parallel_chunksize for a block of code."""
    former = set_parallel_chunksize(n)
    try:
        yield
    finally:
        set_parallel_chunksize(former)


def set_num_threads(n):
    """Use n threads in parallel kernels; results do not depend on it."""
    if not isinstance(n, int):
        raise TypeError("The number of threads specified must be an integer")
    if not 1 <= n <= config.NUMBA_NUM_THREADS:
        raise ValueError(f"The number of threads must be between 1 and {config.NUMBA_NUM_THREADS}")
    _jit._set_num_threads(n)
