"""The prompt at a terminal: editing, history, completion, Ctrl-C, Ctrl-D, and input() through the editor."""

import os
import pty
import select
import sys
import tempfile
import termios
import time
import unittest


class Prompt:
    """An interpreter at a pseudo-terminal, with a home of its own."""

    def __init__(self, home):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(HOME=home, TERM="xterm", LANG="C.UTF-8")
            for name in ("PYTHONSTARTUP", "INPUTRC", "EDITRC"):
                os.environ.pop(name, None)
            os.execv(sys.executable, [sys.executable, "-q"])
        self.pid = pid
        self.read_until(">>> ")

    def read_until(self, text, seconds=20):
        """What the terminal shows until `text` does."""
        shown = ""
        end = time.monotonic() + seconds
        while text not in shown:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {text!r} within {seconds} s: {shown!r}")
            try:
                data = os.read(self.fd, 4096)
            except OSError:  # the other end is closed
                data = b""
            if not data:
                raise AssertionError(f"ended without {text!r}: {shown!r}")
            shown += data.decode()
        return shown

    def press(self, keys):
        """Types once the editor has the terminal: before, the terminal itself would act on some keys."""
        while termios.tcgetattr(self.fd)[3] & termios.ICANON:
            time.sleep(0.001)
        os.write(self.fd, keys.encode())

    def type(self, keys, until="\r\n>>> "):
        self.press(keys)
        return self.read_until(until)

    def end(self):
        """Ctrl-D; the exit status."""
        self.press("\x04")
        return self.wait()

    def wait(self):
        """Reads until the other end is closed; the exit status."""
        try:
            while os.read(self.fd, 4096):
                pass
        except OSError:
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class PromptTest(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        self.prompt = Prompt(self.home.name)

    def test_expressions_and_the_last_value(self):
        self.assertIn("\r\n42\r\n", self.prompt.type("6 * 7\r"))
        self.assertIn("\r\n43\r\n", self.prompt.type("_ + 1\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_compound_statement_ends_with_an_empty_line(self):
        self.prompt.type("for i in range(2):\r", until="\r\n... ")
        self.prompt.type("    print('item', i)\r", until="\r\n... ")
        self.assertIn("item 0\r\nitem 1\r\n", self.prompt.type("\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_text_outside_ascii(self):
        self.assertIn("\r\n('é', 1)\r\n", self.prompt.type("s = 'é'; s, len(s)\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_completion_of_attributes(self):
        self.prompt.type("import sys\r")
        self.assertIn("\r\n1114111\r\n", self.prompt.type("sys.maxuni\t\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_interrupt_gives_up_the_line(self):
        self.prompt.press("1 +")
        self.prompt.read_until("1 +")
        self.assertIn("KeyboardInterrupt\r\n", self.prompt.type("\x03"))
        self.assertIn("\r\n5\r\n", self.prompt.type("2 + 3\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_interrupt_stops_a_statement(self):
        self.prompt.type("import time\r")
        self.prompt.press("print('now'); time.sleep(60)\r")
        self.prompt.read_until("\r\nnow\r\n")
        os.write(self.prompt.fd, b"\x03")
        self.assertIn("KeyboardInterrupt", self.prompt.read_until("\r\n>>> "))
        self.assertIn("\r\n5\r\n", self.prompt.type("2 + 3\r"))
        self.prompt.end()

    def test_input_is_edited(self):
        self.prompt.type("name = input('name? ')\r", until="\r\nname? ")
        self.prompt.type("wong\x01\x0b" "right\r")  # to the start, delete to the end
        self.assertIn("'right'", self.prompt.type("name\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_history_lasts(self):
        self.prompt.type("'first' + 'line'\r")
        self.assertEqual(self.prompt.end(), 0)
        self.prompt = Prompt(self.home.name)
        self.assertIn("firstline", self.prompt.type("\x1b[A\r"))
        self.assertEqual(self.prompt.end(), 0)

    def test_exit_status(self):
        self.prompt.press("raise SystemExit(7)\r")
        self.assertEqual(self.prompt.wait(), 7)


if __name__ == "__main__":
    unittest.main()
