"""Fannkuch: flips of permutations; list slicing, reversal and indexing."""


def fannkuch(n):
    count = list(range(1, n + 1))
    perm1 = list(range(n))
    most = checksum = 0
    sign = 1
    r = n
    while True:
        if perm1[0]:
            perm = perm1[:]
            flips = 0
            while k := perm[0]:
                perm[: k + 1] = perm[k::-1]
                flips += 1
            most = max(most, flips)
            checksum += sign * flips
        if sign == 1:
            perm1[0], perm1[1] = perm1[1], perm1[0]
            sign = -1
        else:
            perm1[1], perm1[2] = perm1[2], perm1[1]
            sign = 1
            for r in range(2, n):
                count[r] -= 1
                if count[r]:
                    break
                if r == n - 1:
                    return checksum, most
                count[r] = r + 1
                perm1.insert(r + 1, perm1.pop(0)) if r + 1 < n else None
    return None


print(fannkuch(9))
