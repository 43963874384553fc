"""Imports from files: compiled files without source, relative entries of sys.path, circular imports."""
import importlib
import os
import py_compile
import subprocess
import sys
import tempfile

here = os.getcwd()
folder = tempfile.mkdtemp()
os.chdir(folder)


def write(name, text):
    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
    with open(name, 'w') as file:
        file.write(text)


def message(name):
    try:
        __import__(name)
    except Exception as error:
        return type(error).__name__ + ': ' + str(error)


try:
    sys.path.insert(0, os.curdir)
    write('plain.py', 'x = 1\n')
    plain = importlib.import_module('plain')
    assert plain.__file__ == os.path.join(os.getcwd(), 'plain.py')
    tag = sys.implementation.cache_tag
    assert plain.__cached__ == os.path.join(os.getcwd(), '__pycache__', 'plain.%s.pyc' % tag)

    write('bare.py', 'x = 2\n')
    write('bag/__init__.py', 'y = 3\n')
    py_compile.compile('bare.py', 'bare.pyc')
    py_compile.compile('bag/__init__.py', 'bag/__init__.pyc')
    os.remove('bare.py')
    os.remove('bag/__init__.py')
    import bare
    import bag
    assert (bare.x, bag.y, bag.__path__) == (2, 3, [os.path.join(os.getcwd(), 'bag')])

    write('one.py', 'from two import a\nb = 1\n')
    write('two.py', 'from one import b\na = 1\n')
    assert message('one').startswith("ImportError: cannot import name 'b' from partially initialized module 'one' "
                                     "(most likely due to a circular import) ("), message('one')
    write('three.py', 'import four\nvalue = 1\n')
    write('four.py', 'import three\nthree.value\n')
    assert message('three') == ("AttributeError: partially initialized module 'three' has no attribute 'value' "
                                "(most likely due to a circular import)"), message('three')
    write('box/__init__.py', '')
    write('box/upper.py', 'import box.lower\n')
    write('box/lower.py', 'import box\nbox.upper\n')
    assert message('box.upper') == ("AttributeError: cannot access submodule 'upper' of module 'box' "
                                    "(most likely due to a circular import)"), message('box.upper')
    # A package that takes itself out of sys.modules gets its submodule all the same.
    write('gone/__init__.py', '')
    write('gone/first.py', 'import sys\nsys.modules.pop("gone", None)\nfrom . import second\n')
    write('gone/second.py', '')
    import gone.first
    gone.first.second
    # A zip file's importer is found through sys.path_hooks before any zip file was imported.
    code = """if 1:
        import pkgutil, runpy, sys, zipfile, inspect
        with zipfile.ZipFile('bundle.zip', 'w') as bundle:
            bundle.writestr('__main__.py', 'answer = 42')
        print(type(pkgutil.get_importer('bundle.zip')).__name__, runpy.run_path('bundle.zip')['answer'])
        print(pkgutil.get_importer('plain.py'))
        class Bare: pass
        print(inspect.signature(Bare))
    """
    ran = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert ran.stdout == 'zipimporter 42\nNone\n()\n', ran
    ran = subprocess.run([sys.executable, '-c', 'raise KeyboardInterrupt'], capture_output=True)
    assert ran.returncode == -2, ran    # ended by the signal, as a shell wants to see it
    assert message('no\0such') == "ModuleNotFoundError: No module named 'no\\x00such'", message('no\0such')
finally:
    os.chdir(here)
