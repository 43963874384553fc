"""Int arithmetic in plain loops: a sieve, Collatz, greatest common divisors, bit mixing."""


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    count = 0
    for i in range(2, n + 1):
        if flags[i]:
            count += 1
            j = i * i
            while j <= n:
                flags[j] = 0
                j += i
    return count


def collatz(n):
    longest = 0
    for start in range(1, n):
        x, steps = start, 0
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        if steps > longest:
            longest = steps
    return longest


def mix(n):
    h = 0x9E3779B9
    for i in range(n):
        h = ((h ^ i) * 0x85EBCA6B) & 0xFFFFFFFF
        h ^= h >> 13
    return h


print(sieve(2_000_000), collatz(40_000), mix(2_500_000))
