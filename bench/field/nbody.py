"""n-body: planets as instances in plain Python, many bodies as arrays in a kernel.

    nbody.py [BODIES = 500] [STEPS = 20]
"""
import math
import sys

import numpy as np
from numba import njit


class Body:
    def __init__(self, mass, position, velocity):
        self.mass = mass
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = velocity


def advance(bodies, dt):
    for i, a in enumerate(bodies):
        for b in bodies[i + 1 :]:
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            mag = dt / (dx * dx + dy * dy + dz * dz) ** 1.5
            a.vx -= dx * b.mass * mag
            a.vy -= dy * b.mass * mag
            a.vz -= dz * b.mass * mag
            b.vx += dx * a.mass * mag
            b.vy += dy * a.mass * mag
            b.vz += dz * a.mass * mag
    for a in bodies:
        a.x += dt * a.vx
        a.y += dt * a.vy
        a.z += dt * a.vz


@njit
def step(position, velocity, mass, dt):
    n = position.shape[0]
    for i in range(n):
        ax = ay = az = 0.0
        for j in range(n):
            if i != j:
                dx = position[j, 0] - position[i, 0]
                dy = position[j, 1] - position[i, 1]
                dz = position[j, 2] - position[i, 2]
                d2 = dx * dx + dy * dy + dz * dz + 0.01
                f = mass[j] / (d2 * math.sqrt(d2))
                ax += dx * f
                ay += dy * f
                az += dz * f
        velocity[i, 0] += ax * dt
        velocity[i, 1] += ay * dt
        velocity[i, 2] += az * dt
    for i in range(n):
        for k in range(3):
            position[i, k] += velocity[i, k] * dt


@njit
def energy(position, velocity, mass):
    n = len(mass)
    total = 0.0
    for i in range(n):
        total += 0.5 * mass[i] * (velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2)
        for j in range(i):
            d2 = 0.01
            for k in range(3):
                d2 += (position[i, k] - position[j, k]) ** 2
            total -= mass[i] * mass[j] / math.sqrt(d2)
    return total


sun = Body(39.478, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
planets = [Body(0.001 * k, (k * 1.7, 0.1 * k, -0.05 * k), (0.0, 6.0 / math.sqrt(k), 0.1)) for k in range(1, 6)]
for _ in range(2000):
    advance([sun] + planets, 0.001)
print(*(f"({b.x:.8f}, {b.y:.8f}, {b.z:.8f})" for b in planets), sep="\n")

count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 20
index = np.arange(count)
position = np.empty((count, 3))
position[:, 0] = np.cos(index * 0.7) * (1 + index % 5)
position[:, 1] = np.sin(index * 0.7) * (1 + index % 7)
position[:, 2] = (index % 11) / 11.0 - 0.5
velocity = np.zeros((count, 3))
mass = 0.5 + (index % 3) / 4.0
before = energy(position, velocity, mass)
for _ in range(steps):
    step(position, velocity, mass, 1e-4)
after = energy(position, velocity, mass)
print(f"{before:.6f} {after:.6f} {position.sum():.9f} {np.abs(velocity).max():.9f}")
