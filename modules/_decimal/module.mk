LIBS__decimal = -lgmp
