"""What parallel_diagnostics() prints: the source with its parallel loops, then what became of each."""
import linecache

_TITLES = {"l": "", "s": "", "r": "reduction: ", "u": "not proved: ", "p": "proved: ", "a": ""}


def _listing(function, loops):
    """The source lines of a function, with the numbers of the loops that begin in them."""
    code = function.__code__
    last = max([code.co_firstlineno] + [line for _, _, line in code.co_lines() if line])
    lines = []
    for number in range(code.co_firstlineno, last + 1):
        text = linecache.getline(code.co_filename, number).rstrip()
        marks = " ".join(f"#{loop}" for loop, line in loops if line == number)
        lines.append(f"{text:<68}| {marks}".rstrip())
    return lines


def show(dispatcher, signature, level):
    """Print the diagnostics of a dispatcher's specialisations (all, or those of one signature)."""
    level = 1 if level is None else int(level)
    for text, notes in dispatcher._parallel_notes():
        notes = [note for note in notes if note[2] in _TITLES]
        if signature is not None and str(signature) not in text:
            continue
        function = dispatcher.py_func
        code = function.__code__
        print("=" * 80)
        print(f" Parallel Accelerator Optimizing:  Function {function.__name__}, {code.co_filename} "
              f"({code.co_firstlineno})")
        print(f" {function.__name__}{text}")
        print("=" * 80)
        if not notes:
            print("Nothing in it runs in parallel.")
            continue
        for owner in dict.fromkeys(note[0] for note in notes):
            own = [note for note in notes if note[0] is owner]
            print(f"\nParallel loop listing for  Function {owner.__name__}, {owner.__code__.co_filename} "
                  f"({owner.__code__.co_firstlineno})")
            print("-" * 68 + "|loop #")
            loops = [(loop, line) for _, loop, kind, line, _, _ in own if loop and kind in "lsa"]
            print("\n".join(_listing(owner, list(dict.fromkeys(loops)))))
            print()
            for _, loop, kind, line, _, words in own:
                if kind == "p" and level < 2:
                    continue
                head = f"#{loop}, line {line}" if loop else f"line {line}"
                print(f"  {head}: {_TITLES[kind]}{words}")
        print()
