"""Float arithmetic in plain loops: n-body with scalars, and the Mandelbrot set."""


def mandelbrot(size, limit):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 3.0 * column / size - 2.0
            zr = zi = 0.0
            for _ in range(limit):
                zr2, zi2 = zr * zr, zi * zi
                if zr2 + zi2 > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = zr2 - zi2 + cr
            else:
                inside += 1
    return inside


def integrate(n):
    total, x, step = 0.0, 0.0, 1.0 / n
    for _ in range(n):
        total += (4.0 / (1.0 + x * x)) * step
        x += step
    return total


print(mandelbrot(400, 60), round(integrate(6_000_000), 5))
