LIBS__lzma = -llzma
