/// Checks and decodes strings in the bytes of a text (RFC 8259 section 7).
struct JSONStringScanner {
    let bytes: UnsafeRawBufferPointer

    /// The position of a string without its quotes, and whether it needs decoding. The token has been checked: its
    /// escapes are known and paired, and its bytes are UTF-8.
    struct Token {
        var start: Int
        var end: Int
        var hasEscapes: Bool
    }

    /// Checks the string whose opening quote is at `quote`.
    func token(at quote: Int) throws(JSONError) -> Token {
        let start = quote + 1
        var index = start
        var hasEscapes = false
        var isASCII = true
        while true {
            index = JSONText.endOfPlainRun(in: bytes, from: index, stopsAtNonASCII: true)
            guard index < bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index = try endOfEscape(at: index)
            } else if byte >= 0x80 {
                isASCII = false
                repeat { index += 1 } while index < bytes.count && bytes[index] >= 0x80
            } else {
                throw .unexpectedByte(byte, offset: index)
            }
        }
        if !isASCII, let bad = firstInvalidUTF8(in: start..<index) {
            throw .invalidUTF8(offset: bad)
        }
        return Token(start: start, end: index, hasEscapes: hasEscapes)
    }

    /// The text of a checked token.
    static func decode(_ slice: UnsafeRawBufferPointer, hasEscapes: Bool) -> String {
        guard hasEscapes else { return String(decoding: slice, as: UTF8.self) }
        // Every escape is at least as long as the character that it encodes, so the token's length suffices.
        return String(unsafeUninitializedCapacity: slice.count) { output in
            unescape(slice, into: output)
        }
    }

    /// Checks the escape at `index` (a backslash) and returns the index after it. For the first half of a surrogate
    /// pair that is the index after the second half.
    private func endOfEscape(at index: Int) throws(JSONError) -> Int {
        guard index + 1 < bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return index + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(at: index)
            guard (0xD800...0xDFFF).contains(unit) else { return index + 6 }
            guard unit <= 0xDBFF, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
                bytes[index + 7] == UInt8(ascii: "u"),
                (0xDC00...0xDFFF).contains(try codeUnit(at: index + 6))
            else { throw .invalidEscape(offset: index) }
            return index + 12
        default:
            throw .invalidEscape(offset: index)
        }
    }

    /// The UTF-16 code unit of the `\u` escape that starts at `index`.
    private func codeUnit(at index: Int) throws(JSONError) -> UInt32 {
        guard index + 6 <= bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
        var unit: UInt32 = 0
        for offset in 2..<6 {
            guard let digit = Self.hexDigit(bytes[index + offset]) else {
                throw .invalidEscape(offset: index)
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Writes the text of a checked token and returns its length in bytes.
    private static func unescape(
        _ slice: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var written = 0
        var index = 0
        func put(_ byte: UInt8) {
            output[written] = byte
            written += 1
        }
        /// Copies the text before the next escape unchanged. In a checked token only an escape ends a run.
        func putPlainRun() {
            let end = JSONText.endOfPlainRun(in: slice, from: index, stopsAtNonASCII: false)
            guard end > index else { return }
            let run = UnsafeRawBufferPointer(rebasing: slice[index..<end])
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: output[written...]))
                .copyMemory(from: run)
            written += run.count
            index = end
        }
        while true {
            putPlainRun()
            guard index < slice.count else { break }
            let escape = slice[index + 1]
            guard escape == UInt8(ascii: "u") else {
                put(shortEscape(escape))
                index += 2
                continue
            }
            var scalar = unit(in: slice, at: index)
            index += 6
            if (0xD800...0xDBFF).contains(scalar) {
                let low = unit(in: slice, at: index)
                index += 6
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            switch scalar {
            case ..<0x80:
                put(UInt8(scalar))
            case ..<0x800:
                put(UInt8(0xC0 | scalar >> 6))
                put(UInt8(0x80 | scalar & 0x3F))
            case ..<0x10000:
                put(UInt8(0xE0 | scalar >> 12))
                put(UInt8(0x80 | scalar >> 6 & 0x3F))
                put(UInt8(0x80 | scalar & 0x3F))
            default:
                put(UInt8(0xF0 | scalar >> 18))
                put(UInt8(0x80 | scalar >> 12 & 0x3F))
                put(UInt8(0x80 | scalar >> 6 & 0x3F))
                put(UInt8(0x80 | scalar & 0x3F))
            }
        }
        return written
    }

    /// The code unit of an escape whose digits have been checked.
    private static func unit(in slice: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in 2..<6 {
            unit = unit << 4 | (hexDigit(slice[index + offset]) ?? 0)
        }
        return unit
    }

    private static func shortEscape(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: byte
        }
    }

    /// The offset of the first byte that breaks UTF-8 (RFC 3629: no overlong forms, no surrogates,
    /// nothing above U+10FFFF), or nil.
    private func firstInvalidUTF8(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let second: ClosedRange<UInt8>
            let length: Int
            switch lead {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return index
            }
            guard index + length <= range.upperBound, second.contains(bytes[index + 1]) else { return index }
            for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 {
                return index
            }
            index += length
        }
        return nil
    }
}
