"""Regular expressions: search, findall, sub with a function, splitting, alternation."""
import re


def text(n):
    return "\n".join(
        f"2026-{i % 12 + 1:02d}-{i % 28 + 1:02d} user{i}@host{i % 7}.example.org GET /a/b{i % 13}?q={i} {200 + i % 5} {i * 37 % 9001}"
        for i in range(n)
    )


def run(n):
    t = text(n)
    line = re.compile(r"(?P<date>\d{4}-\d\d-\d\d) (\S+)@(\S+) (GET|POST) (?P<path>[^ ?]+)(?:\?(\S+))? (\d{3}) (\d+)")
    total, paths = 0, {}
    for found in line.finditer(t):
        total += int(found.group(8))
        paths[found["path"]] = paths.get(found["path"], 0) + 1
    words = len(re.findall(r"\b[a-z]+\d+\b", t))
    hosts = len(set(re.findall(r"@(\w+(?:\.\w+)*)", t)))
    upper = re.sub(r"user(\d+)", lambda m: f"U{int(m[1]) * 2}", t)
    parts = len(re.split(r"[ \n?@]", t))
    misses = sum(1 for row in t.split("\n") if not re.search(r"(error|fatal|panic)", row))
    return total, len(paths), words, hosts, len(upper), parts, misses


print(run(24_000))
