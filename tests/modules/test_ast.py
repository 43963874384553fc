"""The module _ast: classes, trees of source, trees compiled, and what is refused.  Expected values: CPython 3.11."""
import ast
import copy
import pickle

# Classes
assert ast.FunctionDef._fields[:3] == ("name", "args", "body")
assert ast.Constant.__match_args__ == ("value", "kind") and ast.Constant.kind is None
assert ast.expr._attributes == ("lineno", "col_offset", "end_lineno", "end_col_offset")
assert ast.expr.__doc__.startswith("expr = BoolOp(boolop op, expr* values)\n     | NamedExpr(")
assert ast.operator.__doc__ == ("operator = Add | Sub | Mult | MatMult | Div | Mod | Pow | LShift | RShift | BitOr"
                                " | BitXor | BitAnd | FloorDiv")
assert ast.Name.__module__ == "ast" and issubclass(ast.Name, ast.expr) and issubclass(ast.arg, ast.AST)
node = ast.Name("x", ast.Load())
assert node.id == "x" and node.__reduce__()[2]["id"] == "x"


def refused(kind, message, make):
    try:
        make()
    except kind as e:
        assert message in str(e), (message, str(e))
    else:
        raise AssertionError(message)


refused(TypeError, "Name constructor takes at most 2 positional arguments", lambda: ast.Name(1, 2, 3))
refused(TypeError, "Name got multiple values for argument 'id'", lambda: ast.Name("a", id="b"))

# Source to tree
tree = ast.parse("def f(a, /, b=1, *c, d, **e) -> int:\n    return a @ b if c else {**e, 'k': [*c]}\n")
assert ast.dump(tree) == (
    "Module(body=[FunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a')], args=[arg(arg='b')], "
    "vararg=arg(arg='c'), kwonlyargs=[arg(arg='d')], kw_defaults=[None], kwarg=arg(arg='e'), "
    "defaults=[Constant(value=1)]), body=[Return(value=IfExp(test=Name(id='c', ctx=Load()), "
    "body=BinOp(left=Name(id='a', ctx=Load()), op=MatMult(), right=Name(id='b', ctx=Load())), "
    "orelse=Dict(keys=[None, Constant(value='k')], values=[Name(id='e', ctx=Load()), "
    "List(elts=[Starred(value=Name(id='c', ctx=Load()), ctx=Load())], ctx=Load())])))], decorator_list=[], "
    "returns=Name(id='int', ctx=Load()))], type_ignores=[])")
position = ast.parse("é = (1,\n 2)").body[0].value
assert (position.lineno, position.col_offset, position.end_lineno, position.end_col_offset) == (1, 5, 2, 3)
assert ast.parse("u'x'").body[0].value.kind == "u"
assert ast.parse("x", mode="eval").body.ctx is ast.parse("y").body[0].value.ctx

# There and back
source = """
@decorate
class A(B, metaclass=M):
    '''Doc.'''
    x: int = 3

    async def f(self, *, key=None):
        async with a as b, c:
            return [i async for i in b if i > 1]
        try:
            raise E from None
        except* (V, T) as e:
            del x[1:2, ...], y.z
        finally:
            global g

match v:
    case [1, *rest] | {'a': None, **more}:
        pass
    case Point(x=0, y=-1j) if x:
        lambda q: f'{q!r:>{w}}'
"""
once = ast.unparse(ast.parse(source))
assert ast.dump(ast.parse(once)) == ast.dump(ast.parse(source))
assert ast.dump(pickle.loads(pickle.dumps(ast.parse("x + 1")))) == ast.dump(copy.deepcopy(ast.parse("x + 1")))
assert ast.literal_eval("{'a': [1, -2.5, (3+4j)], b'x': {None, True}}") == {"a": [1, -2.5, 3 + 4j], b"x": {None, True}}


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.BinOp(node, ast.Mult(), ast.Constant(2)), node)


doubled = ast.fix_missing_locations(Double().visit(ast.parse("3 + 4", mode="eval")))
assert eval(compile(doubled, "<tree>", "eval")) == 14
scope = {}
exec(compile(ast.parse("def f():\n  'Doc.'\n  return f.__doc__"), "<tree>", "exec"), scope)
assert scope["f"]() == "Doc."
big = ast.Expression(ast.Constant((1, frozenset({2}), b"b", -5, 10**30)))
assert eval(compile(ast.fix_missing_locations(big), "", "eval")) == (1, frozenset({2}), b"b", -5, 10**30)


class MyName(ast.Name):
    pass


sub = ast.fix_missing_locations(ast.Expression(MyName("len", ast.Load())))
assert eval(compile(sub, "", "eval")) is len


# What is refused
def compiled(*body):
    return lambda: compile(ast.fix_missing_locations(ast.Module(list(body), [])), "", "exec")


name, store = ast.Name("x", ast.Load()), ast.Name("x", ast.Store())
refused(TypeError, 'required field "lineno" missing from stmt', lambda: compile(ast.Module([ast.Pass()], []), "", "exec"))
refused(TypeError, 'required field "type_ignores" missing from Module', lambda: compile(ast.Module([]), "", "exec"))
refused(TypeError, 'required field "value" missing from Expr', compiled(ast.Expr()))
refused(ValueError, "field 'value' is required for Expr", compiled(ast.Expr(None)))
refused(TypeError, "expected some sort of expr, but got <ast.Pass object", compiled(ast.Expr(ast.Pass())))
refused(TypeError, 'Module field "body" must be a list, not a int', lambda: compile(ast.Module(3, []), "", "exec"))
refused(TypeError, "expected Module node, got Expression", lambda: compile(ast.Expression(name), "", "exec"))
refused(TypeError, "AST identifier must be of type str", compiled(ast.Global([3])))
refused(ValueError, "None disallowed in statement list", compiled(None))
refused(ValueError, "empty targets on Assign", compiled(ast.Assign([], name)))
refused(ValueError, "expression must have Store context but has Load instead", compiled(ast.Assign([name], name)))
refused(ValueError, "expression which can't be assigned to in Store context",
        compiled(ast.Assign([ast.Constant(1)], name)))
refused(ValueError, "empty body on While", compiled(ast.While(name, [], [])))
refused(ValueError, "Compare with no comparators", compiled(ast.Expr(ast.Compare(name, [], []))))
refused(ValueError, "Dict doesn't have the same number of keys as values", compiled(ast.Expr(ast.Dict([name], []))))
refused(ValueError, "Try has neither except handlers nor finalbody", compiled(ast.Try([ast.Pass()], [], [], [])))
refused(ValueError, "identifier field can't represent 'None' constant", compiled(ast.Expr(ast.Name("None", ast.Load()))))
refused(TypeError, "got an invalid type in Constant: list", compiled(ast.Expr(ast.Constant([]))))
refused(ValueError, "line 1, column 5-2 is not a valid range",
        lambda: compile(ast.Module([ast.Pass(lineno=1, col_offset=5, end_lineno=1, end_col_offset=2)], []), "", "exec"))
refused(ValueError, "MatchOr requires at least 2 patterns",
        compiled(ast.Match(name, [ast.match_case(ast.MatchOr([ast.MatchAs()]), None, [ast.Pass()])])))
refused(SyntaxError, "'return' outside function", compiled(ast.Return(name)))
deep = name
for _ in range(100000):
    deep = ast.UnaryOp(ast.Not(), deep, lineno=1, col_offset=0)
try:
    compile(ast.Expression(deep), "", "eval")
except (RecursionError, TypeError):
    pass
else:
    raise AssertionError("a tree of any depth")
assert compile(tree, "", "exec", ast.PyCF_ONLY_AST) is tree
