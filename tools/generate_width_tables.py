#!/usr/bin/env python3
"""Writes Sources/ChatTUI/View/WidthTables.swift from Python's unicodedata.

    tools/generate_width_tables.py > Sources/ChatTUI/View/WidthTables.swift

The Unicode version is that of the Python that runs it and is stated in the
output, so use the newest Python at hand. Three tables of closed ranges:

- zero: drawn in no column of their own (Mn, Me, Cf, the vowels and finals of
  Hangul, which join the syllable before them), without the format
  characters that are drawn all the same, such as U+00AD;
- wide: two columns (East Asian Width W and F), unassigned code points of the
  ideographic planes included, as UAX #11 asks;
- ambiguous: one column, or two where the person's terminal says so (East
  Asian Width A).
"""
import sys
import unicodedata

LAST = 0x10FFFF
# Format characters that are drawn all the same (Prepended_Concatenation_Mark).
DRAWN = {0x00AD, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD, *range(0x0600, 0x0606)}


def is_zero(code):
    character = chr(code)
    if code in DRAWN:
        return False
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF:
        return True
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return True
    return code in (0x2028, 0x2029)


def is_wide(code):
    if 0x20000 <= code <= 0x2FFFD or 0x30000 <= code <= 0x3FFFD:
        return True
    return unicodedata.east_asian_width(chr(code)) in ("W", "F")


def is_ambiguous(code):
    return unicodedata.east_asian_width(chr(code)) == "A" and not 0xE000 <= code <= 0xF8FF \
        and code < 0xF0000


def ranges(test, excluding=lambda code: False):
    found, start = [], None
    for code in range(0x80, LAST + 2):
        inside = code <= LAST and not 0xD800 <= code <= 0xDFFF and test(code) and not excluding(code)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append((start, code - 1))
            start = None
    return found


def table(name, doc, found):
    print(f"    /// {doc}")
    print(f"    static let {name}: [ClosedRange<UInt32>] = [")
    line = "       "
    for first, last in found:
        item = f" 0x{first:X}...0x{last:X},"
        if len(line) + len(item) > 100:
            print(line)
            line = "       "
        line += item
    print(line)
    print("    ]")


def main():
    print("// Made by tools/generate_width_tables.py; to change it, change that and run it again.")
    print()
    print("/// How many columns code points take, as sorted ranges.")
    print("enum WidthTables {")
    print("    /// The version of the Unicode Character Database that the ranges come from.")
    print(f'    static let unicodeVersion = "{unicodedata.unidata_version}"')
    print()
    table("zero", "Code points that take no column of their own.", ranges(is_zero))
    print()
    table("wide", "Code points that take two columns.", ranges(is_wide, is_zero))
    print()
    table(
        "ambiguous",
        "Code points that take one column, or two in terminals set up for East Asian text.",
        ranges(is_ambiguous, lambda code: is_zero(code) or is_wide(code)))
    print("}")


if __name__ == "__main__":
    sys.exit(main())
