"""Class hierarchies: overriding, super, operators, properties, isinstance, dispatch by type."""


class Shape:
    count = 0

    def __init__(self, name):
        self.name = name
        Shape.count += 1

    def area(self):
        return 0.0

    def scaled(self, k):
        raise NotImplementedError

    def __lt__(self, other):
        return self.area() < other.area()

    def __add__(self, other):
        return Group([self, other])


class Rectangle(Shape):
    def __init__(self, w, h):
        super().__init__("rectangle")
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h

    def scaled(self, k):
        return type(self)(self.w * k, self.h * k)


class Square(Rectangle):
    def __init__(self, side, _=None):
        super().__init__(side, side)
        self.name = "square"

    @property
    def side(self):
        return self.w

    @side.setter
    def side(self, value):
        self.w = self.h = value


class Circle(Shape):
    def __init__(self, r):
        super().__init__("circle")
        self.r = r

    def area(self):
        return 3.0 * self.r**2

    def scaled(self, k):
        return Circle(self.r * k)


class Group(Shape):
    def __init__(self, members):
        super().__init__("group")
        self.members = members

    def area(self):
        return sum(m.area() for m in self.members)

    def scaled(self, k):
        return Group([m.scaled(k) for m in self.members])

    def __len__(self):
        return len(self.members)

    def __iter__(self):
        return iter(self.members)


def run(n):
    total, squares = 0.0, 0
    for i in range(n):
        shapes = [Rectangle(i, 2), Square(3), Circle(i & 7), Square(i & 3) + Circle(1)]
        for shape in shapes:
            if isinstance(shape, Square):
                squares += 1
                shape.side += 1
            elif isinstance(shape, Group):
                total += sum(len(m.name) for m in shape)
            total += shape.scaled(2).area()
        total += max(shapes).area()
    return total, squares, Shape.count


print(*run(40_000))
