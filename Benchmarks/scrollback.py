#!/usr/bin/env python3
"""Measures the terminal client in a conversation of a million messages: pages, jumps, searches, and its memory.

    Benchmarks/run scroll                the whole of it
    Benchmarks/scrollback.py MYCHAT CACHE PEER

CACHE is the cache.db of a signed-in account whose server is away, PEER the id of a person who stands first in its
list; the conversation with that person is replaced. Processor time is what counts: it depends less on what else the
machine does. Standard library only.
"""
import fcntl
import os
import pty
import random
import re
import select
import signal
import sqlite3
import struct
import sys
import termios
import time

MESSAGES = 1_000_000
WORDS = "casa praia servidor mensagem trabalho amanhã hoje café queijo reunião projeto livro música cidade".split()


def cache_of(environment):
    """The cache of the account whose HOME this is."""
    home = environment["HOME"]
    return next(os.path.join(folder, "cache.db") for folder, _, files in os.walk(home) if "cache.db" in files)


def pretend_indexed(cache):
    """Whoever starts the client every day has the index for searches made long since."""
    with sqlite3.connect(cache) as database:
        database.execute("UPDATE meta SET value = (SELECT MAX(row_id) FROM messages) WHERE key = 'search_indexed_to'")


def fill(cache, peer, me=None):
    """Makes the conversation with `peer` MESSAGES long; `me` is found where messages of both are cached."""
    database = sqlite3.connect(cache)
    if me is None:
        (me,), = database.execute("SELECT sender_id FROM messages WHERE sender_id <> peer_id LIMIT 1")
    (first,), = database.execute("SELECT coalesce(max(server_id), 0) + 1 FROM messages")
    rng = random.Random(1)
    begun = 1_600_000_000

    def rows():
        for number in range(MESSAGES):
            mine = number % 3 == 0
            text = " ".join(rng.choices(WORDS, k=rng.randint(2, 12)))
            yield (peer, first + number, first + number, me if mine else peer, text,
                   (begun + number * 180) * 1_000_000, 4 if mine else 1)

    with database:
        database.executemany(
            "INSERT INTO messages (peer_id, position, server_id, sender_id, content, created_at, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
        database.execute(
            "UPDATE conversations SET contiguous_to = ?, unread = 0, last_time = ?,"
            " last_row_id = (SELECT row_id FROM messages WHERE server_id = ?) WHERE peer_id = ?",
            (first + MESSAGES - 1, 4_000_000_000_000_000, first + MESSAGES - 1, peer))
    database.close()


class Client:
    """The client in a pseudo-terminal."""

    def __init__(self, mychat):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(mychat, [mychat], os.environ)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def settle(self, quiet, most=3):
        """Until nothing was printed for a moment; a countdown may go on for ever."""
        end = time.monotonic() + most
        while time.monotonic() < end:
            if not select.select([self.terminal], [], [], quiet)[0]:
                return
            os.read(self.terminal, 65536)

    def press(self, keys, quiet=0.03):
        os.write(self.terminal, keys.encode())
        self.settle(quiet)

    @property
    def memory(self):
        """Resident, in MiB."""
        with open(f"/proc/{self.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    @property
    def processor(self):
        """Seconds of all threads that live."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/schedstat") as stat:
                total += int(stat.read().split()[0])
        return total / 1e9

    def rest(self, most=300):
        """Until the search index of the new messages has been made, which goes on beside everything else."""
        end = time.monotonic() + most
        before = -1.0
        while time.monotonic() < end and self.processor - before > 0.05:
            before = self.processor
            self.settle(2, most=2)

    def cost(self, keys, times):
        """Milliseconds of processor time for each press, over all threads."""
        before = self.processor
        for _ in range(times):
            self.press(keys)
        return (self.processor - before) * 1000 / times


def main():
    mychat, cache, peer = sys.argv[1:]
    fill(cache, int(peer))
    client = Client(mychat)
    client.rest()
    print(f"start: {client.memory:.1f} MiB")
    print(f"page up: {client.cost(chr(27) + '[5~', 300):.2f} ms each, {client.memory:.1f} MiB")
    print(f"page up: {client.cost(chr(27) + '[5~', 300):.2f} ms each, {client.memory:.1f} MiB")
    print(f"to the beginning and back: {client.cost(chr(27) + '[1~' + chr(27) + '[4~', 20):.2f} ms each")
    client.press("\x13", 0.3)
    for word in ("servidor", "queijo"):
        costs = [client.cost(letter, 1) for letter in word]
        print(f"search, typing {word}: at most {max(costs):.2f} ms a key")
        client.press("\x15", 0.3)
    print(f"end: {client.memory:.1f} MiB")
    os.kill(client.pid, signal.SIGTERM)
    os.waitpid(client.pid, 0)


if __name__ == "__main__":
    main()
