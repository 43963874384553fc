"""CRC-32 of bytes by a table."""
import numpy as np
from numba import njit


@njit
def kernel(data, table):
    crc = np.uint32(0xFFFFFFFF)
    for i in range(len(data)):
        crc = table[(crc ^ data[i]) & np.uint32(255)] ^ (crc >> np.uint32(8))
    return np.int64(crc ^ np.uint32(0xFFFFFFFF))


def arguments():
    table = np.zeros(256, dtype=np.uint32)
    for i in range(256):
        c = i
        for _ in range(8):
            c = 0xEDB88320 ^ (c >> 1) if c & 1 else c >> 1
        table[i] = c
    return (np.arange(200_000) * 7919 % 256).astype(np.uint8), table
