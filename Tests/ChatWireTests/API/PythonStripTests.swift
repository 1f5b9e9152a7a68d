import ChatWire
import Testing

@Suite struct PythonStripTests {
    /// The scalars for which `chr(c).strip()` is empty in Python 3.11.
    private static let whiteSpace: Set<UInt32> = Set(
        Array(0x09...0x0D) + Array(0x1C...0x20) + [0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
            + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000])

    @Test func `takes off exactly the white space of Python`() {
        for value in 0...UInt32(0x10FFFF) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            if scalar.isPythonWhiteSpace != Self.whiteSpace.contains(value) {
                Issue.record("U+\(String(value, radix: 16))")
            }
        }
        #expect(Self.whiteSpace.count == 29)
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("\u{1C}\u{A0}\u{3000}\r\n", ""), ("a", "a"), ("  a b  ", "a b"),
        ("\r\na\r\n", "a"),
        ("\u{200B}a\u{FEFF}", "\u{200B}a\u{FEFF}"), ("\u{A0}Olá 😀\u{2003}", "Olá 😀"), ("a\n", "a"),
        // A space followed by a combining mark is one character in Swift, and two in Python.
        (" \u{301}a", "\u{301}a"),
    ])
    func `strips`(text: String, stripped: String) {
        #expect(strippedLikePython(text).unicodeScalars.elementsEqual(stripped.unicodeScalars))
    }
}
