"""Text processing: word counts, longest words, line lengths and letters over a file.

    word_counts.py [MEGABYTES = 10]
"""
import collections
import os
import re
import sys
import tempfile

megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 10
syllables = "ka to mi ren sol da vu pe ly x\u00e9 \u00f8r st".split()


def word(k):
    letters = syllables[k % 12]
    while k > 12:
        k //= 12
        letters += syllables[k % 12]
    return letters


def write(path):
    state, size = 1, 0
    with open(path, "w", encoding="utf-8") as f:
        while size < megabytes * 1e6:
            line = []
            for _ in range(10):
                state = (state * 1103515245 + 12345) % 2147483648
                w = word(state >> 16 & (63 if state & 512 else 4095))
                line.append(w.capitalize() if state & 256 else w)
            text = " ".join(line) + (".\n" if state & 128 else ",\n")
            size += f.write(text)


def count(path):
    words, lengths, lines = collections.Counter(), collections.defaultdict(int), 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            lines += 1
            lengths[len(line) // 10 * 10] += 1
            words.update(w.strip(".,").lower() for w in line.split())
    return words, dict(sorted(lengths.items())), lines


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "text.txt")
    write(path)
    words, lengths, lines = count(path)
    print(lines, sum(words.values()), len(words))
    print(words.most_common(8))
    print(lengths)
    print(sorted(words, key=lambda w: (-len(w), w))[:5])
    with open(path, "rb") as f:
        data = f.read()
    print(len(data), data.count(b"\n"), sum(data[:1000]))
    text = data.decode("utf-8")
    print(len(re.findall(r"\b[A-Z]\w+\b", text)), text.count("k\u00e9"), text.title().swapcase()[:60])
    letters = collections.Counter(text)
    print(letters.most_common(5), [w for w, n in words.items() if w == w[::-1]][:5])
