"""exec with odd globals and builtins; a script that is not UTF-8; the checks of -X dev."""
import os
import subprocess
import sys
import tempfile


def message(call, *arguments):
    try:
        call(*arguments)
    except Exception as error:
        return type(error).__name__ + ': ' + str(error)


class Frozen(dict):
    def __setitem__(self, key, value):
        raise ArithmeticError('frozen')


class SetOnly(dict):
    def __getitem__(self, key):
        raise LookupError('no reading')


class Plain(dict):
    pass


name = compile('supername', 'test', 'exec')
exec(name, {'__builtins__': Plain(supername=1)})
assert message(exec, name, {'__builtins__': Plain()}) == "NameError: name 'supername' is not defined"
assert message(exec, name, SetOnly(supername=1)) == 'LookupError: no reading'
assert message(exec, name, {'__builtins__': SetOnly(supername=1)}) == 'LookupError: no reading'
assert message(exec, name, {'__builtins__': 123}).startswith('TypeError: ')
assert message(exec, 'x = 1', Frozen()) == 'ArithmeticError: frozen'
assert message(exec, 'class A: pass', {'__builtins__': {}}) == 'NameError: __build_class__ not found'
assert message(exec, "print('x')", {'__builtins__': {}}) == "NameError: name 'print' is not defined"
scope = {'__builtins__': {'None': None}}
exec('def f(): pass', scope)
assert scope['f'].__builtins__ is scope['__builtins__']

exec('g = type(f)(f.__code__, {})', {'f': scope['f'], 'type': type, '__builtins__': scope['__builtins__']}, scope)
assert scope['g'].__builtins__ is scope['__builtins__'] and '__builtins__' not in scope['g'].__globals__

view = memoryview(bytearray(b'abc'))
assert message(view.__getitem__, (slice(0, 1), 0)) == 'TypeError: memoryview: invalid slice key'
assert message(view.__setitem__, (slice(0, 1), 0), 1) == 'TypeError: memoryview: invalid slice key'
assert message(view.__getitem__, (slice(0, 1), slice(0, 1))).startswith('NotImplementedError: multi-dimensional slicing')
assert (int | str).__module__ == 'types'

with tempfile.TemporaryDirectory() as folder:
    script = os.path.join(folder, 'bad.py')
    for source in (b'x = 1\ny = "\x89"\n',):
        with open(script, 'wb') as file:
            file.write(source)
        ran = subprocess.run([sys.executable, script], capture_output=True, text=True)
        assert ran.returncode == 1 and "SyntaxError: Non-UTF-8 code starting with '\\x89' in file" in ran.stderr, ran
    with open(script, 'wb') as file:
        file.write(b'# coding: latin-1\ny = "\x89"\n')
    assert subprocess.run([sys.executable, script]).returncode == 0

code = """if 1:
    for call in (lambda: b''.decode(errors='none'), lambda: str(b'', 'nonsense'), lambda: ''.encode('nonsense')):
        try:
            call()
        except LookupError as error:
            print(error)
"""
ran = subprocess.run([sys.executable, '-X', 'dev', '-c', code], capture_output=True, text=True)
assert ran.stdout.splitlines() == ["unknown error handler name 'none'", 'unknown encoding: nonsense',
                                   'unknown encoding: nonsense'], ran
