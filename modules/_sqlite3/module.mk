# The package _sqlite3 is Python over this core.
NAME__sqlite3 = _sqlite3_core
LIBS__sqlite3 = -lsqlite3
