"""Large integers: digits of pi, factorials, modular powers, printing and reading."""


def pi_digits(n):
    out, q, r, t, k, m, x = [], 1, 0, 1, 1, 3, 3
    while len(out) < n:
        if 4 * q + r - t < m * t:
            out.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), 10 * (3 * q + r) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(map(str, out))


def factorial(n):
    value = 1
    for i in range(2, n):
        value *= i
    return value


def fermat(n):
    return [p for p in range(3, n, 2) if pow(2, p - 1, p) == 1]


def run():
    f = factorial(1400)
    text = str(f)
    assert int(text) == f
    mersenne = pow(3, (1 << 521) - 2, (1 << 521) - 1)
    return pi_digits(2200)[-10:], len(text), sum(fermat(250_000)), mersenne, hash(f), f.bit_length()


print(*run())
