"""tqdm.notebook: the bar of the terminal, which is the one there is."""
from tqdm.std import tqdm, trange

__all__ = ["tqdm", "trange"]
