"""DeltaBlue-like: a network of one-way constraints with strengths, planned and propagated incrementally."""

REQUIRED, STRONG, NORMAL, WEAK, WEAKEST = range(5)


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.strength = WEAKEST
        self.mark = 0
        self.stay = True


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def add(self, planner):
        for v in self.variables():
            v.constraints.append(self)
        planner.incremental_add(self)

    def remove(self, planner):
        if self.is_satisfied():
            planner.incremental_remove(self)
        for v in self.variables():
            if self in v.constraints:
                v.constraints.remove(self)

    def is_input(self):
        return False

    def satisfy(self, planner, mark):
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be satisfied")
            return None
        for v in self.inputs():
            v.mark = mark
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.unsatisfy()
        out.determined_by = self
        planner.propagate(self, mark)
        out.mark = mark
        return overridden

    def known(self, mark):
        return all(v.mark == mark or v.stay or v.determined_by is None for v in self.inputs())


class Unary(Constraint):
    def __init__(self, variable, strength, planner):
        super().__init__(strength)
        self.target = variable
        self.satisfied = False
        self.add(planner)

    def variables(self):
        return [self.target]

    def inputs(self):
        return ()

    def output(self):
        return self.target

    def is_satisfied(self):
        return self.satisfied

    def unsatisfy(self):
        self.satisfied = False

    def choose(self, mark):
        self.satisfied = self.target.mark != mark and self.strength < self.target.strength

    def recalculate(self):
        self.target.strength = self.strength
        self.target.stay = not self.is_input()
        if self.target.stay:
            self.execute()

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True


class Scale(Constraint):
    """target == source * factor + offset"""

    def __init__(self, source, factor, offset, target, strength, planner):
        super().__init__(strength)
        self.source, self.target = source, target
        self.factor, self.offset = factor, offset
        self.direction = None
        self.add(planner)

    def variables(self):
        return [self.source, self.target]

    def inputs(self):
        return (self.source,) if self.direction == "forward" else (self.target,)

    def output(self):
        return self.target if self.direction == "forward" else self.source

    def is_satisfied(self):
        return self.direction is not None

    def unsatisfy(self):
        self.direction = None

    def choose(self, mark):
        a, b = self.source, self.target
        self.direction = None
        if a.mark == mark:
            if b.mark != mark and self.strength < b.strength:
                self.direction = "forward"
        elif b.mark == mark:
            if self.strength < a.strength:
                self.direction = "backward"
        elif a.strength > b.strength:
            if self.strength < a.strength:
                self.direction = "backward"
        elif self.strength < b.strength:
            self.direction = "forward"

    def recalculate(self):
        source, out = self.inputs()[0], self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay
        if out.stay:
            self.execute()

    def execute(self):
        if self.direction == "forward":
            self.target.value = self.source.value * self.factor + self.offset
        else:
            self.source.value = (self.target.value - self.offset) // self.factor


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def incremental_add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(self, mark)
        while overridden is not None:
            overridden = overridden.satisfy(self, mark)

    def incremental_remove(self, constraint):
        out = constraint.output()
        constraint.unsatisfy()
        out.determined_by = None
        out.strength = WEAKEST
        out.stay = True
        unsatisfied, todo = [], [out]
        while todo:
            v = todo.pop()
            for c in v.constraints:
                if not c.is_satisfied():
                    unsatisfied.append(c)
                elif c is not v.determined_by:
                    c.recalculate()
                    todo.append(c.output())
        for strength in range(WEAKEST):
            for c in unsatisfied:
                if c.strength == strength:
                    self.incremental_add(c)

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            c = todo.pop()
            c.recalculate()
            out = c.output()
            for following in out.constraints:
                if following is not out.determined_by and following.is_satisfied():
                    todo.append(following)

    def plan(self, sources):
        mark = self.new_mark()
        plan, todo = [], [c for c in sources if c.is_input() and c.is_satisfied()]
        while todo:
            c = todo.pop()
            out = c.output()
            if out.mark != mark and c.known(mark):
                plan.append(c)
                out.mark = mark
                todo.extend(f for f in out.constraints if f is not c and f.is_satisfied())
        return plan


def chain(n):
    planner = Planner()
    variables = [Variable(f"v{i}", 0) for i in range(n + 1)]
    for a, b in zip(variables, variables[1:]):
        Scale(a, 1, 0, b, REQUIRED, planner)
    Stay(variables[-1], NORMAL, planner)
    edit = Edit(variables[0], STRONG, planner)
    plan = planner.plan([edit])
    total = 0
    for i in range(100):
        variables[0].value = i
        for c in plan:
            c.execute()
        total += variables[-1].value
    edit.remove(planner)
    return len(plan), total


def projection(n):
    planner = Planner()
    pairs = []
    for i in range(n):
        source, target = Variable("s", i), Variable("t", i)
        Stay(source, NORMAL, planner)
        Scale(source, 10, 1000, target, REQUIRED, planner)
        pairs.append((source, target))
    source, target = pairs[n // 2]
    edit = Edit(source, STRONG, planner)
    plan = planner.plan([edit])
    for i in range(n):
        source.value = i
        for c in plan:
            c.execute()
    edit.remove(planner)
    return target.value, sum(t.value for _, t in pairs)


print([chain(1000) for _ in range(5)], [projection(6000) for _ in range(5)])
