"""Pickling and copying: nested containers and instances, there and back."""
import copy
import pickle


class Particle:
    def __init__(self, i):
        self.position = (i * 0.5, i * 0.25, -i)
        self.name = f"p{i}"
        self.neighbours = [i - 1, i + 1]


def run(n, rounds):
    data = {"particles": [Particle(i) for i in range(n)], "table": {i: str(i) for i in range(n)}, "set": set(range(n))}
    size = 0
    for protocol in (2, 4, 5):
        for _ in range(rounds):
            text = pickle.dumps(data, protocol)
            size += len(text)
            back = pickle.loads(text)
            assert back["table"] == data["table"] and back["particles"][-1].name == data["particles"][-1].name
    deep = copy.deepcopy(data["particles"])
    return size, deep[3].position, len(deep)


print(*run(6000, 5))
