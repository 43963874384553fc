"""Allocation: binary trees built and walked, as tuples and as instances."""


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make_tuple(depth):
    return (make_tuple(depth - 1), make_tuple(depth - 1)) if depth else (None, None)


def count_tuple(tree):
    left, right = tree
    return 1 + count_tuple(left) + count_tuple(right) if left is not None else 1


def make_node(depth):
    return Node(make_node(depth - 1), make_node(depth - 1)) if depth else Node(None, None)


def count_node(tree):
    return 1 if tree.left is None else 1 + count_node(tree.left) + count_node(tree.right)


def run(make, count, depth):
    longlived = make(depth)
    total = 0
    for d in range(4, depth, 2):
        for _ in range(1 << (depth - d)):
            total += count(make(d))
    return total, count(longlived)


print(run(make_tuple, count_tuple, 15), run(make_node, count_node, 14))
