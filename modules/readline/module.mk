LIBS_readline = -ledit
