# Debuggers and profilers see kernels: gdb stops at a kernel's line and shows the frames; without gdb the registered object is
# read; -X perf_jit writes lines and code for perf inject.
# skip-if: nollvm address undefined thread
# timeout: 300
KRAIT_CACHE_DIR=$PWD/cache
export KRAIT_CACHE_DIR
cat >kernel.py <<'END'
from numba import njit


@njit
def inner(a, i):
    return 10 // (a - i)


@njit
def total(a):
    s = 0
    for i in range(5):
        s += inner(a, i)
    return s


assert total(7) == 9
END
"$KRAIT" kernel.py || exit 1 # a cached kernel has no lines: it is compiled again for a debugger
if command -v gdb >/dev/null && gdb -nx -batch -ex run --args true >gdb.txt 2>&1 && ! grep -q "ptrace" gdb.txt; then
    cat >commands <<'END'
set pagination off
set breakpoint pending on
break kernel.py:6
run
bt 2
continue 4
info breakpoints
END
    timeout 100 gdb -nx -batch -x commands --args "$KRAIT" kernel.py >gdb.txt 2>&1
    grep -q '^6.*return 10 // (a - i)' gdb.txt && grep -q '^#0  inner () at .*kernel.py:6' gdb.txt &&
        grep -q '^#1 .*total () at .*kernel.py:13' gdb.txt || { cat gdb.txt; exit 1; }
fi

# What gdb would read: the list behind __jit_debug_descriptor.
cat >registered.py <<'END'
import ctypes
import gc
import runpy


class Entry(ctypes.Structure):
    pass


Entry._fields_ = [("next", ctypes.POINTER(Entry)), ("previous", ctypes.POINTER(Entry)), ("object", ctypes.c_void_p),
                  ("size", ctypes.c_uint64)]


class Descriptor(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("action", ctypes.c_uint32), ("relevant", ctypes.POINTER(Entry)),
                ("first", ctypes.POINTER(Entry))]


descriptor = Descriptor.in_dll(ctypes.CDLL(None), "__jit_debug_descriptor")
assert descriptor.version == 1 and not descriptor.first
names = runpy.run_path("kernel.py")
entry = descriptor.first.contents
assert not entry.next and not entry.previous
with open("object.o", "wb") as file:
    file.write(ctypes.string_at(entry.object, entry.size))
END
"$KRAIT" -X gdb registered.py || exit 1
if command -v readelf >/dev/null; then
    readelf -S --wide object.o | grep -E ' \.text .*PROGBITS' | grep -vq ' 0000000000000000 0' || { readelf -S --wide object.o; exit 1; }
    readelf --debug-dump=decodedline object.o 2>/dev/null | grep -qE 'kernel.py +6 ' || { readelf --debug-dump=decodedline object.o; exit 1; }
fi

cat >dump.py <<'END'
import os
import runpy
import struct

runpy.run_path("kernel.py")
path = f"/tmp/jit-{os.getpid()}.dump"
with open(path, "rb") as file:
    data = file.read()
with open("/proc/self/maps") as maps:
    assert any(path in line and "r-x" in line for line in maps), "perf finds the file by this mapping"
os.unlink(path)
magic, version, size, machine, _, pid, time, flags = struct.unpack_from("<6I2Q", data)
assert (magic, version, size, pid, flags) == (0x4A695444, 1, 40, os.getpid(), 0)
records, at = [], size
while at < len(data):
    kind, size, time = struct.unpack_from("<IIQ", data, at)
    records.append((kind, data[at + 16:at + size]))
    at += size
assert at == len(data) and [kind for kind, _ in records] == [2, 0], records
lines, code = records[0][1], records[1][1]
pid, thread, address, begin, length, number = struct.unpack_from("<IIQQQQ", code)
name, body = code[40:].split(b"\0", 1)
assert name == b"krait::total" and len(body) == length and address == begin and number == 0
first, count = struct.unpack_from("<QQ", lines)
assert first == begin
at, rows = 16, []
for _ in range(count):
    where, line, column = struct.unpack_from("<QII", lines, at)
    end = lines.index(b"\0", at + 16)
    rows.append((where, line, lines[at + 16:end]))
    at = end + 1
assert at == len(lines)
assert all(begin <= where <= begin + length and file.endswith(b"kernel.py") for where, _, file in rows), rows
assert {6, 13} <= {line for _, line, _ in rows} <= set(range(4, 16)), rows
END
"$KRAIT" -X perf_jit dump.py
