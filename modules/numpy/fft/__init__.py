"""numpy.fft: discrete Fourier transforms (native half: the C files here)."""
from numpy.fft._pocketfft import (fft, fft2, fftn, hfft, ifft, ifft2, ifftn, ihfft, irfft, irfft2, irfftn, rfft,  # noqa: F401
                                  rfft2, rfftn)
from numpy.fft._helper import fftfreq, fftshift, ifftshift, rfftfreq  # noqa: F401

__all__ = ['fft', 'ifft', 'rfft', 'irfft', 'hfft', 'ihfft', 'rfftn', 'irfftn', 'rfft2', 'irfft2', 'fft2', 'ifft2', 'fftn', 'ifftn',
           'fftshift', 'ifftshift', 'fftfreq', 'rfftfreq']
