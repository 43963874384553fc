"""Python source to the text of Python-level IR, for tests: what jit/build makes from bytecode, made
from the syntax tree, so that the middle and the back ends are tested without the interpreter.

    python3 py2ir.py FILE.py > FILE.ir

Functions whose first statement is a string "sig: TYPE, TYPE" get typed parameters; the others are
templates. Options after ';' in that string: parallel, fastmath, nobounds, wrap. Lines "#: CALL" become
";; call CALL". For each such line the expected result is computed by running the Python function with
NumPy, when --expect is given.
"""
import ast
import sys

OPS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
       ast.Mod: "mod", ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or",
       ast.BitXor: "xor", ast.LShift: "lshift", ast.RShift: "rshift", ast.USub: "neg",
       ast.UAdd: "pos", ast.Invert: "invert", ast.Not: "not", ast.Eq: "eq", ast.NotEq: "ne",
       ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
MODULES = {"np": "numpy", "numpy": "numpy", "math": "math", "numba": "numba"}
BUILTINS = {"abs", "min", "max", "round", "len", "int", "float", "complex", "bool", "divmod", "pow",
            "sum", "range", "enumerate", "zip", "print", "tuple", "slice"}


class Block:
    def __init__(self):
        self.code = []      # ("op", id, text with {0}.. for args, args) ("get", id, var) ("set", var, id)
        self.term = None    # (text, args, [targets])
        self.preds = []


class Func:
    def __init__(self, node, names):
        self.node, self.names = node, names
        self.count = 0
        self.blocks = []
        every = node.args
        self.args = [a.arg for a in every.args + every.kwonlyargs] + ([every.vararg.arg] if every.vararg else [])
        values = [None] * (len(every.args) - len(every.defaults)) + every.defaults + every.kw_defaults
        self.defaults = [self.literal(v) for v in values] + ([""] if every.vararg else [])
        self.locals = set(self.args)
        for n in ast.walk(node):
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
                self.locals.add(n.id)
        self.types, self.flags = None, ""
        body = node.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and \
                isinstance(body[0].value.value, str) and body[0].value.value.startswith("sig:"):
            sig, _, flags = body[0].value.value[4:].partition(";")
            self.types = [t.strip() for t in split(sig)]
            self.flags = "".join(" !" + f for f in flags.split())
            body = body[1:]
        self.loops = []
        self.handlers = []
        self.cur = self.new()
        self.stmts(body)
        if self.cur:
            none = self.op("const", [], type="none")
            self.end("ret {0}", [none], [])

    def literal(self, v):
        """A default: its type and value in the text of a parameter."""
        if v is None:
            return ""
        v = ast.literal_eval(v)
        if v is None:
            return " = none"
        if isinstance(v, bool):
            return f" = bool {int(v)}"
        if isinstance(v, str):
            return f' = str("{v}")'
        return f" = {type(v).__name__} {v!r}"

    def new(self):
        b = Block()
        self.blocks.append(b)
        return b

    def pos(self, n):
        if n is None:
            return ""
        return f" @{n.lineno}:{n.col_offset}-{n.end_lineno}:{n.end_col_offset}"

    def op(self, text, args, node=None, type=None, value=True, name=None):
        self.count += 1
        i = self.count
        self.cur.code.append(("op", i, text, args, type, self.pos(node), value, name))
        return i

    def end(self, text, args, targets, node=None, value=None):
        self.cur.term = (text, args, targets, self.pos(node), value)
        self.cur = None

    # -- expressions --
    def const(self, v, node=None):
        if v is None:
            return self.op("const", [], node, "none")
        if v is True or v is False:
            return self.op(f"const {int(v)}", [], node, "bool")
        if isinstance(v, int):
            return self.op(f"const {v}", [], node, "int")
        if isinstance(v, float):
            return self.op(f"const {v!r}", [], node, "float")
        if isinstance(v, complex):
            return self.op(f"const {v.real!r} {v.imag!r}", [], node, "complex")
        if isinstance(v, str):
            t = v.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return self.op("const", [], node, f'str("{t}")')
        if v is Ellipsis:
            return self.op("const", [], node, "ellipsis")
        raise NotImplementedError(v)

    def expr(self, n):
        return getattr(self, "e_" + type(n).__name__)(n)

    def e_Constant(self, n):
        return self.const(n.value, n)

    def e_Name(self, n):
        if n.id in self.locals:
            self.count += 1
            self.cur.code.append(("get", self.count, n.id))
            return self.count
        if n.id in self.names:
            return self.op("const", [], n, f"func(jit.{n.id})")
        if n.id in MODULES:
            return self.op("const", [], n, f"module({MODULES[n.id]})")
        if n.id == "prange":
            return self.op("const", [], n, "func(numba.prange)")
        if n.id in BUILTINS:
            return self.op("const", [], n, f"func({n.id})")
        return self.op("const", [], n, f"exc({n.id})")

    def e_BinOp(self, n):
        a, b = self.expr(n.left), self.expr(n.right)
        return self.op(f"py.binary[{OPS[type(n.op)]}] {{0}}, {{1}}", [a, b], n)

    def e_UnaryOp(self, n):
        if isinstance(n.op, ast.USub) and isinstance(n.operand, ast.Constant):
            return self.const(-n.operand.value, n)
        return self.op(f"py.unary[{OPS[type(n.op)]}] {{0}}", [self.expr(n.operand)], n)

    def compare(self, op, a, b, n):
        if isinstance(op, (ast.Is, ast.IsNot)):
            return self.op(f"py.{'is' if isinstance(op, ast.Is) else 'isnot'} {{0}}, {{1}}", [a, b], n)
        if isinstance(op, (ast.In, ast.NotIn)):
            r = self.op("py.in {0}, {1}", [a, b], n)
            return r if isinstance(op, ast.In) else self.op("py.unary[not] {0}", [r], n)
        return self.op(f"py.compare[{OPS[type(op)]}] {{0}}, {{1}}", [a, b], n)

    def e_Compare(self, n):
        left = self.expr(n.left)
        if len(n.ops) == 1:
            return self.compare(n.ops[0], left, self.expr(n.comparators[0]), n)
        var, join = self.temp(), self.new()
        for i, (op, right) in enumerate(zip(n.ops, n.comparators)):
            right = self.expr(right)
            c = self.compare(op, left, right, n)
            self.cur.code.append(("set", var, c))
            if i + 1 < len(n.ops):
                more = self.new()
                t = self.op("py.truth {0}", [c], n)
                self.end("br {0}", [t], [more, join])
                self.cur = more
            left = right
        self.end("jump", [], [join])
        self.cur = join
        return self.get(var)

    def temp(self):
        self.count += 1
        self.locals.add(f"${self.count}")
        return f"${self.count}"

    def get(self, var):
        self.count += 1
        self.cur.code.append(("get", self.count, var))
        return self.count

    def e_BoolOp(self, n):
        var, join = self.temp(), self.new()
        for i, v in enumerate(n.values):
            x = self.expr(v)
            self.cur.code.append(("set", var, x))
            if i + 1 < len(n.values):
                more = self.new()
                t = self.op("py.truth {0}", [x], n)
                self.end("br {0}", [t], [more, join] if isinstance(n.op, ast.And) else [join, more])
                self.cur = more
        self.end("jump", [], [join])
        self.cur = join
        return self.get(var)

    def e_IfExp(self, n):
        var, join, yes, no = self.temp(), self.new(), self.new(), self.new()
        self.branch(n.test, yes, no)
        for b, e in ((yes, n.body), (no, n.orelse)):
            self.cur = b
            self.cur.code.append(("set", var, self.expr(e)))
            self.end("jump", [], [join])
        self.cur = join
        return self.get(var)

    def e_Call(self, n):
        f = self.expr(n.func)
        args = [self.expr(a) for a in n.args] + [self.expr(k.value) for k in n.keywords]
        kw = ",".join(k.arg for k in n.keywords)
        hole = ", ".join("{%d}" % i for i in range(len(args) + 1))
        return self.op(f"py.call{'[' + kw + ']' if kw else ''} {hole}", [f] + args, n)

    def e_Attribute(self, n):
        return self.op(f"py.getattr[{n.attr}] {{0}}", [self.expr(n.value)], n)

    def e_Subscript(self, n):
        return self.op("py.getitem {0}, {1}", [self.expr(n.value), self.expr(n.slice)], n)

    def e_Slice(self, n):
        parts = [self.expr(p) if p else self.const(None) for p in (n.lower, n.upper, n.step)]
        return self.op("py.slice {0}, {1}, {2}", parts, n if hasattr(n, "lineno") else None)

    def e_Tuple(self, n):
        items = [self.expr(e) for e in n.elts]
        return self.op("py.tuple " + ", ".join("{%d}" % i for i in range(len(items))), items, n)

    e_List = e_Tuple

    # -- statements --
    def branch(self, test, yes, no):
        t = self.op("py.truth {0}", [self.expr(test)], test)
        self.end("br {0}", [t], [yes, no], test)

    def stmts(self, body):
        for s in body:
            if self.cur is None:
                return
            getattr(self, "s_" + type(s).__name__)(s)

    def store(self, target, v):
        if isinstance(target, ast.Name):
            self.cur.code.append(("set", target.id, v))
        elif isinstance(target, ast.Subscript):
            self.op("py.setitem {0}, {1}, {2}", [self.expr(target.value), self.expr(target.slice), v],
                    target, value=False)
        elif isinstance(target, (ast.Tuple, ast.List)):
            u = self.op(f"py.unpack[{len(target.elts)}] {{0}}", [v], target)
            for i, t in enumerate(target.elts):
                self.store(t, self.op(f"py.item[{i}] {{0}}", [u], target))
        else:
            raise NotImplementedError(ast.dump(target))

    def s_Assign(self, s):
        v = self.expr(s.value)
        for t in s.targets:
            self.store(t, v)

    def s_AugAssign(self, s):
        op = OPS[type(s.op)]
        if isinstance(s.target, ast.Name):
            v = self.get(s.target.id)
            r = self.op(f"py.inplace[{op}] {{0}}, {{1}}", [v, self.expr(s.value)], s)
            self.cur.code.append(("set", s.target.id, r))
        else:
            a, i = self.expr(s.target.value), self.expr(s.target.slice)
            v = self.op("py.getitem {0}, {1}", [a, i], s.target)
            r = self.op(f"py.inplace[{op}] {{0}}, {{1}}", [v, self.expr(s.value)], s)
            self.op("py.setitem {0}, {1}, {2}", [a, i, r], s, value=False)

    def s_Expr(self, s):
        self.expr(s.value)

    def s_Pass(self, s):
        pass

    def s_Return(self, s):
        v = self.expr(s.value) if s.value else self.const(None)
        self.end("ret {0}", [v], [], s)

    def s_If(self, s):
        yes, no, join = self.new(), self.new(), self.new()
        self.branch(s.test, yes, no)
        for b, body in ((yes, s.body), (no, s.orelse)):
            self.cur = b
            self.stmts(body)
            if self.cur:
                self.end("jump", [], [join])
        self.cur = join

    def s_While(self, s):
        head, body, done, els = self.new(), self.new(), self.new(), self.new()
        self.end("jump", [], [head])
        self.cur = head
        self.branch(s.test, body, els)
        self.loop_body(s, head, body, done, els)

    def loop_body(self, s, head, body, done, els):
        self.loops.append((head, done))
        self.cur = body
        self.stmts(s.body)
        if self.cur:
            self.end("jump", [], [head])
        self.loops.pop()
        self.cur = els
        self.stmts(s.orelse)
        if self.cur:
            self.end("jump", [], [done])
        self.cur = done

    def s_For(self, s):
        it = self.op("py.iter {0}", [self.expr(s.iter)], s.iter)
        head, body, done, els = self.new(), self.new(), self.new(), self.new()
        self.end("jump", [], [head])
        self.cur = head
        self.count += 1
        item = self.count
        self.end("py.next {0}", [it], [body, els], s.iter, item)
        self.cur = body
        self.store(s.target, item)
        self.loop_body(s, head, self.cur, done, els)

    def s_Break(self, s):
        self.end("jump", [], [self.loops[-1][1]])

    def s_Continue(self, s):
        self.end("jump", [], [self.loops[-1][0]])

    def s_Raise(self, s):
        e = s.exc
        args = [self.expr(e.func)] + [self.expr(a) for a in e.args] if isinstance(e, ast.Call) else [self.expr(e)]
        self.end("py.raise " + ", ".join("{%d}" % i for i in range(len(args))), args, [], s)

    def s_Assert(self, s):
        ok, bad = self.new(), self.new()
        self.branch(s.test, ok, bad)
        self.cur = bad
        args = [self.op("const", [], s, "exc(AssertionError)")]
        if s.msg:
            args.append(self.expr(s.msg))
        self.end("py.raise " + ", ".join("{%d}" % i for i in range(len(args))), args, [], s)
        self.cur = ok

    # -- printing, with liveness --
    def emit(self, out):
        reach, stack = [], [self.blocks[0]]
        while stack:
            b = stack.pop()
            if b in reach:
                continue
            reach.append(b)
            if b.term is None:
                raise SystemExit("unfinished block")
            stack += b.term[2]
        blocks = [b for b in self.blocks if b in reach]
        for b in blocks:
            b.preds = []
        for b in blocks:
            for t in b.term[2]:
                t.preds.append(b)
        use, define = {}, {}
        for b in blocks:
            u, d = set(), set()
            for c in b.code:
                if c[0] == "get" and c[2] not in d:
                    u.add(c[2])
                elif c[0] == "set":
                    d.add(c[1])
            use[b], define[b] = u, d
        live = {b: set(use[b]) for b in blocks}
        changed = True
        while changed:
            changed = False
            for b in reversed(blocks):
                new = set(use[b])
                for t in b.term[2]:
                    new |= live[t] - define[b]
                if new != live[b]:
                    live[b], changed = new, True
        number = {b: i for i, b in enumerate(blocks)}
        order, seen = [], set()

        def visit(b):
            if b in seen:
                return
            seen.add(b)
            for t in b.term[2]:
                visit(t)
            order.append(b)
        visit(blocks[0])
        order.reverse()
        params = {b: sorted(live[b]) if len(b.preds) > 1 else [] for b in blocks}
        ids, exit_env, entry_ids = {}, {}, {}
        self.next_id = 0

        def fresh():
            self.next_id += 1
            return f"v{self.next_id}"
        typed = self.types or [None] * len(self.args)
        env0, head = {}, []
        for a, t, d in zip(self.args, typed, self.defaults):
            env0[a] = fresh()
            head.append(env0[a] + (f": {t}" if t else "") + f' "{a}"' + d)
        if self.node.args.kwonlyargs:
            self.flags += f" !kwonly[{len(self.node.args.kwonlyargs)}]"
        if self.node.args.vararg:
            self.flags += " !rest"
        out.append(f"func @{self.node.name}({', '.join(head)}) -> ?{self.flags} {{")
        for b in order:
            for v in params[b]:
                entry_ids[b, v] = fresh()
        lines = {}
        undefs = {}
        for b in order:
            if b is blocks[0]:
                env = dict(env0)
            elif len(b.preds) > 1:
                # values that dominate are found through the immediate mapping of any predecessor
                env = {v: entry_ids[b, v] for v in params[b]}
            else:
                env = dict(exit_env[b.preds[0]])
            code = []
            for c in b.code:
                if c[0] == "get":
                    if c[2] not in env:
                        env[c[2]] = fresh()
                        code.append(f'  {env[c[2]]} = undef "{c[2]}"')
                    ids[c[1]] = env[c[2]]
                elif c[0] == "set":
                    env[c[1]] = ids[c[2]]
                    if not c[1].startswith("$"):
                        for k in range(len(code) - 1, -1, -1):
                            if code[k].startswith(f"  {ids[c[2]]} =") or code[k].startswith(f"  {ids[c[2]]}:"):
                                if not code[k].endswith('"') and " const" not in code[k]:
                                    code[k] += f' "{c[1]}"'
                                break
                else:
                    _, i, text, args, typ, pos, value, name = c
                    ids[i] = fresh()
                    line = text.format(*[ids[a] for a in args])
                    code.append("  " + (f"{ids[i]}{': ' + typ if typ else ''} = " if value else "") + line + pos)
            if b.term[4] is not None:
                ids[b.term[4]] = fresh()
            exit_env[b] = env
            lines[b] = code
        for b in order:
            code, env = lines[b], exit_env[b]
            text, args, targets, pos, value = b.term
            edges = []
            for t in targets:
                vs = []
                for v in params[t]:
                    if v not in env:
                        env[v] = fresh()
                        code.append(f'  {env[v]} = undef "{v}"')
                    vs.append(env[v])
                edges.append(f"b{number[t]}" + (f"({', '.join(vs)})" if vs else ""))
            line = text.format(*[ids[a] for a in args])
            line += ("," if args and edges else "") + (" " if edges else "") + ", ".join(edges)
            code.append("  " + (f"{ids[value]} = " if value is not None else "") + line + pos)
            ps = ", ".join(f'{entry_ids[b, v]} "{v}"' for v in params[b])
            out.append(f"b{number[b]}" + (f"({ps})" if ps else "") + ":")
            out += code
        out.append("}")


def split(text):
    parts, depth, cur = [], 0, ""
    for ch in text:
        if ch == "," and depth == 0:
            parts.append(cur)
            cur = ""
            continue
        depth += (ch in "([") - (ch in ")]")
        cur += ch
    if cur.strip():
        parts.append(cur)
    return parts


def main():
    path = sys.argv[1]
    source = open(path).read()
    tree = ast.parse(source)
    funcs = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    names = {f.name for f in funcs}
    out = [";; middle"]
    for line in source.splitlines():
        if line.startswith("#: "):
            out.append(";; call " + line[3:].partition("->")[0].strip())
    for f in funcs:
        Func(f, names).emit(out)
    print("\n".join(out))


main()
