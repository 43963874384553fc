"""sqlite3's classes over the native core: connections, cursors, rows, blobs.

The core (_sqlite3_core) has SQLite's databases and statements.  What Python's database interface adds, transactions that
begin by themselves, adapters and converters, the cache of statements, is here."""
import sys
from collections import OrderedDict
from threading import get_ident as _get_ident

import _sqlite3_core as _core
from _sqlite3_core import complete_statement, enable_callback_tracebacks, enable_shared_cache, sqlite_version
from _sqlite3 import constants as _constants

version = _deprecated_version = "2.6.0"
PARSE_DECLTYPES, PARSE_COLNAMES = 1, 2
LEGACY_TRANSACTION_CONTROL = -1
globals().update(_constants.values)
threadsafety = 3


class Warning(Exception):
    __module__ = "sqlite3"


class Error(Exception):
    __module__ = "sqlite3"


class InterfaceError(Error):
    __module__ = "sqlite3"


class DatabaseError(Error):
    __module__ = "sqlite3"


class InternalError(DatabaseError):
    __module__ = "sqlite3"


class OperationalError(DatabaseError):
    __module__ = "sqlite3"


class ProgrammingError(DatabaseError):
    __module__ = "sqlite3"


class IntegrityError(DatabaseError):
    __module__ = "sqlite3"


class DataError(DatabaseError):
    __module__ = "sqlite3"


class NotSupportedError(DatabaseError):
    __module__ = "sqlite3"


_core.set_exceptions({
    "names": {code: name for name, code in _constants.values.items() if name in _constants.results},
    **{cls.__name__: cls for cls in (Warning, Error, InterfaceError, DatabaseError, InternalError, OperationalError,
                                     ProgrammingError, IntegrityError, DataError, NotSupportedError)}})


class PrepareProtocol:
    """PEP 246 style object adaption protocol type."""
    __module__ = "sqlite3"


# ---- Adapters and converters

adapters, converters = {}, {}


def register_adapter(type, adapter, /):
    """Register a function to adapt Python objects to SQLite values."""
    adapters[type, PrepareProtocol] = adapter


def register_converter(typename, converter, /):
    """Register a function to convert SQLite values to Python objects."""
    converters[typename.upper()] = converter


def adapt(obj, proto=PrepareProtocol, alt=adapters, /):
    """Adapt given object to given protocol."""
    adapter = adapters.get((type(obj), proto))
    if adapter is not None:
        return adapter(obj)
    for owner, name in ((proto, "__adapt__"), (obj, "__conform__")):
        method = getattr(owner, name, None)
        if method is not None:
            try:
                adapted = method(obj if owner is proto else proto)
            except TypeError:
                continue
            if adapted is not None:
                return adapted
    if alt is not adapters:
        return alt
    raise ProgrammingError("can't adapt")


_PLAIN = frozenset((int, float, str, bytes, bytearray, memoryview, type(None)))


def _adapted(value):
    if type(value) in _PLAIN:
        return value
    return adapt(value, PrepareProtocol, value)


# ---- Statements

_BEGINNERS = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def _first_word(sql):
    """The statement's first keyword, comments left out."""
    i, n = 0, len(sql)
    while i < n:
        c = sql[i]
        if c.isspace():
            i += 1
        elif sql.startswith("--", i):
            i = sql.find("\n", i) + 1 or n
        elif sql.startswith("/*", i):
            i = sql.find("*/", i) + 2 if sql.find("*/", i) >= 0 else n
        else:
            break
    return sql[i:i + 7].upper()


class _Prepared:
    __slots__ = ("native", "begins", "names", "columns", "busy")

    def __init__(self, database, sql):
        self.native, tail = database.prepare(sql)
        if tail:
            raise ProgrammingError("You can only execute one statement at a time.")
        self.busy = False
        exists = self.native.exists()
        self.begins = exists and _first_word(sql).startswith(_BEGINNERS)
        self.names = self.native.parameters() if exists else []
        self.columns = self.native.columns() if exists else []

    def bind(self, parameters):
        names, native = self.names, self.native
        if isinstance(parameters, (tuple, list)) or (
                not isinstance(parameters, dict) and hasattr(parameters, "__getitem__") and hasattr(parameters, "__len__")
                and not hasattr(parameters, "keys")):
            if len(parameters) != len(names):
                raise ProgrammingError("Incorrect number of bindings supplied. The current statement uses %d, and there "
                                       "are %d supplied." % (len(names), len(parameters)))
            for i in range(len(names)):
                native.bind(i + 1, _adapted(parameters[i]))
        elif hasattr(parameters, "__getitem__") and (isinstance(parameters, dict) or hasattr(parameters, "keys")
                                                     or hasattr(type(parameters), "__missing__")):
            for i, name in enumerate(names, 1):
                if name is None:
                    raise ProgrammingError("Binding %d has no name, but you supplied a dictionary (which has only "
                                           "names)." % i)
                try:
                    value = parameters[name[1:]]
                except LookupError:
                    raise ProgrammingError("You did not supply a value for binding parameter :%s." % name[1:]) from None
                native.bind(i, _adapted(value))
        else:
            raise ProgrammingError("parameters are of unsupported type")


# ---- Connections

class Connection:
    """SQLite database connection object."""
    __module__ = "sqlite3"
    Warning, Error, InterfaceError, DatabaseError, InternalError = Warning, Error, InterfaceError, DatabaseError, InternalError
    OperationalError, ProgrammingError, IntegrityError = OperationalError, ProgrammingError, IntegrityError
    DataError, NotSupportedError = DataError, NotSupportedError
    _db = _thread = None

    def __init__(self, database, timeout=5.0, detect_types=0, isolation_level="", check_same_thread=True,
                 factory=None, cached_statements=128, uri=False):
        if self._db is not None:
            self.close()
        self._thread = _get_ident() if check_same_thread else None
        self.isolation_level = isolation_level
        self._detect_types = detect_types
        self._limit = cached_statements
        self._cache = OrderedDict()
        self._statements = []
        self.row_factory = None
        flags = _constants.OPEN_READWRITE | _constants.OPEN_CREATE | (_constants.OPEN_URI if uri else 0)
        sys.audit("sqlite3.connect", database)
        self._db = _core.open(database, flags, timeout)
        self._text_factory = str
        sys.audit("sqlite3.connect/handle", self)

    def _check(self):
        if self._thread is not None and self._thread != _get_ident():
            raise ProgrammingError(
                "SQLite objects created in a thread can only be used in that same thread. The object was created in thread id "
                "%d and this is thread id %d." % (self._thread, _get_ident()))
        if self._db is None:
            if "_cache" not in self.__dict__:
                raise ProgrammingError("Base Connection.__init__ not called.")
            raise ProgrammingError("Cannot operate on a closed database.")
        return self._db

    @property
    def isolation_level(self):
        if self._db is None and "_level" not in self.__dict__:
            raise ProgrammingError("Base Connection.__init__ not called.")
        if self._db is not None:
            self._check()
        return self._level

    @isolation_level.setter
    def isolation_level(self, level):
        if level is None:
            self._level = None
            if self._db is not None:
                self.commit()
            return
        if not isinstance(level, str):
            raise TypeError("isolation_level must be str or None")
        if "\0" in level:
            raise ValueError("embedded null character")
        if level.upper() not in ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"):
            raise ValueError("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
        self._level = level

    @isolation_level.deleter
    def isolation_level(self):
        raise AttributeError("cannot delete attribute")

    @property
    def text_factory(self):
        return self._text_factory

    @text_factory.setter
    def text_factory(self, factory):
        self._text_factory = factory
        if self._db is not None:
            self._db.set_text_factory(factory)

    @property
    def in_transaction(self):
        return not self._check().autocommit()

    @property
    def total_changes(self):
        return self._check().total_changes()

    def _prepare(self, sql):
        """A statement that nobody uses, from the cache if it is there."""
        cache = self._cache
        prepared = cache.get(sql)
        if prepared is not None and not prepared.busy:
            cache.move_to_end(sql)
            return prepared
        prepared = _Prepared(self._db, sql)
        if sql not in cache and self._limit > 0:
            cache[sql] = prepared
            if len(cache) > self._limit:
                cache.popitem(last=False)
        return prepared

    def _run(self, sql):
        native, tail = self._db.prepare(sql)
        try:
            native.step()
        finally:
            native.finalize()

    def cursor(self, factory=None):
        """Return a cursor for the connection."""
        self._check()
        cursor = (factory or Cursor)(self)
        if not isinstance(cursor, Cursor):
            raise TypeError("factory must return a cursor, not %.100s" % type(cursor).__name__)
        if self.row_factory is not None:
            cursor.row_factory = self.row_factory
        return cursor

    def commit(self):
        """Commit any pending transaction to the database.\n\nIf there is no open transaction, this method is a no-op."""
        if not self._check().autocommit():
            self._run("COMMIT")

    def rollback(self):
        """Roll back to the start of any pending transaction.\n\nIf there is no open transaction, this method is a no-op."""
        if not self._check().autocommit():
            self._run("ROLLBACK")

    def close(self):
        """Close the database connection.\n\nAny pending transaction is not committed implicitly."""
        if "_cache" not in self.__dict__:
            raise ProgrammingError("Base Connection.__init__ not called.")
        if self._db is not None:
            self._check()
            for prepared in self._cache.values():
                prepared.native.finalize()
            self._cache.clear()
            self._db.close()
            self._db = None

    def execute(self, sql, parameters=(), /):
        """Executes an SQL statement."""
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql, parameters, /):
        """Repeatedly executes an SQL statement."""
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql_script, /):
        """Executes multiple SQL statements at once."""
        return self.cursor().executescript(sql_script)

    def __call__(self, sql, /):
        """Prepares a statement."""
        self._check()
        return _Prepared(self._db, sql)

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, type, value, traceback, /):
        if type is None and value is None and traceback is None:
            try:
                self.commit()
            except BaseException:
                self.rollback()
                raise
        else:
            self.rollback()
        return False

    def interrupt(self):
        """Abort any pending database operation."""
        if self._db is None:
            raise ProgrammingError("Cannot operate on a closed database.")
        self._db.interrupt()

    def create_function(self, name, narg, func, *, deterministic=False):
        """Creates a new function."""
        self._check().create_function(name, narg, func, bool(deterministic))

    def create_aggregate(self, name, n_arg, aggregate_class):
        """Creates a new aggregate."""
        self._check().create_aggregate(name, n_arg, aggregate_class, False)

    def create_window_function(self, name, num_params, aggregate_class, /):
        """Creates or redefines an aggregate window function."""
        self._check().create_aggregate(name, num_params, aggregate_class, True)

    def create_collation(self, name, callback, /):
        """Creates a collation function."""
        if callback is not None and not callable(callback):
            raise TypeError("parameter must be callable")
        self._check().create_collation(name, callback)

    def set_authorizer(self, authorizer_callback):
        """Sets authorizer callback."""
        self._check().set_authorizer(authorizer_callback)

    def set_progress_handler(self, progress_handler, n):
        """Sets progress handler callback."""
        self._check().set_progress_handler(progress_handler, n)

    def set_trace_callback(self, trace_callback):
        """Sets a trace callback called for each SQL statement (passed as unicode)."""
        self._check().set_trace_callback(trace_callback)

    def getlimit(self, category, /):
        """Get connection run-time limits."""
        return self.setlimit(category, -1)

    def setlimit(self, category, limit, /):
        """Set connection run-time limits."""
        return self._check().limit(category, limit)

    def serialize(self, *, name="main"):
        """Serialize a database into a byte string."""
        return self._check().serialize(name)

    def deserialize(self, data, /, *, name="main"):
        """Load a serialized database."""
        self._check().deserialize(data, name)

    def backup(self, target, *, pages=-1, progress=None, name="main", sleep=0.250):
        """Makes a backup of the database."""
        self._check()
        if not isinstance(target, Connection):
            raise TypeError("backup() argument 'target' must be sqlite3.Connection, not %s" % type(target).__name__)
        if target is self:
            raise ValueError("target cannot be the same connection instance")
        if progress is not None and not callable(progress):
            raise TypeError("progress argument must be a callable")
        if target._check() and target.in_transaction:
            raise OperationalError("target is in transaction")
        self._db.backup(target._db, pages or -1, name, progress, sleep)

    def blobopen(self, table, column, row, /, *, readonly=False, name="main"):
        """Open and return a BLOB object."""
        database = self._check()
        blob = object.__new__(Blob)
        blob._connection, blob._offset = self, 0
        blob._handle = database.blob_open(table, column, row, bool(readonly), name)
        return blob

    def enable_load_extension(self, enable, /):
        """Enable dynamic loading of SQLite extension modules."""
        self._check().enable_load_extension(enable)

    def load_extension(self, name, /):
        """Load SQLite extension module."""
        self._check().load_extension(name)

    def iterdump(self):
        """Returns iterator to the dump of the database in an SQL text format."""
        from sqlite3.dump import _iterdump
        self._check()
        return _iterdump(self)


def connect(database, timeout=5.0, detect_types=0, isolation_level="", check_same_thread=True, factory=Connection,
            cached_statements=128, uri=False):
    """Opens a connection to the SQLite database file database.\n
You can use ":memory:" to open a database connection to a database that resides
in RAM instead of on disk."""
    return factory(database, timeout, detect_types, isolation_level, check_same_thread, factory, cached_statements, uri)


# ---- Cursors

class Cursor:
    """SQLite database cursor class."""
    __module__ = "sqlite3"
    _statement = None
    _locked = False

    def __init__(self, connection, /):
        if not isinstance(connection, Connection):
            raise TypeError("Cursor() argument 1 must be sqlite3.Connection, not %s" % type(connection).__name__)
        self.connection = connection
        self.description = None
        self.lastrowid = None
        self.rowcount = -1
        self.arraysize = 1
        self.row_factory = None
        self._statement = self._next = self._converters = None
        self._closed = False

    def _check(self):
        if "_closed" not in self.__dict__:
            raise ProgrammingError("Base Cursor.__init__ not called.")
        if self._closed:
            raise ProgrammingError("Cannot operate on a closed cursor.")
        if self._locked:
            raise ProgrammingError("Recursive use of cursors not allowed.")
        return self.connection._check()

    def _finish(self):
        prepared = self._statement
        if prepared is not None:
            self._statement = self._next = None
            prepared.busy = False
            prepared.native.reset()

    def _find_converters(self, prepared):
        flags = self.connection._detect_types
        if not flags:
            return None
        found = []
        for name, declared in zip(prepared.columns, prepared.native.decltypes()):
            converter = None
            if flags & PARSE_COLNAMES and "[" in name:
                converter = converters.get(name[name.rindex("[") + 1:].partition("]")[0].upper())
            if converter is None and flags & PARSE_DECLTYPES and declared:
                key = declared.partition("(")[0].partition(" ")[0].upper()
                converter = converters.get(key)
            found.append(converter)
        return found if any(found) else None

    def _describe(self, prepared):
        names = prepared.columns
        if not names:
            return None
        if self.connection._detect_types & PARSE_COLNAMES:
            names = [name.partition("[")[0].rstrip() if "[" in name else name for name in names]
        return tuple([(name, None, None, None, None, None, None) for name in names])

    def _execute(self, sql, all_parameters, many):
        database = self._check()
        if not isinstance(sql, str):
            raise TypeError("execute%s() argument 1 must be str, not %s" % ("many" if many else "", type(sql).__name__))
        self._finish()
        self.description = None
        self.rowcount = -1
        connection = self.connection
        prepared = connection._prepare(sql)
        if not prepared.native.exists():
            return self
        if many and prepared.columns and not prepared.begins:
            raise ProgrammingError("executemany() can only execute DML statements.")
        if prepared.begins and connection._level is not None and database.autocommit():
            connection._run("BEGIN " + connection._level)
        self._locked, native = True, prepared.native
        try:
            changes = 0
            for parameters in all_parameters:
                native.reset()
                prepared.bind(parameters)
                row = native.step()
                if many and prepared.columns:
                    while row:
                        row = native.step()
                if prepared.begins and not row:
                    changes += database.changes()
            if prepared.begins:
                self.rowcount = changes
            if not many:
                self.lastrowid = database.last_rowid()
            self.description = self._describe(prepared)
            if not many and row:
                self._statement, prepared.busy = prepared, True
                self._converters = self._find_converters(prepared)
                self._next = native.row(self._converters)
            else:
                native.reset()
        except BaseException:
            self._statement = self._next = None
            prepared.busy = False
            native.reset()
            raise
        finally:
            self._locked = False
        return self

    def execute(self, sql, parameters=(), /):
        """Executes an SQL statement."""
        return self._execute(sql, (parameters,), False)

    def executemany(self, sql, seq_of_parameters, /):
        """Repeatedly executes an SQL statement."""
        return self._execute(sql, iter(seq_of_parameters), True)

    def executescript(self, sql_script, /):
        """Executes multiple SQL statements at once."""
        database = self._check()
        if not isinstance(sql_script, str):
            raise TypeError("executescript() argument must be str, not %s" % type(sql_script).__name__)
        if "\0" in sql_script:
            raise ValueError("embedded null character")
        if not database.autocommit():
            self.connection._run("COMMIT")
        while sql_script:
            native, sql_script = database.prepare(sql_script)
            try:
                while native.exists() and native.step():
                    pass
            finally:
                native.finalize()
        return self

    def __iter__(self):
        return self

    def __next__(self):
        database = self._check()
        row = self._next
        if row is None:
            raise StopIteration
        prepared = self._statement
        if self.row_factory is not None:
            self._locked = True
            try:
                row = self.row_factory(self, row)
            finally:
                self._locked = False
        try:
            if prepared.native.step():
                self._next = prepared.native.row(self._converters)
            else:
                if prepared.begins:
                    self.rowcount = database.changes()
                self._finish()
        except BaseException:
            self._finish()
            raise
        return row

    def fetchone(self):
        """Fetches one row from the resultset."""
        return next(self, None)

    def fetchmany(self, size=None):
        """Fetches several rows from the resultset."""
        rows = []
        for i in range(self.arraysize if size is None else size):
            row = next(self, None)
            if row is None:
                break
            rows.append(row)
        return rows

    def fetchall(self):
        """Fetches all rows from the resultset."""
        return list(self)

    def close(self):
        """Closes the cursor."""
        if "_closed" not in self.__dict__:
            raise ProgrammingError("Base Cursor.__init__ not called.")
        if self._locked:
            raise ProgrammingError("Recursive use of cursors not allowed.")
        self.connection._check()
        self._finish()
        self._closed = True

    def setinputsizes(self, sizes, /):
        """Required by DB-API. Does nothing in sqlite3."""

    def setoutputsize(self, size, column=None, /):
        """Required by DB-API. Does nothing in sqlite3."""


# ---- Blobs

class Blob:
    """A cell's bytes, with the methods of a file and the items of a bytearray."""
    __module__ = "sqlite3"

    def __init__(self, *args, **kw):
        raise TypeError("cannot create 'sqlite3.Blob' instances")

    def _check(self):
        self._connection._check()
        if self._handle is None:
            raise ProgrammingError("Cannot operate on a closed blob.")
        return self._handle

    def close(self):
        """Close the blob."""
        self._connection._check()
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def read(self, length=-1, /):
        """Read data at the current offset position.\n
If the end of the blob is reached, the data up to end of file will be returned.
When length is not specified, or is negative, read() will read until the end of the blob."""
        handle = self._check()
        rest = handle.size() - self._offset
        length = rest if length < 0 else min(length, rest)
        if length <= 0:
            return b""
        data = handle.read(self._offset, length)
        self._offset += length
        return data

    def write(self, data, /):
        """Write data at the current offset.\n\nThis function cannot change the blob length."""
        handle = self._check()
        n = memoryview(data).nbytes
        if self._offset + n > handle.size():
            raise ValueError("data longer than blob length")
        handle.write(data, self._offset)
        self._offset += n

    def seek(self, offset, origin=0, /):
        """Set the current access position to offset."""
        size = self._check().size()
        if origin not in (0, 1, 2):
            raise ValueError("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END")
        if not -2**31 <= offset < 2**31 or origin and not -2**31 <= offset + (self._offset, size)[origin - 1] < 2**31:
            raise OverflowError("seek offset results in offset out of range")
        offset += (0, self._offset, size)[origin]
        if not 0 <= offset <= size:
            raise ValueError("offset out of blob range")
        self._offset = offset

    def tell(self):
        """Return the current access position for the blob."""
        self._check()
        return self._offset

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, type, val, tb, /):
        self.close()

    def __len__(self):
        return self._check().size()

    def _index(self, key):
        if not hasattr(key, "__index__"):
            raise TypeError("Blob indices must be integers")
        i, n = key.__index__(), self._check().size()
        if not -2**63 <= i < 2**63:
            raise IndexError("cannot fit 'int' into an index-sized integer")
        if i < 0:
            i += n
        if not 0 <= i < n:
            raise IndexError("Blob index out of range")
        return i

    def __getitem__(self, key):
        handle = self._check()
        if not isinstance(key, slice):
            return handle.read(self._index(key), 1)[0]
        start, stop, step = key.indices(handle.size())
        if not len(range(start, stop, step)):
            return b""
        if step == 1:
            return handle.read(start, stop - start)
        return handle.read(0, handle.size())[key]

    def __setitem__(self, key, value):
        handle = self._check()
        if not isinstance(key, slice):
            if not isinstance(value, int):
                raise TypeError("'%s' object cannot be interpreted as an integer" % type(value).__name__)
            if not 0 <= value < 256:
                raise ValueError("byte must be in range(0, 256)")
            handle.write(bytes([value]), self._index(key))
            return
        places = range(*key.indices(handle.size()))
        data = memoryview(value).cast("B")
        if len(data) != len(places):
            raise IndexError("Blob slice assignment is wrong size")
        if places.step == 1:
            if data:
                handle.write(data, places.start)
        elif places:
            whole = bytearray(handle.read(0, handle.size()))
            whole[key] = data
            handle.write(whole, 0)

    def __delitem__(self, key):
        raise TypeError("Blob doesn't support slice deletion" if isinstance(key, slice)
                        else "Blob doesn't support item deletion")


# ---- Rows

class Row:
    __module__ = "sqlite3"
    __slots__ = ("_values", "_names")

    def __new__(cls, cursor, data, /):
        if not isinstance(cursor, Cursor):
            raise TypeError("Row() argument 1 must be sqlite3.Cursor, not %s" % type(cursor).__name__)
        if not isinstance(data, tuple):
            raise TypeError("Row() argument 2 must be tuple, not %s" % type(data).__name__)
        self = object.__new__(cls)
        self._values = data
        self._names = tuple([item[0] for item in cursor.description]) if cursor.description else ()
        return self

    def keys(self):
        """Returns the keys of the row."""
        return list(self._names)

    def __getitem__(self, key):
        if isinstance(key, str):
            folded = key.lower()
            for i, name in enumerate(self._names):
                if name == key or (name.lower() == folded and name.isascii() and key.isascii()):
                    return self._values[i]
            raise IndexError("No item with that key")
        if isinstance(key, slice) or hasattr(key, "__index__"):
            try:
                return self._values[key]
            except IndexError:
                raise IndexError("Index out of range" if not -2**63 <= key < 2**63 else "tuple index out of range") from None
        raise IndexError("Index must be int or string")

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)

    def __hash__(self):
        return hash(self._names) ^ hash(self._values)

    def __eq__(self, other):
        if not isinstance(other, Row):
            return NotImplemented
        return self._names == other._names and self._values == other._values


from collections.abc import Sequence as _Sequence
_Sequence.register(Row)
