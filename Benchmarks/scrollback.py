#!/usr/bin/env python3
"""Measures the terminal client in a conversation of a million messages: pages, jumps, searches, and its memory.

    Benchmarks/run scroll                everything
    Benchmarks/scrollback.py MYCHAT CACHE PEER

CACHE is the cache.db of a signed-in account without a reachable server, PEER the id of the first person in its list. The
conversation with that person is replaced. CPU time counts, because it depends less on the load of the machine. Standard
library only.
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
PAGE_UP, HOME, END, SEARCH, SEARCH_ALL = "\x1b[5~", "\x1b<", "\x1b>", "\x13", "\x1b/"
WORDS = "casa praia servidor mensagem trabalho amanhã hoje café queijo reunião projeto livro música cidade".split()


def cache_of(environment):
    """The cache of the account with this HOME."""
    home = environment["HOME"]
    return next(os.path.join(folder, "cache.db") for folder, _, files in os.walk(home) if "cache.db" in files)


def pretend_indexed(cache):
    """Builds the search index, which a client in daily use has had for a long time."""
    with sqlite3.connect(cache) as database:
        database.execute("UPDATE meta SET value = (SELECT MAX(row_id) FROM messages) WHERE key = 'search_indexed_to'")


def fill(cache, peer, me=None):
    """Fills the conversation with `peer` up to MESSAGES; `me` is found where messages of both are cached."""
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
        """Waits until nothing was printed for a moment; a countdown may never end. Returns the time of the last output."""
        last, end = None, time.monotonic() + most
        while time.monotonic() < end:
            if not select.select([self.terminal], [], [], quiet)[0]:
                break
            os.read(self.terminal, 65536)
            last = time.monotonic()
        return last

    def press(self, keys, quiet=0.03):
        """Seconds until the answer is complete."""
        begun = time.monotonic()
        os.write(self.terminal, keys.encode())
        return (self.settle(quiet) or begun) - begun

    @property
    def memory(self):
        """Resident memory, in MiB."""
        with open(f"/proc/{self.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    @property
    def processor(self):
        """CPU seconds of all living threads."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/schedstat") as stat:
                total += int(stat.read().split()[0])
        return total / 1e9

    def rest(self, most=300):
        """Waits until the search index of the new messages is built; this runs in the background."""
        end = time.monotonic() + most
        before = -1.0
        while time.monotonic() < end and self.processor - before > 0.05:
            before = self.processor
            self.settle(2, most=2)

    def cost(self, keys, times, quiet=0.03):
        """For each key press: milliseconds of CPU time of all threads, and until the answer is complete."""
        costs = []
        for _ in range(times):
            before = self.processor
            seconds = self.press(keys, quiet)
            costs.append(((self.processor - before) * 1000, seconds * 1000))
        return costs


def told(costs):
    """The median and the worst, of both."""
    cpu, clock = (sorted(column) for column in zip(*costs))
    return (f"CPU {cpu[len(cpu) // 2]:.2f} ms, at most {cpu[-1]:.2f}; by the clock {clock[len(clock) // 2]:.2f} ms, p99 "
            f"{clock[min(len(clock) - 1, len(clock) * 99 // 100)]:.2f}, at most {clock[-1]:.2f}")


def main():
    mychat, cache, peer = sys.argv[1:]
    fill(cache, int(peer))
    client = Client(mychat)
    client.rest()
    print(f"start: {client.memory:.1f} MiB")
    for _ in range(2):
        print(f"page up: {told(client.cost(PAGE_UP, 300))}; {client.memory:.1f} MiB")
    print(f"to the beginning, and to the end: {told(client.cost(HOME, 1) + client.cost(END, 1))}")
    for name, keys in (("this conversation", SEARCH), ("all conversations", SEARCH_ALL)):
        client.press(keys, 0.3)
        for words in ("servidor", "queijo amanhã", "xilofone"):
            costs = [cost for letter in words for cost in client.cost(letter, 1, quiet=0.1)]
            print(f"search in {name}, typing {words}, a key: {told(costs)}")
            client.press("\x15", 0.3)
        client.press("\x1b", 0.3)
    print(f"end: {client.memory:.1f} MiB")
    os.kill(client.pid, signal.SIGTERM)
    os.waitpid(client.pid, 0)


if __name__ == "__main__":
    main()
