"""String formatting: f-strings, %, str.format, format specs, repr, int and float parsing."""


def run(n):
    size = 0
    for i in range(n):
        x = i / 3
        size += len(f"{i} {x:.2f} {i:>8} {i:#x} {x:e}")
        size += len("%d %5.1f %s %r" % (i, x, "abc", "d'e"))
        size += len("{} {:<6} {name}".format(i, i % 7, name="n"))
        size += len(str(i)) + len(repr(x)) + len(f"{i:,}")
        size += int(str(i)) % 3 + int(float(repr(x)))
    return size


print(run(150_000))
