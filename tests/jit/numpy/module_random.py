"""The module random in kernels: a kernel that seeds gives CPython's numbers."""
import random

import numpy as np

from cases import case


def words(seed):
    random.seed(seed)
    return (random.random(), random.getrandbits(7), random.getrandbits(45), random.getrandbits(32), random.randint(3, 90),
            random.randrange(5), random.randrange(2, 50, 7), random.randrange(10, -10, -3), random.uniform(2, 5))


def normals(seed):
    random.seed(seed)
    total = 0.0
    for i in range(50):
        total += random.gauss(0.0, 1.0) + random.normalvariate(1, 2)
    return total, random.gauss(1, 2), random.lognormvariate(0, 1), random.expovariate(2.0)


def shapes(seed):
    random.seed(seed)
    total = 0.0
    for i in range(50):
        total += random.gammavariate(3, 2) + random.gammavariate(0.3, 2) + random.gammavariate(1, 2) + random.betavariate(1, 2)
    return (total, random.vonmisesvariate(1, 4), random.vonmisesvariate(1, 1e-7), random.paretovariate(3),
            random.weibullvariate(1, 2), random.triangular(1, 2, 1.7), random.triangular(1, 4))


def sequences(seed):
    random.seed(seed)
    items, line = [1, 2, 3, 4, 5, 6, 7], np.arange(6)
    random.shuffle(items)
    random.shuffle(line)
    return items, line, random.choice(items), random.choice((1, 2, 3)), random.choice(line)


def two_streams(seed):
    random.seed(seed)
    np.random.seed(3)
    a = random.random(), np.random.random()
    return a, (random.random(), np.random.random())


def nothing_to_choose():
    return random.randrange(5, 5)


for seed in (42, 0, -7, 2 ** 40 + 5):
    case("words %d" % seed, words, seed)
    case("normals %d" % seed, normals, seed, digits=10)
    case("shapes %d" % seed, shapes, seed, digits=10)
    case("sequences %d" % seed, sequences, seed)
case("two streams", two_streams, 11)
case("nothing to choose", nothing_to_choose)
