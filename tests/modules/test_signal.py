"""_signal: handlers, the default one on other signals, the descriptor that a signal wakes."""
import contextlib
import io
import os
import signal

got = []
signal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
assert got == [signal.SIGUSR1]
# Whatever signal default_int_handler is installed for, it raises KeyboardInterrupt.
signal.signal(signal.SIGALRM, signal.default_int_handler)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
except KeyboardInterrupt:
    pass
else:
    raise AssertionError('no KeyboardInterrupt')
read, write = os.pipe()
try:
    signal.set_wakeup_fd(write)
except ValueError as error:
    assert str(error) == 'the fd %d must be in non-blocking mode' % write
else:
    raise AssertionError('a blocking descriptor')
os.set_blocking(write, False)
assert signal.set_wakeup_fd(write) == -1
signal.raise_signal(signal.SIGUSR1)
assert os.read(read, 10) == bytes([signal.SIGUSR1])
os.close(read)
os.close(write)
errors = io.StringIO()
with contextlib.redirect_stderr(errors):
    signal.raise_signal(signal.SIGUSR1)
assert 'Exception ignored when trying to write to the signal wakeup fd' in errors.getvalue()
assert 'Bad file descriptor' in errors.getvalue()
assert signal.set_wakeup_fd(-1) == write
try:
    signal.set_wakeup_fd(write)
except OSError:
    pass
else:
    raise AssertionError('a closed descriptor')
