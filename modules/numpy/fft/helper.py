"""An old name of numpy.fft._helper."""
from numpy.fft._helper import fftfreq, fftshift, ifftshift, rfftfreq  # noqa: F401
