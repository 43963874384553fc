LIBS__bz2 = -lbz2
