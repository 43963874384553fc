LIBS_pyexpat = -lexpat
