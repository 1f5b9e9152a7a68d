#!/usr/bin/env python3
"""Measures how long the terminal client takes from a key to its echo on the terminal, while messages pour in.

    Benchmarks/run keys                       both, after one another
    Benchmarks/key_to_paint.py MYCHAT URL ANA_EMAIL ANA_PASSWORD BIA_EMAIL BIA_PASSWORD RATE

Ana's client runs in a pseudo-terminal with the conversation with Bia open, to whom RATE messages a second are
given through the server. Keys are typed, and each is timed from its write to the moment when the composer's row
shows it. Standard library only.
"""
import asyncio
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "fixtures", "crash"))
from client import HTTP, WebSocket  # noqa: E402  (it lies beside the other programs that need it)

COLUMNS, ROWS = 100, 30
COMPOSER = ROWS - 1          # the row above the status line, counted from 1
KEYS = int(os.environ.get("KEYS", "300"))
SEQUENCE = re.compile(rb"\x1b\[([?<>=]?)([0-9;]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Za-z]|\x1b.")


class Flood(threading.Thread):
    """Writes messages at a steady rate, in a thread with a loop of its own."""

    def __init__(self, port, email, password, receiver, rate):
        super().__init__(daemon=True)
        self.port, self.email, self.password = port, email, password
        self.receiver, self.rate = receiver, rate
        self.sent, self.ends = 0, False
        self.begun = threading.Event()

    def run(self):
        asyncio.run(self.flood())

    async def flood(self):
        http = HTTP(self.port)
        data = await http.request("POST", "/api/auth/login", {"email": self.email, "password": self.password})
        http.close()
        socket = await WebSocket.open(self.port, "/socket.io/?EIO=4&transport=websocket")
        socket.send("40" + json.dumps({"token": data["token"]}))
        while not (await socket.receive() or "").startswith("40"):
            pass
        listener = asyncio.create_task(self.listen(socket))
        self.begun.set()
        start = time.perf_counter()
        while not self.ends:
            due = int((time.perf_counter() - start) * self.rate)
            for _ in range(due - self.sent):
                socket.send("42" + json.dumps(["send_message", {
                    "receiver_id": self.receiver, "content": f"mensagem {self.sent} com café e um 😀",
                    "temp_id": os.urandom(16).hex()}]))
                self.sent += 1
            await socket.writer.drain()
            # Messages come in tens of a hundredth of a second, as from a busy network.
            await asyncio.sleep(0.01)
        listener.cancel()
        socket.close()

    @staticmethod
    async def listen(socket):
        while True:
            text = await socket.receive()
            if text == "2":
                socket.send("3")


class Screen:
    """What of a terminal is needed here: the composer's row."""

    def __init__(self):
        self.pending, self.row, self.column, self.frames, self.bytes = b"", 1, 1, 0, 0
        self.composer = [" "] * (COLUMNS + 1)

    def feed(self, data):
        self.bytes += len(data)
        self.frames += data.count(b"\x1b[?25l")
        data = self.pending + data
        position = 0
        while position < len(data):
            if data[position] == 0x1B:
                match = SEQUENCE.match(data, position)
                if match is None:
                    break
                self.sequence(match)
                position = match.end()
                continue
            end = data.find(b"\x1b", position)
            end = len(data) if end < 0 else end
            self.text(data[position:end])
            position = end
        self.pending = data[position:]

    def sequence(self, match):
        if match.group(3) == b"H":
            numbers = [int(number or 1) for number in match.group(2).split(b";")] if match.group(2) else [1, 1]
            self.row, self.column = (numbers + [1, 1])[:2]
        elif match.group(3) == b"K" and self.row == COMPOSER:
            self.composer[self.column:] = [" "] * (COLUMNS + 1 - self.column)

    def text(self, data):
        if self.row != COMPOSER:
            return
        for character in data.decode("utf-8", "replace"):
            if self.column <= COLUMNS:
                self.composer[self.column] = character
            self.column += 1

    def typed(self, letter):
        return "".join(self.composer).count(letter)


def measure(argv, environment, rate, flood):
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execve(argv[0], argv, environment)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    screen = Screen()
    whole = b""

    def pump(seconds):
        ready, _, _ = select.select([fd], [], [], seconds)
        if not ready:
            return b""
        data = os.read(fd, 1 << 16)
        screen.feed(data)
        return data

    def wait(what, seconds=60):
        nonlocal whole
        end = time.monotonic() + seconds
        while not re.search(what, whole):
            if time.monotonic() > end:
                sys.exit(f"never saw {what!r}")
            whole += pump(1)

    try:
        wait(rb"connected")
        os.write(fd, b"\x0bbia\r")
        wait(rb"write a message")
        flood.start()
        flood.begun.wait()
        begun = time.perf_counter()
        warm = begun + 1
        while time.perf_counter() < warm:
            pump(0.05)
        screen.frames = screen.bytes = 0
        before, cpu, start = flood.sent, used(pid), time.perf_counter()
        times = []
        for number in range(KEYS):
            if number % 40 == 0 and number:
                os.write(fd, b"\x15")
                while screen.typed("z"):
                    pump(1)
            pause = time.perf_counter() + 0.04
            while (left := pause - time.perf_counter()) > 0:
                pump(left)
            wanted = screen.typed("z") + 1
            begun = time.perf_counter()
            os.write(fd, b"z")
            while screen.typed("z") < wanted:
                if not pump(5) and time.perf_counter() - begun > 20:
                    sys.exit("a key was never echoed")
            times.append((time.perf_counter() - begun) * 1000)
        seconds = time.perf_counter() - start
        rate = (flood.sent - before) / seconds
        times.sort()
        return {
            "messages_per_second": round(rate), "keys": len(times),
            "p50_ms": round(statistics.median(times), 2), "p99_ms": round(times[int(len(times) * 0.99)], 2),
            "max_ms": round(times[-1], 2), "frames_per_second": round(screen.frames / seconds, 1),
            "bytes_per_second": round(screen.bytes / seconds),
            "cpu": round((used(pid) - cpu) / seconds, 3),
            "cpu_ms_per_frame": round((used(pid) - cpu) * 1000 / max(1, screen.frames), 2), "rss_mib": resident(pid)}
    finally:
        flood.ends = True
        os.kill(pid, signal.SIGTERM)
        try:
            while os.read(fd, 1 << 16):
                pass
        except OSError:
            pass
        os.waitpid(pid, 0)


def used(pid):
    """Seconds of CPU so far."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) // 1024


def main():
    mychat, url, ana, ana_password, bia, bia_password, rate = sys.argv[1:8]
    with tempfile.TemporaryDirectory(prefix="mychat-keys-") as home:
        environment = {
            "HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
            "MYCHAT_URL": url}
        subprocess.run(
            [mychat, "login", ana, "--password-stdin"], input=ana_password + "\n", env=environment, check=True,
            text=True, stdout=subprocess.DEVNULL)
        status = subprocess.run(
            [mychat, "--json", "whoami"], env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout
        receiver = json.loads(status)["account"]["id"]
        port = int(url.rsplit(":", 1)[1])
        flood = Flood(port, bia, bia_password, receiver, float(rate))
        print(json.dumps(measure([mychat, "--language", "en"], environment, float(rate), flood)))


if __name__ == "__main__":
    main()
