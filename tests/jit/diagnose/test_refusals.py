"""Every row of jit/diagnose/refusals.def has a program that is refused for it, with the words that the user then reads.

refusals.txt has for each number a program and, behind "---", the whole text. The programs stand in files of their own here, so
that source lines and carets are there. `UPDATE=1` prints the file anew, to be read before it is kept.
"""
# skip-if: nojit
# timeout: 200
import math
import os
import re
import sys
import tempfile
import threading

import numpy as np
from numba import njit, prange
from numba.core.errors import TypingError

here = os.path.dirname(os.path.abspath(__file__))
source = os.environ.get("SOURCE", os.path.join(here, "..", "..", ".."))
with open(os.path.join(source, "jit/diagnose/refusals.def")) as file:
    numbers = {int(n) for n in re.findall(r"^REFUSAL\((\d+),", file.read(), re.M)}
with open(os.path.join(here, "refusals.txt")) as file:
    parts = re.split(r"^=== K(\d+)\n", file.read(), flags=re.M)[1:]
unmet = {36} # a condition whose type stays open: no program is known that meets it
programs = [(int(n), *(text.split("---\n") + [""])[:2]) for n, text in zip(parts[::2], parts[1::2])]

readonly = np.ones(3)
readonly.flags.writeable = False
folder = tempfile.mkdtemp()


def decorated(lines, name):
    """The source with @njit on its functions, and with lines repeated that say so."""
    text = re.sub(r"^@parallel\ndef", "@njit(parallel=True)\ndef", lines, flags=re.M)
    text = re.sub(r"^(?<!\n@njit\(parallel=True\)\n)def", "@njit\ndef", text, flags=re.M)
    text = re.sub(r"^( +)(.*)  # repeated (\d+) times\n", lambda m: (m[1] + m[2] + "\n") * int(m[3]), text, flags=re.M)
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return compile(text, path, "exec")


def refused(number, lines):
    names = {"np": np, "math": math, "njit": njit, "prange": prange, "readonly": readonly, "thing": threading.Lock(),
             "objects": np.array([None, "x"], dtype=object)}
    try:
        exec(decorated(lines, f"K{number:03}.py"), names)
    except TypingError as error:
        return str(error).replace(folder + "/", "") + "\n"
    except Exception as error:
        return f"it was not refused, but {type(error).__name__}: {error}\n"
    return "it was not refused\n"


seen, wrong = set(), []
for number, lines, expected in programs:
    text = refused(number, lines)
    if os.environ.get("UPDATE"):
        print(f"=== K{number:03}\n{lines}---\n{text}", end="")
        continue
    assert len(text.splitlines()) <= 12, text
    if text == expected and text.endswith(f"[K{number:03}]\n"):
        seen.add(number)
    else:
        wrong.append(f"K{number:03} reads\n{text}\nnot\n{expected}")
if not os.environ.get("UPDATE"):
    print("\n".join(wrong), file=sys.stderr)
    assert not wrong
    assert seen == numbers - unmet, f"rows without a program: {sorted(numbers - unmet - seen)}; programs without a row: {sorted(seen - numbers)}"
