#!/usr/bin/env python3
"""Runs the real program in a real pseudo-terminal, plays the scenes below and renders its screen to PNG.

    make screenshots          all scenes, into docs/screenshots/
    tools/screenshots.py --only conversation --out /tmp

pyte emulates the terminal, and Pillow draws the picture cell by cell, so it shows exactly what the program sent.
`make screenshots` installs both from PyPI into .cache/venv.
"""
import argparse
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

import pyte
from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MYCHAT = os.path.join(ROOT, "bin", "mychat")

# A scene: a terminal, a command line, and steps. ("wait", regex) until the screen shows it; ("keys", text);
# ("shot", name) writes NAME.png; ("rest", seconds) lets time pass; ("server", "stop") and ("server", "start") for the scenes whose "serve" is true:
# they have a server of their own, where Ana is signed in, and take what is written in "config".
ONLINE = ("wait", r"● (connected|conectado)")
# Being connected is not enough: without the first list there is nobody to write to after the server has stopped.
LISTED = ("wait", r"Emma Clarke")
SCENES = [
    {
        "name": "conversation", "size": (96, 28), "palette": "dark", "language": "pt-BR",
        "command": ["demo"],
        "steps": [
            ONLINE, ("keys", "Oi Bia! Cheguei *agora*, tudo bem por aí? 😀\r"), ("wait", r"digitando"),
            ("shot", "conversation"),
        ],
    },
    {
        "name": "light", "size": (96, 28), "palette": "light", "language": "en",
        "command": ["demo"],
        "steps": [
            ONLINE, ("keys", "Hi Bia! Have you seen the _new_ server? Run `./demo`\r"), ("wait", r"typing"),
            ("shot", "light"),
        ],
    },
    {
        "name": "search", "size": (96, 28), "palette": "dark", "language": "pt-BR",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x1b/"), ("keys", "voce"), ("wait", r"resultado"), ("shot", "search")],
    },
    {
        "name": "hit", "size": (96, 28), "palette": "light", "language": "pt-BR",
        "command": ["demo"],
        "steps": [
            ONLINE, ("keys", "\x13"), ("keys", "pipoca"), ("wait", r"resultado"), ("keys", "\x1b[B\r"),
            ("wait", r"próximo"), ("shot", "hit"),
        ],
    },
    {
        "name": "outbox", "size": (96, 28), "palette": "dark", "language": "en", "serve": True,
        "steps": [
            ONLINE, LISTED, ("server", "stop"), ("wait", r"offline"),
            ("keys", "I am on the train, no signal\r"), ("keys", "it goes out by itself later 🚆\r"),
            ("keys", "\x0bemma\r"), ("wait", r"Emma Clarke +[○●]?"), ("keys", "Thanks, got it!\r"),
            ("keys", "\x1bo"), ("wait", r"Outbox"), ("shot", "outbox"),
        ],
    },
    {
        "name": "held", "size": (96, 28), "palette": "light", "language": "pt-BR", "serve": True,
        "config": 'held_after = "1s"\n',
        "steps": [
            ONLINE, LISTED, ("server", "stop"), ("wait", r"desconectado"),
            ("keys", "Já estou saindo\r"), ("keys", "chego em 10 minutos\r"), ("rest", 2),
            ("server", "start"), ("keys", "\x12"), ("wait", r"retidas"), ("wait", r"enviar todas"), ("shot", "held"),
        ],
    },
    {
        "name": "details", "size": (96, 28), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [
            ONLINE, ("keys", "See you on Thursday then\r"), ("wait", r"•✓✓\s*\n.*Bia is typing"),
            ("keys", "\x1bm"), ("keys", "i"), ("wait", r"About"), ("shot", "details"),
        ],
    },
    {
        "name": "choosing", "size": (96, 28), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x1bm"), ("keys", "kk"), ("shot", "choosing")],
    },
    {
        "name": "delete", "size": (96, 28), "palette": "light", "language": "en",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x1bm"), ("keys", "d"), ("wait", r"Delete this"), ("shot", "delete")],
    },
    {
        "name": "commands", "size": (96, 28), "palette": "light", "language": "en",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "/"), ("wait", r"/goto"), ("shot", "commands")],
    },
    {
        "name": "help", "size": (96, 28), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x1bOP"), ("wait", r"Everywhere"), ("shot", "help")],
    },
    {
        "name": "switcher", "size": (96, 28), "palette": "light", "language": "pt-BR",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x0b"), ("wait", r"Ir para"), ("keys", "a"), ("shot", "switcher")],
    },
    {
        "name": "wide", "size": (120, 32), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [ONLINE, ("keys", "\x1bl"), ("shot", "wide")],
    },
    {
        "name": "narrow", "size": (44, 22), "palette": "dark", "language": "pt-BR",
        "command": ["demo"],
        "steps": [("wait", r"Bia"), ("shot", "narrow"), ("keys", "\r"), ("wait", r"escreva"), ("shot", "narrow-conversation")],
    },
    {
        "name": "first", "size": (72, 20), "palette": "dark", "language": "en", "serve": True, "signed_in": False,
        "steps": [
            ("wait", r"Sign in"), ("keys", "\x1bOQ"), ("wait", r"Create an account"), ("keys", "Rosa Prado\t"),
            ("keys", "rosa@exemplo.com\t"), ("keys", "a good secret"), ("shot", "first"),
        ],
    },
    {
        "name": "ascii", "size": (80, 24), "palette": "light", "language": "en",
        "serve": True, "environment": {"NO_COLOR": "1"}, "config": "ascii = true\n",
        "steps": [("wait", r"\* connected"), LISTED, ("keys", "No colours, *no pictures*\r"), ("wait", r" v "), ("shot", "ascii")],
    },
    {
        "name": "plain", "size": (80, 24), "palette": "light", "language": "en",
        "command": ["--plain", "demo"],
        "steps": [
            ("wait", r"connected"), ("keys", "/goto bia\r"), ("wait", r"Conversation with"),
            ("keys", "Hi Bia, are you there?\r"), ("wait", r"Read: Hi Bia"), ("shot", "plain"),
        ],
    },
]

PALETTES = {
    "dark": {
        "edge": "3a4150", "background": "1c1f26", "foreground": "d8dee9",
        "black": "2b303b", "red": "e06c75", "green": "98c379", "brown": "e5c07b", "yellow": "e5c07b",
        "blue": "61afef", "magenta": "c678dd", "cyan": "56b6c2", "white": "d8dee9",
        "brightblack": "7a8394", "brightred": "ff7b86", "brightgreen": "b5e890", "brightbrown": "ffd98a",
        "brightyellow": "ffd98a", "brightblue": "82c4ff", "brightmagenta": "dd9af0", "brightcyan": "7fd6e0",
        "brightwhite": "ffffff",
    },
    "light": {
        "edge": "d5d5cf", "background": "fbfbf8", "foreground": "2a2e36",
        "black": "2a2e36", "red": "b3261e", "green": "3a7d22", "brown": "8a5a00", "yellow": "8a5a00",
        "blue": "1f5fbf", "magenta": "8e3bb0", "cyan": "0f7480", "white": "5c6370",
        "brightblack": "7d838f", "brightred": "d0433a", "brightgreen": "4d9a31", "brightbrown": "a8720f",
        "brightyellow": "a8720f", "brightblue": "3c7be0", "brightmagenta": "a857cc", "brightcyan": "1d8f9d",
        "brightwhite": "111418",
    },
}


class Screen(pyte.Screen):
    """A terminal that draws a grapheme in one place, as modern ones do."""

    @property
    def display(self):
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]

    def draw(self, data):
        for character in data:
            before = self.buffer[self.cursor.y][max(0, self.cursor.x - 2)]
            joins = character in "\u200d\ufe0f" or 0x1F3FB <= ord(character) <= 0x1F3FF
            if (joins or before.data.endswith("\u200d")) and unicodedata.east_asian_width(before.data[:1] or " ") in "WF":
                self.buffer[self.cursor.y][max(0, self.cursor.x - 2)] = before._replace(data=before.data + character)
            else:
                super().draw(character)


class Server:
    """A server with people; it can be stopped and started again at the same address."""

    def __init__(self, directory):
        self.directory = directory
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [MYCHAT + "-server", "demo", "--directory", self.directory, "--port", str(self.port), "--ready-json",
             "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = json.loads(self.process.stdout.readline())
        self.url = ready["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.ana = ready["accounts"][0]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Terminal:
    """A program in a pseudo-terminal, and its screen."""

    def __init__(self, argv, columns, rows, environment):
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds):
        """Feeds the program's output within the time; False at its end."""
        readable, _, _ = select.select([self.fd], [], [], seconds)
        if not readable:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        # pyte does not know private CSI sequences with '>' or '<' and would print their tail.
        self.stream.feed(re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", data))
        return bool(data)

    def text(self):
        return "\n".join(self.screen.display)

    def wait(self, pattern, seconds=60):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text()):
            if time.monotonic() > end or not self.pump(1):
                sys.exit(f"never saw {pattern!r}; the screen was:\n{self.text()}")

    def settle(self):
        """Waits until nothing was printed for a moment, for a picture of a finished frame."""
        quiet = time.monotonic() + 0.4
        while time.monotonic() < quiet:
            before = self.text()
            self.pump(0.1)
            if self.text() != before:
                quiet = time.monotonic() + 0.4

    def send(self, text):
        os.write(self.fd, text.encode())

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        while self.pump(5):
            pass
        os.waitpid(self.pid, 0)


class Painter:
    """Draws a pyte screen to an image, cell by cell."""

    SIZE = 17

    def __init__(self, palette):
        fonts = "/usr/share/fonts/truetype/"
        self.palette = palette
        self.regular = ImageFont.truetype(fonts + "dejavu/DejaVuSansMono.ttf", self.SIZE)
        self.bold = ImageFont.truetype(fonts + "dejavu/DejaVuSansMono-Bold.ttf", self.SIZE)
        self.oblique = self.optional(fonts + "dejavu/DejaVuSansMono-Oblique.ttf", self.SIZE) or self.regular
        self.bold_oblique = self.optional(fonts + "dejavu/DejaVuSansMono-BoldOblique.ttf", self.SIZE) or self.bold
        self.emoji = self.optional(fonts + "noto/NotoColorEmoji.ttf", 109)
        self.symbols = self.optional(fonts + "ancient-scripts/Symbola_hint.ttf", self.SIZE)
        self.width = round(self.regular.getlength("M"))
        self.height = self.SIZE + 6

    @staticmethod
    def optional(path, size):
        return ImageFont.truetype(path, size) if os.path.exists(path) else None

    def colour(self, name, default):
        if name == "default":
            name = default
        if re.fullmatch(r"[0-9a-fA-F]{6}", name):
            return "#" + name
        return "#" + self.palette[name]

    MARGIN = 14
    RADIUS = 10

    def paint(self, screen, path):
        margin = self.MARGIN
        image = Image.new(
            "RGB", (screen.columns * self.width + 2 * margin, screen.lines * self.height + 2 * margin),
            "#" + self.palette["background"])
        draw = ImageDraw.Draw(image)
        # Backgrounds first: a wide glyph reaches over the cell to its right.
        for part in (self.background, self.foreground):
            for y in range(screen.lines):
                for x in range(screen.columns):
                    part(image, draw, screen.buffer[y][x], margin + x * self.width, margin + y * self.height)
        if not screen.cursor.hidden:
            left = margin + screen.cursor.x * self.width
            top = margin + screen.cursor.y * self.height
            draw.rectangle(
                (left, top + 2, left + 1, top + self.height - 3), fill="#" + self.palette["foreground"])
        # A palette takes a third of the size, and the difference is invisible.
        self.window(image).quantize(256, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)

    def window(self, image):
        """Adds round corners and a thin edge, so that the image stands out on a page of the same colour."""
        mask = Image.new("L", (image.width * 4, image.height * 4), 0)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, mask.width - 1, mask.height - 1), radius=self.RADIUS * 4, fill=255)
        ImageDraw.Draw(image).rounded_rectangle(
            (0, 0, image.width - 1, image.height - 1), radius=self.RADIUS, outline="#" + self.palette["edge"])
        window = image.convert("RGBA")
        window.putalpha(mask.resize(image.size, Image.LANCZOS))
        return window

    def colours(self, cell):
        foreground, background = self.colour(cell.fg, "foreground"), self.colour(cell.bg, "background")
        return (background, foreground) if cell.reverse else (foreground, background)

    def background(self, image, draw, cell, left, top):
        _, background = self.colours(cell)
        if background != "#" + self.palette["background"]:
            draw.rectangle((left, top, left + self.width - 1, top + self.height - 1), fill=background)

    def foreground(self, image, draw, cell, left, top):
        foreground, _ = self.colours(cell)
        text = cell.data
        columns = 2 if text and unicodedata.east_asian_width(text[0]) in "WF" else 1
        right = left + self.width * columns
        if text in self.LINES:
            self.line(draw, text, left, top, foreground)
        elif text == "▌":
            draw.rectangle((left, top, left + self.width // 2 - 1, top + self.height - 1), fill=foreground)
        elif text.strip():
            self.glyph(image, draw, text, left, top, columns, foreground, cell)
        if cell.underscore:
            draw.line((left, top + self.height - 3, right - 1, top + self.height - 3), fill=foreground)

    # Box drawing reaches the edges of its cell, as in a terminal: which arms each character has.
    LINES = {
        "─": "lr", "│": "ud", "┬": "lrd", "┴": "lru", "├": "udr", "┤": "udl", "┼": "lrud",
        "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu",
    }

    def line(self, draw, text, left, top, foreground):
        x, y = left + self.width // 2, top + self.height // 2
        ends = {"l": (left, y), "r": (left + self.width - 1, y), "u": (x, top), "d": (x, top + self.height - 1)}
        for arm in self.LINES[text]:
            draw.line(((x, y), ends[arm]), fill=foreground)

    def glyph(self, image, draw, text, left, top, columns, foreground, cell):
        if columns == 2 and self.emoji is not None:
            side = self.height - 3
            picture = Image.new("RGBA", (136, 128), (0, 0, 0, 0))
            ImageDraw.Draw(picture).text((0, 0), text, font=self.emoji, embedded_color=True)
            if picture.getbbox() is not None:
                picture = picture.resize((side, side), Image.LANCZOS)
                image.paste(picture, (left + (columns * self.width - side) // 2, top + 1), picture)
                return
        upright, slanted = (self.bold, self.bold_oblique) if cell.bold else (self.regular, self.oblique)
        font = slanted if cell.italics else upright
        if self.symbols is not None and font.getmask(text[0]).getbbox() == font.getmask("\uffff").getbbox():
            font = self.symbols
        draw.text((left, top + 2), text, font=font, fill=foreground)


def sign_in(server, environment):
    subprocess.run(
        [MYCHAT, "--server", server.url, "login", "--password-stdin", server.ana["email"]], check=True,
        input=server.ana["password"].encode(), env=environment, stdout=subprocess.DEVNULL)


def play(scene, out, home):
    columns, rows = scene["size"]
    environment = {
        "PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color",
        "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": os.environ.get("TZ", "America/Sao_Paulo"),
        "COLORFGBG": "15;0" if scene["palette"] == "dark" else "0;15", **scene.get("environment", {}),
    }
    if "config" in scene:
        os.makedirs(os.path.join(home, ".config", "mychat"))
        with open(os.path.join(home, ".config", "mychat", "config.toml"), "w", encoding="utf-8") as file:
            file.write(scene["config"])
    words = scene.get("command", [])
    server = None
    if scene.get("serve"):
        server = Server(os.path.join(home, "server"))
        words = ["--server", server.url]
        if scene.get("signed_in", True):
            sign_in(server, environment)
    terminal = Terminal([MYCHAT, "--language", scene["language"], *words], columns, rows, environment)
    try:
        for verb, value in scene["steps"]:
            if verb == "wait":
                terminal.wait(value)
            elif verb == "keys":
                terminal.settle()
                terminal.send(value)
            elif verb == "rest":
                time.sleep(value)
            elif verb == "server":
                server.stop() if value == "stop" else server.start()
            else:
                terminal.settle()
                path = os.path.join(out, value + ".png")
                Painter(PALETTES[scene["palette"]]).paint(terminal.screen, path)
                print(path, flush=True)
    finally:
        terminal.close()
        if server is not None and server.process.poll() is None:
            server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=os.path.join(ROOT, "docs", "screenshots"))
    parser.add_argument("--only", action="append", help="a scene's name; may be repeated")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for scene in SCENES:
        if not options.only or scene["name"] in options.only:
            home = tempfile.mkdtemp()
            try:
                play(scene, options.out, home)
            finally:
                shutil.rmtree(home)


if __name__ == "__main__":
    main()
