"""sqlite3 on _sqlite3 (skipped where SQLite was missing).  Expected values: CPython 3.11 with SQLite."""
import datetime
import sys
import threading

try:
    import _sqlite3
except ImportError:
    print("ok")
    sys.exit()
import sqlite3


def raises(kind, call, *words):
    try:
        call()
    except kind as e:
        for word in words:
            assert word in str(e), e
        return e
    raise AssertionError(call)


db = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
cur = db.cursor()
cur.execute("create table t(i integer primary key, f real, s text, b blob, d date)")
assert cur.description is None and cur.rowcount == -1
rows = [(1, 1.5, "é", b"\x00\xff", datetime.date(2020, 1, 2)), (2, None, "", b"", None), (2**63 - 1, float("inf"), "x" * 5000, None, None)]
cur.executemany("insert into t values(?, ?, ?, ?, ?)", rows)
assert cur.rowcount == 3 and db.in_transaction and db.total_changes == 3
assert db.execute("select * from t").fetchall() == rows
assert [d[0] for d in db.execute("select i as a, f from t").description] == ["a", "f"]
assert db.execute('select d as "x [date]" from t where i=1').fetchone() == (datetime.date(2020, 1, 2),)
cur.execute("insert into t(s) values(:name)", {"name": "named"})
assert cur.rowcount == 1
db.rollback()
assert db.execute("select count(*) from t").fetchone() == (0,) and not db.in_transaction
with db:
    db.execute("insert into t(i, s) values(7, 'kept')")
try:
    with db:
        db.execute("insert into t(i, s) values(8, 'dropped')")
        raise KeyError
except KeyError:
    pass
assert db.execute("select i, s from t").fetchall() == [(7, "kept")]
cur.execute("insert into t(s) values('auto')")
assert cur.lastrowid == 8
cur = db.execute("delete from t returning i")
assert sorted(cur) == [(7,), (8,)] and cur.rowcount == 2
db.commit()

# Many rows, one at a time and in lots.
db.execute("create table n(x)")
db.executemany("insert into n values(?)", ((i,) for i in range(1000)))
cur = db.execute("select x from n order by x")
assert cur.fetchone() == (0,) and cur.fetchmany(3) == [(1,), (2,), (3,)] and len(cur.fetchall()) == 996 and cur.fetchone() is None
cur.arraysize = 5
assert len(cur.execute("select x from n").fetchmany()) == 5

# Errors.
e = raises(sqlite3.IntegrityError, lambda: db.executescript("create table u(x unique); insert into u values(1); insert into u values(1)"),
           "UNIQUE constraint failed: u.x")
assert e.sqlite_errorname == "SQLITE_CONSTRAINT_UNIQUE" and e.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE
raises(sqlite3.OperationalError, lambda: db.execute("selct 1"), 'near "selct": syntax error')
raises(sqlite3.OperationalError, lambda: db.execute("select * from missing"), "no such table: missing")
raises(sqlite3.ProgrammingError, lambda: db.execute("select ?", ()), "uses 1, and there are 0 supplied")
raises(sqlite3.ProgrammingError, lambda: db.execute("select :a", {}), "binding parameter :a")
raises(sqlite3.ProgrammingError, lambda: db.execute("select 1; select 2"), "one statement at a time")
raises(sqlite3.ProgrammingError, lambda: db.execute("select ?", (object(),)), "type 'object' is not supported")
raises(OverflowError, lambda: db.execute("select ?", (2**63,)))
raises(TypeError, lambda: db.execute(5))
raises(sqlite3.OperationalError, lambda: sqlite3.connect("/no/such/folder/x.db"), "unable to open database file")
raises(sqlite3.ProgrammingError, lambda: db.execute("select '\0'"), "null character")
result = []
thread = threading.Thread(target=lambda: result.append(raises(sqlite3.ProgrammingError, db.commit, "can only be used in that same thread")))
thread.start()
thread.join()
assert result

# Functions of ours inside SQLite's.
db.create_function("twice", 1, lambda x: x * 2, deterministic=True)
assert db.execute("select twice(21), twice('ab'), twice(x'01')").fetchone() == (42, "abab", b"\x01\x01")
db.create_function("bad", 0, lambda: 1 / 0)
raises(sqlite3.OperationalError, lambda: db.execute("select bad()"), "user-defined function raised exception")


class Product:
    def __init__(self):
        self.p = 1

    def step(self, x):
        self.p *= x

    def finalize(self):
        return self.p


db.create_aggregate("product", 1, Product)
assert db.execute("select product(x + 1) from n where x < 5").fetchone() == (120,)
assert db.execute("select x % 2, product(x + 1) from n where x < 4 group by 1").fetchall() == [(0, 3), (1, 8)]


class Sum(Product):
    def __init__(self):
        self.s = 0

    def step(self, x):
        self.s += x

    def inverse(self, x):
        self.s -= x

    def value(self):
        return self.s

    finalize = value


db.create_window_function("wsum", 1, Sum)
assert db.execute("select wsum(x) over (order by x rows between 1 preceding and current row) from n where x < 4").fetchall() == [
    (0,), (1,), (3,), (5,)]
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
assert [r[0] for r in db.execute("select value from json_each('[\"a\",\"c\",\"b\"]') order by 1 collate backwards")] == ["c", "b", "a"]
statements = []
db.set_trace_callback(statements.append)
db.execute("select ?", ("x",)).fetchall()
db.set_trace_callback(None)
assert statements == ["select 'x'"], statements
db.set_authorizer(lambda action, *rest: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_DROP_TABLE else sqlite3.SQLITE_OK)
raises(sqlite3.DatabaseError, lambda: db.execute("drop table n"), "not authorized")
db.set_authorizer(None)
db.set_progress_handler(lambda: True, 100)
raises(sqlite3.OperationalError, lambda: db.execute("select count(*) from n, n as m, n as o").fetchall(), "interrupted")
db.set_progress_handler(None, 100)

# Rows by name, adapters, converters, text.
db.row_factory = sqlite3.Row
row = db.execute("select 1 as a, 'x' as B").fetchone()
assert row["A"] == 1 and row["b"] == "x" and row[-1] == "x" and row.keys() == ["a", "B"] and tuple(row) == (1, "x") and len(row) == 2
assert row == db.execute("select 1 as a, 'x' as B").fetchone() and hash(row) == hash(db.execute("select 1 as a, 'x' as B").fetchone())
raises(IndexError, lambda: row["nope"])
db.row_factory = lambda cursor, row: {d[0]: v for d, v in zip(cursor.description, row)}
assert db.execute("select 5 as k").fetchone() == {"k": 5}
db.row_factory = None


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __conform__(self, protocol):
        return self.cents if protocol is sqlite3.PrepareProtocol else None


assert db.execute("select ?", (Money(250),)).fetchone() == (250,)
sqlite3.register_adapter(complex, lambda z: "%r;%r" % (z.real, z.imag))
sqlite3.register_converter("complex", lambda b: complex(*map(float, b.split(b";"))))
db.execute("create table z(c complex)")
db.execute("insert into z values(?)", (1 + 2j,))
assert db.execute("select c from z").fetchone() == (1 + 2j,)
db.text_factory = bytes
assert db.execute("select 'é'").fetchone() == ("é".encode(),)
db.text_factory = str
raises(sqlite3.OperationalError, lambda: db.execute("select cast(x'ff' as text)").fetchall(), "Could not decode to UTF-8")

# Blobs, backups, dumps, serialization, limits.
db.execute("create table bl(b blob)")
db.execute("insert into bl values(zeroblob(10))")
with db.blobopen("bl", "b", 1) as blob:
    blob.write(b"hello")
    blob[5] = 33
    blob[6:8] = b"ab"
    blob.seek(-4, 2)
    assert blob.read() == b"ab\0\0" and blob[0:6] == b"hello!" and len(blob) == 10 and blob.tell() == 10
    raises(ValueError, lambda: blob.write(b"more"), "longer than blob")
assert db.execute("select b from bl").fetchone() == (b"hello!ab\0\0",)
db.commit()
copy = sqlite3.connect(":memory:")
steps = []
db.backup(copy, pages=1, progress=lambda *args: steps.append(args))
assert copy.execute("select count(*) from n").fetchone() == (1000,) and len(steps) > 1
third = sqlite3.connect(":memory:")
third.deserialize(copy.serialize())
assert third.execute("select max(x) from n").fetchone() == (999,)
small = sqlite3.connect(":memory:")
small.executescript("create table a(x); insert into a values(1); insert into a values('q');")
assert list(small.iterdump()) == ["BEGIN TRANSACTION;", "CREATE TABLE a(x);", 'INSERT INTO "a" VALUES(1);',
                                  "INSERT INTO \"a\" VALUES('q');", "COMMIT;"]
assert small.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 5) > 5 and small.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) == 5
assert sqlite3.complete_statement("select 1;") and not sqlite3.complete_statement("select 1")
none = sqlite3.connect(":memory:", isolation_level=None)
none.execute("create table q(x)")
none.execute("insert into q values(1)")
assert not none.in_transaction
for database in (copy, third, small, none, db):
    database.close()
raises(sqlite3.ProgrammingError, lambda: db.execute("select 1"), "closed database")

# Two threads, a connection each, on one file.
import os
import tempfile
path = os.path.join(tempfile.mkdtemp(), "x.db")
with sqlite3.connect(path) as first:
    first.execute("create table c(n)")


def work(k):
    mine = sqlite3.connect(path, timeout=60)
    for i in range(20):
        with mine:
            mine.execute("insert into c values(?)", (k * 100 + i,))
    mine.close()


threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
assert first.execute("select count(*), sum(n) from c").fetchone() == (60, 3 * 190 + 20 * 300)
first.close()
os.unlink(path)
print("ok")
