#!/usr/bin/env python3
"""Measures how long the terminal client takes from a key to its echo on the terminal, while messages pour in.

    Benchmarks/run keys
    Benchmarks/key_to_paint.py MYCHAT MYCHAT_SERVER TOOLS HOME [RATE]

TOOLS is the directory with `sioload` and `keymeter`, HOME an empty directory. A person's cache holds a million messages;
the client runs in a pseudo-terminal and shows their conversation. Keys are typed without traffic, while RATE messages a
second (1,000) arrive in that conversation, and while as many arrive in ten others. Standard library only.
"""
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys

import scrollback

KEYS = int(os.environ.get("KEYS", "300"))
OTHERS = 10
# The server has this many of the newest messages too: the client requests a page of them.
PAGE = 1000
PASSWORD = 2  # a column of the users' file


class Server:
    """The bundled server on a free port."""

    def __init__(self, program, home, port="0"):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={"PATH": os.environ["PATH"], "HOME": home, "PORT": port, "BCRYPT_COST": "4",
                 "CONN_URL": "sqlite:" + os.path.join(home, "server.db")})
        self.url = re.search(r"http://\S+", self.process.stdout.readline()).group()
        self.port = self.url.rsplit(":", 1)[1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Flood:
    """Lets other people write to the first user of the file, until the end of the `with`."""

    def __init__(self, tools, port, users, rate, first, senders, **more):
        self.process = subprocess.Popen(
            [os.path.join(tools, "sioload"), "flood", "--port", port, "--users-file", users, "--rate", str(rate),
             "--from", str(first), "--senders", str(senders), "--duration", str(more.get("duration", 60))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        for line in self.process.stderr:
            if "flooding" in line:
                return self
        sys.exit("the flood did not begin")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.end()

    def end(self):
        self.found = json.loads(self.process.communicate()[0])
        if self.process.returncode != 0:
            sys.exit(f"the flood ended with {self.process.returncode}: {self.found}")


def prepare(mychat, program, tools, home, users):
    """A person with eleven contacts, and a million cached messages with the first of them."""
    server = Server(program, home)
    with Flood(tools, server.port, users, 100, 1, 1 + OTHERS, duration=0.5) as flood:
        flood.end()
    with open(users, encoding="utf-8") as file:
        people = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    environment = {"HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color",
                   "MYCHAT_URL": server.url}
    subprocess.run([mychat, "login", people[0][1], "--password-stdin"], input=people[0][PASSWORD] + "\n", check=True,
                   text=True, env=environment, stdout=subprocess.DEVNULL)
    # A command that connects, so that the cache knows the others.
    subprocess.run([mychat, "status"], env=environment, check=True, stdout=subprocess.DEVNULL)
    server.stop()
    cache = scrollback.cache_of(environment)
    me, peer = (int(person[0]) for person in people[:2])
    scrollback.fill(cache, peer, me=me)
    scrollback.pretend_indexed(cache)
    share(cache, os.path.join(home, "server.db"), me, peer)
    return Server(program, home, server.port), environment


def share(cache, server, me, peer):
    """Copies the newest messages of the cache to the server, as if they had come from it."""
    with sqlite3.connect(cache) as database:
        rows = database.execute(
            "SELECT server_id, sender_id, content, created_at FROM messages WHERE peer_id = ? ORDER BY position DESC "
            "LIMIT ?", (peer, PAGE)).fetchall()
    with sqlite3.connect(server) as database:
        database.executemany(
            "INSERT OR IGNORE INTO messages(id, sender_id, receiver_id, content, is_read, created_at, temp_id) "
            "VALUES (?, ?, ?, ?, 1, ?, ?)",
            [(number, sender, peer if sender == me else me, text, time, f"filled-{number}")
             for number, sender, text, time in rows])


def line(name, found, flood=None):
    rate = f"{flood['sent_per_s']:.0f} messages/s" if flood else "nothing arrives"
    return (
        f"{name}, {rate}: p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms, at most {found['max_ms']} ms (the machine "
        f"alone: p50 {found['floor_p50_ms']}, p99 {found['floor_p99_ms']}, at most {found['floor_max_ms']}); "
        f"{found['frames_per_s']:.0f} frames/s, at most {found['frames_in_a_second_at_most']} in a second, "
        f"{found['bytes_per_frame']:.0f} bytes each; {found['cpu']:.1%} of a core, "
        f"{found['rss_mib']} MiB")


def main():
    mychat, program, tools, home = sys.argv[1:5]
    rate = float(sys.argv[5]) if len(sys.argv) > 5 else 1000
    users = os.path.join(home, "users.tsv")
    server, environment = prepare(mychat, program, tools, home, users)
    meter = subprocess.Popen(
        [os.path.join(tools, "keymeter"), "--keys", str(KEYS), "--until", "write a message", "--", mychat, "--language",
         "en"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure():
        meter.stdin.write("now\n")
        meter.stdin.flush()
        return json.loads(meter.stdout.readline())

    try:
        if meter.stdout.readline() != "ready\n":
            sys.exit("the client did not come up")
        print(line("in peace", measure()), flush=True)
        for name, first, senders in (("into the open conversation", 1, 1), ("into ten others", 2, OTHERS)):
            with Flood(tools, server.port, users, rate, first, senders) as flood:
                found = measure()
            print(line(name, found, flood.found), flush=True)
    finally:
        meter.stdin.close()
        meter.wait()
        server.stop()


if __name__ == "__main__":
    main()
