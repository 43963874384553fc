"""The class tqdm and its renderer.

    loop ----- n += 1 -----> bar <----- every 0.1 s ----- renderer thread ----> file

The thread runs while bars are open. It is the only one that draws, except for close(), refresh(), write() and clear(), which
take the same lock. A process made by fork() has no renderer; the first bar that it opens starts one.
"""
import os
import sys
import threading
import time

_INTERVAL = 0.1
_BLOCKS = " ▏▎▍▌▋▊▉█"


class TqdmWarning(Warning):
    """Something about a bar that is not an error."""


def format_sizeof(number, suffix="", divisor=1000):
    """A number with an SI prefix: format_sizeof(12345, "B") is "12.3kB"."""
    for unit in ("", "k", "M", "G", "T", "P", "E", "Z"):
        if abs(number) < 999.5:
            if abs(number) < 99.95:
                return f"{number:.{2 if abs(number) < 9.995 else 1}f}{unit}{suffix}"
            return f"{number:3.0f}{unit}{suffix}"
        number /= divisor
    return f"{number:3.1f}Y{suffix}"


def format_interval(seconds):
    """[H:]MM:SS."""
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:d}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def format_num(number):
    """A number in the shorter of its two spellings."""
    plain, short = str(number), f"{number:.3g}".replace("e+0", "e+").replace("e-0", "e-")
    return short if len(short) < len(plain) else plain


def _bar(fraction, width, ascii):
    """A bar of `width` characters."""
    steps = _BLOCKS if ascii is False or ascii is None else " 123456789#" if ascii is True else ascii
    whole, part = divmod(int(fraction * width * (len(steps) - 1)), len(steps) - 1)
    text = steps[-1] * whole
    if whole < width:
        text += steps[part]
    return text + steps[0] * (width - len(text))


def format_meter(n, total, elapsed, ncols=None, prefix="", ascii=False, unit="it", unit_scale=False, rate=None,
                 bar_format=None, postfix=None, unit_divisor=1000, initial=0, colour=None, **extra):
    """The line of a bar; the names that bar_format may use are tqdm's."""
    if total and n > total + 0.5:
        total = None
    scale = unit_scale if unit_scale not in (True, False) else 1
    n, initial, total = n * scale, initial * scale, total * scale if total else total
    if rate is not None:
        rate *= scale
    elif elapsed:
        rate = (n - initial) / elapsed
    elapsed_text = format_interval(elapsed)

    def show(number):
        return format_sizeof(number, divisor=unit_divisor) if unit_scale else str(number)

    inverse = 1 / rate if rate else None
    if rate:
        plain = (format_sizeof(rate) if unit_scale else f"{rate:5.2f}") + f"{unit}/s"
        inverted = (format_sizeof(inverse) if unit_scale else f"{inverse:5.2f}") + f"s/{unit}"
    else:
        plain, inverted = f"?{unit}/s", f"?s/{unit}"
    rate_text = inverted if inverse and inverse > 1 else plain
    remaining = (total - n) / rate if rate and total else 0
    remaining_text = format_interval(remaining) if rate and total else "?"
    if postfix:
        postfix = f", {postfix}"
    names = dict(extra, n=n, n_fmt=show(n), total=total, total_fmt=show(total) if total else "?", elapsed=elapsed_text,
                 elapsed_s=elapsed, ncols=ncols, desc=prefix or "", unit=unit, rate=inverse if inverse and inverse > 1 else rate,
                 rate_fmt=rate_text, rate_noinv=rate, rate_noinv_fmt=plain, rate_inv=inverse, rate_inv_fmt=inverted,
                 postfix=postfix or "", unit_divisor=unit_divisor, colour=colour, remaining=remaining_text,
                 remaining_s=remaining)
    if not total:
        head = f"{prefix}: " if prefix else ""
        if bar_format:
            return bar_format.format(bar="?", l_bar=head, r_bar="", percentage=0, **names)
        return f"{head}{names['n_fmt']}{unit} [{elapsed_text}, {rate_text}{names['postfix']}]"
    fraction = n / total
    names["percentage"] = fraction * 100
    names["l_bar"] = (f"{prefix}: " if prefix else "") + f"{fraction * 100:3.0f}%|"
    names["r_bar"] = f"| {names['n_fmt']}/{names['total_fmt']} [{elapsed_text}<{remaining_text}, {rate_text}{names['postfix']}]"
    layout = bar_format or "{l_bar}{bar}{r_bar}"
    if "{bar" not in layout:
        return layout.format(**names)
    before, rest = layout.split("{bar", 1)
    width, after = rest.split("}", 1)
    left, right = before.format(**names), after.format(**names)
    columns = int(width[1:].rstrip("b")) if width[1:].rstrip("b").lstrip("-") else 0
    if columns <= 0:
        room = ncols if ncols is not None else 10 + len(left) + len(right)
        columns = max(1, room - len(left) - len(right) + columns)
    return left + _bar(fraction, columns, ascii) + right


class _Renderer:
    """The open bars and the thread that draws them."""

    def __init__(self):
        self.lock = threading.RLock()
        self.bars = []
        self.pid = None
        self.wake = None

    def open(self, bar):
        with self.lock:
            self.bars.append(bar)
            if bar.position is None:
                used = {other.position for other in self.bars if other is not bar}
                bar.position = next(k for k in range(len(self.bars)) if k not in used)
            if self.pid != os.getpid():
                self.pid, self.wake = os.getpid(), threading.Event()
                threading.Thread(target=self.run, args=(self.wake,), daemon=True, name="tqdm").start()

    def close(self, bar):
        with self.lock:
            if bar in self.bars:
                self.bars.remove(bar)
            if not self.bars and self.pid == os.getpid():
                self.wake.set()
                self.pid = None

    def run(self, wake):
        while not wake.wait(_INTERVAL):
            with self.lock:
                now = time.monotonic()
                for bar in self.bars:
                    if now - bar._drawn_at >= bar.mininterval and now - bar.start_t >= bar.delay:
                        bar._draw()


_renderer = _Renderer()


class tqdm:
    """A bar over an iterable, or one that update() moves."""

    monitor_interval = 10

    def __init__(self, iterable=None, desc=None, total=None, leave=True, file=None, ncols=None, mininterval=0.1,
                 maxinterval=10.0, miniters=None, ascii=None, disable=False, unit="it", unit_scale=False,
                 dynamic_ncols=False, smoothing=0.3, bar_format=None, initial=0, position=None, postfix=None,
                 unit_divisor=1000, write_bytes=False, lock_args=None, nrows=None, colour=None, delay=0.0, **extra):
        self.iterable, self.desc, self.leave, self.unit = iterable, desc or "", leave, unit
        if total is None and iterable is not None:
            try:
                total = len(iterable)
            except (TypeError, AttributeError):
                total = None
        self.total = None if total == float("inf") else total
        self.fp = self.file = file if file is not None else sys.stderr
        if disable is None:
            disable = not (hasattr(self.fp, "isatty") and self.fp.isatty())
        self.disable = disable
        self.ncols, self.mininterval, self.ascii, self.unit_scale = ncols, mininterval, ascii, unit_scale
        self.bar_format, self.initial, self.position, self.unit_divisor = bar_format, initial, position, unit_divisor
        self.colour, self.delay = colour, delay
        self.postfix = None
        self.n = initial
        self.start_t = time.monotonic()
        self._drawn_at, self._width, self._open = -1e9, 0, not disable
        if isinstance(postfix, dict):
            self.set_postfix(postfix, refresh=False)
        elif postfix:
            self.postfix = str(postfix)
        if self._open:
            _renderer.open(self)
            if not delay:
                self.refresh()

    # -- iteration

    def __iter__(self):
        if self.disable:
            yield from self.iterable
            return
        try:
            for item in self.iterable:
                yield item
                self.n += 1
        finally:
            self.close()

    def __len__(self):
        return self.total if self.iterable is None else len(self.iterable)

    def __bool__(self):
        if self.total is not None:
            return self.total > 0
        return self.iterable is None or bool(self.iterable)

    def __contains__(self, item):
        return item in self.iterable

    def __reversed__(self):
        original, self.iterable = self.iterable, reversed(self.iterable)
        try:
            yield from self
        finally:
            self.iterable = original

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()

    # -- moving

    def update(self, n=1):
        """Add n. True if a line was drawn."""
        if self.disable:
            return None
        self.n += n
        return None

    def reset(self, total=None):
        """Begin again, with a new total if one is given."""
        self.n = 0
        if total is not None:
            self.total = total
        self.start_t = time.monotonic()
        self.refresh()

    def unpause(self):
        """Accepted: rates are means here."""

    def set_description(self, desc=None, refresh=True):
        """The text before the bar."""
        self.desc = desc or ""
        if refresh:
            self.refresh()

    set_description_str = set_description

    def set_postfix_str(self, s="", refresh=True):
        """The text behind the rate."""
        self.postfix = str(s)
        if refresh:
            self.refresh()

    def set_postfix(self, ordered_dict=None, refresh=True, **values):
        """Names and values behind the rate."""
        pairs = dict(ordered_dict or {}, **dict(sorted(values.items())))
        self.set_postfix_str(", ".join(f"{k}={format_num(v) if isinstance(v, (int, float)) else str(v).strip()}"
                                       for k, v in pairs.items()), refresh)

    # -- drawing

    @property
    def format_dict(self):
        """What format_meter takes."""
        columns = self.ncols
        if columns is None:
            try:
                columns = os.get_terminal_size(self.fp.fileno()).columns - 1
            except (OSError, AttributeError, ValueError):
                columns = None
        return dict(n=self.n, total=self.total, elapsed=time.monotonic() - self.start_t, ncols=columns, prefix=self.desc,
                    ascii=self.ascii, unit=self.unit, unit_scale=self.unit_scale, rate=None, bar_format=self.bar_format,
                    postfix=self.postfix, unit_divisor=self.unit_divisor, initial=self.initial, colour=self.colour)

    def __str__(self):
        return format_meter(**self.format_dict)

    __repr__ = __str__

    def _put(self, text):
        down = self.position if self.position and self.position > 0 else 0
        self.fp.write("\n" * down + "\r" + text + " " * max(0, self._width - len(text)) + "\033[A" * down)
        self._width = len(text)
        flush = getattr(self.fp, "flush", None)
        if flush:
            flush()

    def _draw(self):
        self._drawn_at = time.monotonic()
        try:
            self._put(str(self))
        except (ValueError, OSError):  # the file was closed
            self._open = False

    def refresh(self, nolock=False, lock_args=None):
        """Draw now."""
        if self._open:
            with _renderer.lock:
                self._draw()
        return True

    display = refresh

    def clear(self, nolock=False):
        """Wipe the line."""
        if self._open:
            with _renderer.lock:
                self._put("")
                self.fp.write("\r")

    def close(self):
        """Draw the last state and leave the line, or wipe it."""
        if not self._open:
            return
        with _renderer.lock:
            try:
                if self.leave:
                    self._draw()
                    self.fp.write("" if self.position else "\n")
                else:
                    self._put("")
                    self.fp.write("\r")
            except (ValueError, OSError):  # the file was closed
                pass
            self._open = False
        _renderer.close(self)

    def __del__(self):
        if getattr(self, "_open", False):
            _renderer.close(self)

    # -- the class

    @classmethod
    def write(cls, s, file=None, end="\n", nolock=False):
        """Print above the bars."""
        out = file if file is not None else sys.stdout
        with _renderer.lock:
            bars = [bar for bar in _renderer.bars if bar._open]
            for bar in bars:
                bar.clear()
            out.write(str(s) + end)
            for bar in bars:
                bar._draw()

    @classmethod
    def set_lock(cls, lock):
        """The lock around drawing."""
        _renderer.lock = lock

    @classmethod
    def get_lock(cls):
        """The lock around drawing."""
        return _renderer.lock

    @classmethod
    def wrapattr(cls, stream, method, total=None, bytes=True, **options):
        """A context: the stream, whose read or write moves a bar."""
        options = dict(dict(unit="B", unit_scale=True, unit_divisor=1024), **options) if bytes else options
        return _Wrapped(cls(total=total, **options), stream, method)

    format_sizeof = staticmethod(format_sizeof)
    format_interval = staticmethod(format_interval)
    format_num = staticmethod(format_num)
    format_meter = staticmethod(format_meter)


class _Wrapped:
    """A stream whose reads or writes are counted."""

    def __init__(self, bar, stream, method):
        self._bar, self._stream, self._method = bar, stream, method

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self._bar.close()

    def __getattr__(self, name):
        value = getattr(self._stream, name)
        if name != self._method:
            return value

        def counted(*args, **kwargs):
            result = value(*args, **kwargs)
            moved = len(result) if name.startswith("read") else len(args[0])
            self._bar.update(moved)
            return result
        return counted


def trange(*args, **options):
    """tqdm(range(*args))."""
    return tqdm(range(*args), **options)
