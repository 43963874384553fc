"""Random numbers in parallel loops: after a seed they are the same on any number of threads and in the evaluator, differ from
iteration to iteration, and leave the stream around the loop defined."""
# timeout: 300
import os
import random
import subprocess
import sys

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def draws(seed, n):
    np.random.seed(seed)
    out = np.empty(n)
    for i in prange(n):
        out[i] = np.random.random()
    return out, np.random.random()


@njit(parallel=True)
def pi(seed, n):
    np.random.seed(seed)
    inside = 0
    for i in prange(n):
        x = np.random.random()
        y = np.random.uniform(0.0, 1.0)
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n


@njit(parallel=True)
def kinds(seed, n):
    np.random.seed(seed)
    random.seed(seed)
    out = np.empty((n, 4))
    for i in prange(n):
        out[i, 0] = np.random.normal(0.0, 2.0)
        out[i, 1] = np.random.randint(0, 100)
        out[i, 2] = random.gauss(1.0, 0.5)
        out[i, 3] = np.random.rand(3).sum()
    return out


@njit(parallel=True)
def seeded_inside(n):
    out = np.empty(n)
    for i in prange(n):
        np.random.seed(i)
        out[i] = np.random.random()
    return out


@njit(parallel=True)
def untouched(seed, n):
    np.random.seed(seed)
    a = np.zeros(n)
    for i in prange(n):
        a[i] = i
    return np.random.random()


def main():
    out, after = draws(7, 100_000)
    again, after_again = draws(7, 100_000)
    assert (out == again).all() and after == after_again
    assert len(set(out.tolist())) == 100_000 and abs(out.mean() - 0.5) < 0.01 and 0 <= out.min() < out.max() < 1
    assert (draws(8, 1000)[0] != draws(7, 1000)[0]).all()
    estimate = pi(1, 400_000)
    assert abs(estimate - 3.14159) < 0.02 and estimate == pi(1, 400_000)
    many = kinds(3, 2000)
    assert (many == kinds(3, 2000)).all() and abs(many[:, 0].std() - 2.0) < 0.2 and abs(many[:, 2].mean() - 1.0) < 0.1
    assert set(many[:, 1]) <= set(range(100))
    wanted = [np.random.RandomState(i).random_sample() for i in range(20)]
    assert seeded_inside(20).tolist() == wanted
    print(hash(out.tobytes()), after.hex(), estimate, hash(many.tobytes()))


if len(sys.argv) > 1:
    main()
else:
    # a loop that draws nothing takes nothing from the stream
    assert untouched(5, 1000) == np.random.RandomState(5).random_sample()
    outputs = set()
    for threads, options in ("1", []), ("2", []), ("7", []), ("2", ["-X", "jit=eval"]):
        env = {**os.environ, "KRAIT_NUM_THREADS": threads, "PYTHONHASHSEED": "0"}
        done = subprocess.run([sys.executable, *options, __file__, "kernel"], env=env, capture_output=True, text=True)
        assert done.returncode == 0, (threads, done.stderr)
        outputs.add(done.stdout)
    assert len(outputs) == 1, outputs
