"""Progress bars: the names of tqdm, with one renderer thread that owns the terminal.

A loop only counts; the thread looks at the counters ten times a second and draws. In a kernel `for i in tqdm(prange(n))`
is drawn by the runtime (jit/run/progress.c), at the cost of one addition a block of iterations.
"""
from tqdm.std import TqdmWarning, tqdm, trange

__version__ = "4.66.0"
__all__ = ["tqdm", "trange", "TqdmWarning", "tenumerate", "tzip", "tmap"]


def tenumerate(iterable, start=0, total=None, **options):
    """enumerate() with a bar."""
    return enumerate(tqdm(iterable, total=total, **options), start)


def tzip(first, *others, **options):
    """zip() with a bar over the first iterable."""
    return zip(tqdm(first, **options), *others)


def tmap(function, *iterables, **options):
    """map() with a bar."""
    return (function(*items) for items in tzip(*iterables, **options))
