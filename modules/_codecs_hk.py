"""What the package encodings asks this module for; the codecs are in _multibytecodec."""
from _multibytecodec import getcodec
