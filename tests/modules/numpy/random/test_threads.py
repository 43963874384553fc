# Threads that share a generator: every number is given out once, none is lost or torn.
import threading

import numpy as np

for cls in (np.random.PCG64, np.random.MT19937):
    g = np.random.Generator(cls(7))
    parts = []

    def draw():
        for size in (30000, 10, 25000):
            parts.append(g.random(size))
    threads = [threading.Thread(target=draw) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    drawn = np.sort(np.concatenate(parts))
    assert (drawn == np.sort(np.random.Generator(cls(7)).random(len(drawn)))).all(), cls
r = np.random.RandomState(3)
words = []
threads = [threading.Thread(target=lambda: words.append(r.randint(0, 1 << 32, 40000, dtype=np.uint32))) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
want = np.random.RandomState(3).randint(0, 1 << 32, 160000, dtype=np.uint32)
assert (np.sort(np.concatenate(words)) == np.sort(want)).all()
