"""Lists: sorting numbers, strings and by key, appending, slicing, comprehension."""


def numbers(n, seed=42):
    values = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append(seed)
    return values


def run(n):
    values = numbers(n)
    ascending = sorted(values)
    floats = [v / 3 for v in values]
    floats.sort(reverse=True)
    texts = [str(v) for v in values]
    texts.sort()
    by_key = sorted(values, key=lambda v: v % 1000)
    pairs = sorted(zip(values, texts))
    half = ascending[::2]
    return ascending[0], floats[0], texts[0], by_key[-1], pairs[n // 2][1], len(half)


print(*run(280_000))
