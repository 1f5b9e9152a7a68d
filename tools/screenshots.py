#!/usr/bin/env python3
"""Runs the real program in a real pseudo-terminal, plays the scenes below and renders its screen to PNG.

    make screenshots          all scenes, into docs/screenshots/
    tools/screenshots.py --only conversation --out /tmp

The terminal is emulated by pyte; the picture is drawn cell by cell with Pillow, so what is seen is what the
program sent, column by column. Both come from PyPI into .cache/venv (`make screenshots` does that).
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unicodedata

import pyte
from PIL import Image, ImageDraw, ImageFont

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MYCHAT = os.path.join(ROOT, "bin", "mychat")

# A scene: a terminal, a command line, and steps. ("wait", regex) until the screen shows it; ("keys", text);
# ("shot", name) writes NAME.png.
SCENES = [
    {
        "name": "conversation", "size": (96, 28), "palette": "dark", "language": "pt-BR",
        "command": ["demo"],
        "steps": [
            ("wait", r"conectado"),
            ("keys", "Oi Bia! Cheguei agora, tudo bem por aí?\r"),
            ("wait", r"digitando"),
            ("shot", "conversation"),
        ],
    },
    {
        "name": "light", "size": (96, 28), "palette": "light", "language": "en",
        "command": ["demo"],
        "steps": [
            ("wait", r"online|connected"),
            ("keys", "Hi Bia! Did you see the new server?\r"),
            ("wait", r"typing"),
            ("shot", "light"),
        ],
    },
    {
        "name": "help", "size": (96, 28), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [("wait", r"online|connected"), ("keys", "\x1bOP"), ("wait", r"Everywhere"), ("shot", "help")],
    },
    {
        "name": "choosing", "size": (96, 28), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [
            ("wait", r"online|connected"), ("keys", "\x1bm"), ("keys", "kk"), ("shot", "choosing"),
        ],
    },
    {
        "name": "switcher", "size": (96, 28), "palette": "light", "language": "pt-BR",
        "command": ["demo"],
        "steps": [
            ("wait", r"conectado"), ("keys", "\x0b"), ("wait", r"Ir para"), ("keys", "a"), ("shot", "switcher"),
        ],
    },
    {
        "name": "wide", "size": (120, 32), "palette": "dark", "language": "en",
        "command": ["demo"],
        "steps": [("wait", r"online|connected"), ("keys", "\x1bl"), ("shot", "wide")],
    },
    {
        "name": "narrow", "size": (44, 22), "palette": "dark", "language": "pt-BR",
        "command": ["demo"],
        "steps": [("wait", r"Bia"), ("shot", "narrow")],
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
        "background": "1c1f26", "foreground": "d8dee9",
        "black": "2b303b", "red": "e06c75", "green": "98c379", "brown": "e5c07b", "yellow": "e5c07b",
        "blue": "61afef", "magenta": "c678dd", "cyan": "56b6c2", "white": "d8dee9",
        "brightblack": "7a8394", "brightred": "ff7b86", "brightgreen": "b5e890", "brightbrown": "ffd98a",
        "brightyellow": "ffd98a", "brightblue": "82c4ff", "brightmagenta": "dd9af0", "brightcyan": "7fd6e0",
        "brightwhite": "ffffff",
    },
    "light": {
        "background": "fbfbf8", "foreground": "2a2e36",
        "black": "2a2e36", "red": "b3261e", "green": "3a7d22", "brown": "8a5a00", "yellow": "8a5a00",
        "blue": "1f5fbf", "magenta": "8e3bb0", "cyan": "0f7480", "white": "5c6370",
        "brightblack": "7d838f", "brightred": "d0433a", "brightgreen": "4d9a31", "brightbrown": "a8720f",
        "brightyellow": "a8720f", "brightblue": "3c7be0", "brightmagenta": "a857cc", "brightcyan": "1d8f9d",
        "brightwhite": "111418",
    },
}


class Terminal:
    """A program in a pseudo-terminal, with the screen that it has drawn."""

    def __init__(self, argv, columns, rows, environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds):
        """Feeds what the program prints within the time; False at its end."""
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
        """Until nothing was printed for a moment: a picture of a finished frame."""
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
    """Draws a pyte screen to an image, a cell at a time."""

    SIZE = 17

    def __init__(self, palette):
        fonts = "/usr/share/fonts/truetype/"
        self.palette = palette
        self.regular = ImageFont.truetype(fonts + "dejavu/DejaVuSansMono.ttf", self.SIZE)
        self.bold = ImageFont.truetype(fonts + "dejavu/DejaVuSansMono-Bold.ttf", self.SIZE)
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

    def paint(self, screen, path):
        margin = 10
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
        image.save(path)

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
            self.glyph(image, draw, text, left, top, columns, foreground, cell.bold)
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

    def glyph(self, image, draw, text, left, top, columns, foreground, bold):
        if columns == 2 and self.emoji is not None:
            side = self.height - 3
            picture = Image.new("RGBA", (136, 128), (0, 0, 0, 0))
            ImageDraw.Draw(picture).text((0, 0), text, font=self.emoji, embedded_color=True)
            if picture.getbbox() is not None:
                picture = picture.resize((side, side), Image.LANCZOS)
                image.paste(picture, (left + (columns * self.width - side) // 2, top + 1), picture)
                return
        font = self.bold if bold else self.regular
        if self.symbols is not None and font.getmask(text[0]).getbbox() == font.getmask("\uffff").getbbox():
            font = self.symbols
        draw.text((left, top + 2), text, font=font, fill=foreground)


def play(scene, out):
    columns, rows = scene["size"]
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "TERM": "xterm-256color",
        "COLORTERM": "truecolor", "LANG": "C.UTF-8", "TZ": os.environ.get("TZ", "America/Sao_Paulo"),
        "COLORFGBG": "15;0" if scene["palette"] == "dark" else "0;15",
    }
    terminal = Terminal(
        [MYCHAT, "--language", scene["language"], *scene["command"]], columns, rows, environment)
    try:
        for verb, value in scene["steps"]:
            if verb == "wait":
                terminal.wait(value)
            elif verb == "keys":
                terminal.settle()
                terminal.send(value)
            else:
                terminal.settle()
                path = os.path.join(out, value + ".png")
                Painter(PALETTES[scene["palette"]]).paint(terminal.screen, path)
                print(path)
    finally:
        terminal.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=os.path.join(ROOT, "docs", "screenshots"))
    parser.add_argument("--only", action="append", help="a scene's name; may be repeated")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for scene in SCENES:
        if not options.only or scene["name"] in options.only:
            play(scene, options.out)


if __name__ == "__main__":
    main()
