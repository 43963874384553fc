"""_posixsubprocess, _multiprocessing, _posixshmem, fcntl, pwd, grp, resource through the library."""
import fcntl
import grp
import os
import pwd
import resource
import subprocess
import tempfile

run = subprocess.run(["sh", "-c", "cat; echo err >&2; exit 3"], input=b"in", capture_output=True)
assert (run.returncode, run.stdout, run.stderr) == (3, b"in", b"err\n")
assert subprocess.check_output("echo $X", shell=True, env={"X": "é"}, text=True) == "é\n"
assert subprocess.check_output(["pwd"], cwd="/").strip() == b"/"
assert subprocess.check_output(["sh", "-c", "umask"], umask=0o77).strip() == b"0077"
assert subprocess.check_output(["true"], preexec_fn=lambda: None) == b""
r, w = os.pipe()
shown = subprocess.run(["sh", "-c", f"echo kept >&{w}; ls /proc/self/fd | wc -l"], pass_fds=[w], stdout=subprocess.PIPE)
os.close(w)
assert os.read(r, 10) == b"kept\n" and int(shown.stdout) == 5
for arguments, options, kind in (("/nonexistent", {}, FileNotFoundError), ("true", {"cwd": "/nonexistent"}, FileNotFoundError),
                                 ("/etc/passwd", {}, PermissionError), ("true", {"preexec_fn": lambda: 1 / 0}, subprocess.SubprocessError)):
    try:
        subprocess.run([arguments], **options)
    except kind:
        pass
    else:
        raise AssertionError(arguments)
try:
    subprocess.run(["sleep", "10"], timeout=0.05)
except subprocess.TimeoutExpired:
    pass
else:
    raise AssertionError("timeout")

assert pwd.getpwuid(0).pw_name == "root" and pwd.getpwnam("root")[2] == 0 and pwd.getpwuid(0) in pwd.getpwall()
assert grp.getgrgid(0).gr_name == "root" and isinstance(grp.getgrnam("root").gr_mem, list)
try:
    pwd.getpwnam("no such user")
except KeyError as e:
    assert str(e) == "\"getpwnam(): name not found: 'no such user'\""
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
with tempfile.TemporaryFile() as f:
    fcntl.flock(f, fcntl.LOCK_EX)
    fcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB)
    assert fcntl.fcntl(f, fcntl.F_GETFD) & fcntl.FD_CLOEXEC

import multiprocessing
from multiprocessing import shared_memory


def square(x):
    return x * x


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        assert pool.map(square, range(10)) == [x * x for x in range(10)]
    queue = context.Queue()
    process = context.Process(target=queue.put, args=({"from": "child"},))
    process.start()
    assert queue.get() == {"from": "child"}
    process.join()
    assert process.exitcode == 0
    lock = context.RLock()
    with lock, lock:
        assert lock._semlock._is_mine()
    bounded = context.BoundedSemaphore(1)
    try:
        bounded.release()
    except ValueError:
        pass
    else:
        raise AssertionError("released too often")
    memory = shared_memory.SharedMemory(create=True, size=16)
    again = shared_memory.SharedMemory(memory.name)
    memory.buf[:3] = b"abc"
    assert bytes(again.buf[:3]) == b"abc"
    again.close()
    memory.close()
    memory.unlink()

for bad in ([], (), [''], (b'', b'x')):
    try:
        os.execv('/nonexistent', bad)
    except ValueError as error:
        assert 'empty' in str(error)
    else:
        raise AssertionError(bad)
