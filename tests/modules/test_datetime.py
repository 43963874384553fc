"""_datetime against datetime.py's pure form (whose class bodies stand in the same file), and CPython's words."""
import pickle
import sys
import time
from datetime import MAXYEAR, UTC, date, datetime, timedelta, timezone, tzinfo
import datetime as fast

name = "_datetime"
saved = {k: sys.modules.pop(k) for k in ("datetime", name)}
sys.modules[name] = None
import datetime as pure
sys.modules.update(saved)
assert pure.date is not fast.date

# Ordinals, weekdays and ISO calendars, every 37th day and around new years.
ordinals = list(range(1, 3652060, 3701)) + [pure.date(y, m, d).toordinal() for y in range(1990, 2030) for m, d in ((12, 28), (12, 31), (1, 1), (1, 4))]
for o in ordinals:
    f, p = date.fromordinal(o), pure.date.fromordinal(o)
    assert (f.year, f.month, f.day) == (p.year, p.month, p.day) and f.toordinal() == o
    assert f.weekday() == p.weekday() and tuple(f.isocalendar()) == tuple(p.isocalendar()) and f.ctime() == p.ctime()
    assert date.fromisocalendar(*f.isocalendar()) == f and tuple(f.timetuple()) == tuple(p.timetuple())

# timedelta: sums of ints and floats, halves to even; operators.
for args in [dict(days=1.5), dict(seconds=0.5e-6), dict(seconds=1.5e-6), dict(microseconds=2.5), dict(weeks=-1, hours=3.25, minutes=7),
             dict(days=-1, seconds=86399, microseconds=999999), dict(milliseconds=0.4995), dict(days=0.1, hours=0.1, seconds=0.1)]:
    assert str(timedelta(**args)) == str(pure.timedelta(**args)), args
    assert repr(timedelta(**args)) == repr(pure.timedelta(**args))
for a in (timedelta(days=10, seconds=7, microseconds=3), timedelta(microseconds=-5), timedelta.max):
    pa = pure.timedelta(a.days, a.seconds, a.microseconds)
    for b in (3, -7, 10**20, 0.3, -2.5, 1e-9):
        for op in ("a * b", "a / b", "a // b", "b * a"):
            got, expected = [], []
            for out, x in ((got, a), (expected, pa)):
                try:
                    out.append(str(eval(op, {"a": x, "b": b})))
                except (OverflowError, TypeError) as e:
                    out.append(type(e))
            assert got == expected, (a, op, b, got, expected)
    t, pt = timedelta(hours=5, microseconds=7), pure.timedelta(hours=5, microseconds=7)
    assert a / t == pa / pt and a // t == pa // pt and str(a % t) == str(pa % pt) and divmod(a, -t)[0] == divmod(pa, -pt)[0]
    assert a.total_seconds() == pa.total_seconds()
for bad in (lambda: timedelta(days=10**9), lambda: timedelta.max + timedelta.resolution, lambda: timedelta(days=1e300)):
    try:
        bad()
    except OverflowError:
        pass
    else:
        raise AssertionError
assert repr(timedelta.min) == "datetime.timedelta(days=-999999999)" and hash(timedelta(1)) == hash(timedelta(hours=24))

# Text in both directions.
for text in ["2011-11-04", "20111104", "2011-W44-5", "2011W445", "2011W44", "2011-W01", "2009-W53-7"]:
    assert str(date.fromisoformat(text)) == str(pure.date.fromisoformat(text)), text
for text in ["2011-11-04", "2011-11-04T00:05:23", "2011-11-04 00:05:23.283", "2011-11-04 00:05:23.283185999", "20111104T000523",
             "2011-W44-5T00:05:23Z", "2011-11-04T00:05:23+04:00", "2011-11-04T00:05:23,5-04:30:15.000012", "2011-11-04\ud80012",
             "2011W44-5T0005", "20111104é12:30", "2011-W44-510:00"]:
    try:
        expected = str(pure.datetime.fromisoformat(text))
    except ValueError:
        expected = None
    try:
        got = str(datetime.fromisoformat(text))
    except ValueError as e:
        got = None
        assert str(e) == f"Invalid isoformat string: {text!r}"
    assert got == expected, (text, got, expected)
for text in ["", "2011", "2011-1-1", "2011-11-04T", "2011-11-04T1", "2011-11-04T12:3", "2011-11-04T12:30:61", "2011-13-01", "2011-W54-1",
             "2011-11-04T12:30+", "2011-11-04T12:30+25:00", "2011-11-04T12:30Zx", "2011-11-04T12:30:15.", "2011-11-04T1230:15", "2011-0230"]:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        raise AssertionError(text)
t = datetime(2024, 2, 29, 13, 5, 9, 70, timezone(timedelta(hours=-5, minutes=-30), "X%Y"))
assert t.isoformat("é", "milliseconds") == "2024-02-29é13:05:09.000-05:30"
assert t.strftime("%Y/%m %z %Z %f %%z") == "2024/02 -0530 X%Y 000070 %z" and f"{t:%H}" == "13" and f"{t}" == str(t)
assert repr(t) == ("datetime.datetime(2024, 2, 29, 13, 5, 9, 70, tzinfo=datetime.timezone(datetime.timedelta(days=-1, "
                   "seconds=66600), 'X%Y'))")
assert repr(t.timetz().replace(tzinfo=UTC, fold=1)) == "datetime.time(13, 5, 9, 70, tzinfo=datetime.timezone.utc, fold=1)"
assert datetime.strptime("2020-05-06 07:08 +0130", "%Y-%m-%d %H:%M %z") == datetime(2020, 5, 6, 5, 38, tzinfo=UTC)


# Zones, folds, comparison.
class Fall(tzinfo):
    """Clocks go back from 2 to 1 on 2020-10-25."""

    def utcoffset(self, dt):
        return timedelta(hours=1 if dt.replace(tzinfo=None) < datetime(2020, 10, 25, 1) or (dt.hour == 1 and not dt.fold and dt.day == 25) else 0)

    def dst(self, dt):
        return self.utcoffset(dt)

    def tzname(self, dt):
        return "F"


first = datetime(2020, 10, 25, 1, 30, tzinfo=Fall())
second = first.replace(fold=1)
assert first == second and second - first == timedelta(0) and hash(first) == hash(second)
assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1) and first != first.astimezone(UTC)
assert first.utctimetuple().tm_hour == 0 and second.utctimetuple().tm_hour == 1 and first.timetuple().tm_isdst == 1
for bad, words in [(lambda: datetime(1, 1, 1) < datetime(1, 1, 1, tzinfo=UTC), "can't compare offset-naive and offset-aware datetimes"),
                   (lambda: datetime(1, 1, 1) - datetime(1, 1, 1, tzinfo=UTC), "can't subtract offset-naive and offset-aware datetimes"),
                   (lambda: datetime(2000, 1, 1) < date(2000, 1, 1), "can't compare datetime.datetime to datetime.date"),
                   (lambda: datetime(1, 1, 1, tzinfo=3), "tzinfo argument must be None or of a tzinfo subclass, not type 'int'"),
                   (lambda: date.fromisoformat(b"2000-01-01"), "fromisoformat: argument must be str")]:
    try:
        bad()
    except TypeError as e:
        assert str(e) == words, e
    else:
        raise AssertionError(words)
assert datetime(2000, 1, 1) != date(2000, 1, 1) and timezone.utc is UTC and timezone(timedelta(0)) is UTC
assert str(timezone(timedelta(hours=1, seconds=1))) == "UTC+01:00:01" and timezone.min.utcoffset(None) == -timedelta(hours=23, minutes=59)

# Instants: local time by the C library's rules.
import os
os.environ["TZ"] = "EST+05EDT,M3.2.0,M11.1.0"
time.tzset()
for stamp in (0, 1e9, 1604213999.5, 1604217599.25, 1604221199, 1583650799, 1583650800, -1.000001, 253370000000):
    f, p = datetime.fromtimestamp(stamp), pure.datetime.fromtimestamp(stamp)
    assert repr(f) == repr(p) and f.fold == p.fold and f.timestamp() == p.timestamp() and abs(f.timestamp() - stamp) < 1e-6
    assert str(f.astimezone()) == str(p.astimezone()) and f.astimezone().tzname() == p.astimezone().tzname()
assert datetime(2020, 11, 1, 1, 30).timestamp() + 3600 == datetime(2020, 11, 1, 1, 30, fold=1).timestamp()
assert datetime(2020, 3, 8, 2, 30).timestamp() == pure.datetime(2020, 3, 8, 2, 30).timestamp()
assert abs((datetime.now(UTC) - datetime.utcnow().replace(tzinfo=UTC)).total_seconds()) < 60
assert abs(datetime.now().timestamp() - time.time()) < 60
for bad in (float("nan"), 1e20, float("inf")):
    try:
        datetime.fromtimestamp(bad)
    except (ValueError, OverflowError):
        pass
    else:
        raise AssertionError


# Subclasses keep their kind; pickles.
class D(datetime):
    def __new__(cls, *args, extra=1, **kw):
        self = datetime.__new__(cls, *args, **kw)
        self.extra = extra
        return self


d = D(2000, 1, 2, 3, extra=5)
assert type(d + timedelta(1)) is D and type(d.replace(day=4)) is D and type(D.fromisoformat("2001-01-01")) is D and type(D.now()) is D
for protocol in range(6):
    for x in (date(2000, 1, 2), t, t.timetz(), timedelta(-1, 2, 3), UTC, timezone(timedelta(1, -1), "n"), second.replace(tzinfo=UTC), date.max.isocalendar()):
        y = pickle.loads(pickle.dumps(x, protocol))
        assert y == x and (protocol < 4 or getattr(y, "fold", 0) == getattr(x, "fold", 0))
assert date.max.year == MAXYEAR and datetime.combine(date.max, datetime.max.time()) == datetime.max
try:
    datetime.max + timedelta.resolution
except OverflowError as e:
    assert str(e) == "date value out of range"
else:
    raise AssertionError
print("ok")
