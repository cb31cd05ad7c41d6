"""What the interop tests share: programs that are always ended, their events, free ports, SIPp's figures, bare sockets."""
import contextlib
import csv
import json
import pathlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time


class Failure(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failure(what)


def free_port():
    """A port that was free for UDP and TCP a moment ago, for programs that cannot ask for port 0."""
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            return udp.getsockname()[1]
    raise Failure("no free port")


class Program:
    """A program of ours: its lines come by `line`, and `stop` ends it whatever happens."""

    def __init__(self, *command, stdin=None, stderr=None):
        self.name = " ".join(str(part) for part in command)
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=stderr, stdin=stdin, text=True)
        self.lines = queue.Queue()
        self.seen = []
        self.ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for text in self.process.stdout:
            self.lines.put(text.rstrip("\n"))
        self.lines.put(None)

    def line(self, seconds=10):
        """The next line; None at the end."""
        if self.ended:
            return None
        try:
            text = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise Failure(f"{self.name}: silent for {seconds} s") from None
        if text is None:
            self.ended = True
        else:
            self.seen.append(text)
        return text

    def wait_for_line(self, wanted, seconds=10):
        while (text := self.line(seconds)) is not None:
            if wanted in text:
                return text
        raise Failure(f"{self.name}: ended without {wanted!r}; it said {self.seen}")

    def interrupt(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def wait(self, seconds=20):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name}: still running after {seconds} s") from None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Peal(Program):
    """`peal COMMAND … --json`: its events."""

    def event(self, name, seconds=10, **fields):
        while (text := self.line(seconds)) is not None:
            event = json.loads(text)
            if event["event"] == name and all(event.get(key) == value for key, value in fields.items()):
                return event
        raise Failure(f"{self.name}: ended without event {name} {fields}; it said {self.seen[-5:]}")

    def events(self, name):
        """All of that name so far; call it when the program has ended."""
        while self.line() is not None:
            pass
        return [event for event in map(json.loads, self.seen) if event["event"] == name]

    def port(self):
        return int(self.event("ready")["listen"][0].rsplit(":", 1)[1])


@contextlib.contextmanager
def running(program):
    try:
        yield program
    finally:
        program.stop()


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield pathlib.Path(name)


def sipp_figures(path):
    """The last line of SIPp's statistics file, by column; cumulative ones end in (C)."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return dict(zip(rows[0], rows[-1]))


def check_sipp(path, calls):
    figures = sipp_figures(path)
    found = tuple(int(figures[column]) for column in ("SuccessfulCall(C)", "FailedCall(C)", "Retransmissions(C)"))
    check(found == (calls, 0, 0), f"SIPp: successful, failed, retransmissions = {found}, wanted {(calls, 0, 0)}")
    return found


def check_nothing_lives(stats, *, but=()):
    """Every live-object counter is zero; what was answered is still remembered for a while, in echo records."""
    for name, count in stats["counters"]["live"].items():
        if not name.startswith("echo_") and name not in but:
            check(count == 0, f"live {name}: {count}")


class Socket:
    """A bare UDP socket that talks to one port of this machine."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]

    def send(self, data):
        self.socket.send(data if isinstance(data, bytes) else data.encode())

    def receive(self, seconds=5):
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(65536).decode(errors="replace")
        except TimeoutError:
            return None


def main(test):
    begun = time.monotonic()
    try:
        test(*sys.argv[1:])
    except Failure as failure:
        print(f"FAILED: {failure}")
        sys.exit(1)
    print(f"passed in {time.monotonic() - begun:.1f} s")
