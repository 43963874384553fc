"""Strings: building, joining, formatting, splitting, searching, replacing."""


def build(n, length=100):
    total = 0
    for _ in range(n):
        text = ""
        for i in range(length):
            text += chr(97 + i % 26)
        total += len(text)
    return total


def lines(n):
    out = []
    for i in range(n):
        out.append(f"{i:06d} item-{i % 97} {i / 7:.3f}")
    return "\n".join(out)


def parse(text):
    total, words = 0.0, {}
    for line in text.split("\n"):
        number, item, value = line.split(" ")
        if item.startswith("item-") and not number.endswith("9"):
            total += float(value)
            words[item.upper()] = int(number)
    return round(total, 3), len(words)


def clean(n):
    s = "The quick brown fox jumps over the lazy dog. " * 20
    found = 0
    for i in range(n):
        found += s.find("lazy", i % 500) + len(s.replace("fox", "cat").strip())
    return found


print(build(15_000), parse(lines(500_000)), clean(150_000))
