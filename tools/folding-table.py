#!/usr/bin/env python3
"""Writes Sources/ChatWire/Text/FoldingTable.swift from the Unicode data that Python has.

The table holds what TextFolding cannot derive from the properties in Swift's library: each scalar decomposed (including
compatibility forms), without its marks, with its case folded.
"""
import pathlib
import re
import unicodedata

# Marks whose combining class makes them letters of their own: vowels, and marks that silence vowels.
LETTERS = {0, 9, 103, 118, 129, 130, 132}
# Letters that people treat as the same, and Unicode does not decompose.
SPECIAL = {"\u0131": "i", "æ": "ae", "œ": "oe", "\u0640": ""}
SMALL_KANA = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ"))


def is_dropped(char):
    value = ord(char)
    category = unicodedata.category(char)
    if category in ("Cf", "Me") or 0x1F3FB <= value <= 0x1F3FF:
        return True
    if category != "Mn":
        return False
    if 0x300 <= value <= 0x36F or 0xFE00 <= value <= 0xFE2F or 0xE0100 <= value <= 0xE01EF:
        return True
    return unicodedata.combining(char) not in LETTERS


def bare(char):
    char = SPECIAL.get(char, char)
    if len(char) != 1:
        return char
    match = re.match("LATIN SMALL LETTER ([A-Z]) WITH ", unicodedata.name(char, ""))
    if match:
        return match.group(1).lower()
    # Hiragana and katakana, small and large, are equal in a search (UTS #10, level 1).
    if 0x30A1 <= ord(char) <= 0x30F6:
        char = chr(ord(char) - 0x60)
    return SMALL_KANA.get(char, char)


def folded_once(text):
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not is_dropped(c))
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(bare(c) for c in text if not is_dropped(c))


def folded(text):
    while (again := folded_once(text)) != text:
        text = again
    return text


def by_properties(char):
    return "" if is_dropped(char) else "".join(folded(c) for c in char.lower())


def entries():
    for value in range(0x80, 0x110000):
        # Surrogates; and Hangul, which is decomposed and composed by arithmetic.
        if 0xD800 <= value <= 0xDFFF or 0xAC00 <= value <= 0xD7A3:
            continue
        char = chr(value)
        if unicodedata.category(char) in ("Cn", "Co"):
            continue
        if (result := folded(char)) != by_properties(char) or (char.lower() == char and result != char
                                                               and not is_dropped(char)):
            yield value, [ord(c) for c in result]


def records():
    """A run of adjacent scalars that map to adjacent scalars is one record."""
    run = None
    for value, result in entries():
        if run and len(result) == len(run[2]) == 1 and value == run[0] + run[1] and result[0] == run[2][0] + run[1]:
            run[1] += 1
            continue
        if run:
            yield run
        run = [value, 1, result]
    yield run


def main():
    words, end = [], 0
    for first, count, result in records():
        length = f"*{count:X}" if count > 1 else ""
        words.append(f"{first - end:X}{length}=" + ",".join(f"{scalar:X}" for scalar in result))
        end = first + count
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 104:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line)
    target = pathlib.Path(__file__).parent.parent / "Sources/ChatWire/Text/FoldingTable.swift"
    target.write_text(
        "// Written by tools/folding-table.py from Unicode " + unicodedata.unidata_version + ".\n\n"
        "/// The result of folding each scalar. A record holds the distance from the end of the previous record, the "
        "length of\n/// a run, and the scalars that the first of the run becomes; all in hexadecimal.\n"
        "enum FoldingTable {\n    static let records: StaticString = \"\"\"\n"
        + "\n".join("        " + line.rstrip() + " \\" for line in lines[:-1])
        + "\n        " + lines[-1].rstrip() + "\n        \"\"\"\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
