/// The common part of reading and writing strings.
enum JSONText {
    /// The index of the first byte from `start` on that is not plain text, or the end when there is none. Not plain
    /// are a quote, a backslash, a control character and, when requested, a byte of a longer sequence. It examines
    /// eight bytes at a time.
    @inline(__always)
    static func endOfPlainRun(
        in bytes: UnsafeRawBufferPointer, from start: Int, stopsAtNonASCII: Bool
    ) -> Int {
        let beyondASCII = stopsAtNonASCII ? highBits : 0
        var index = start
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let special =
                (word & beyondASCII)
                | (zeroBytes(in: word ^ quotes) | zeroBytes(in: word ^ backslashes)
                    | bytesBelowSpace(in: word))
                & highBits
            guard special == 0 else { return index + special.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || (stopsAtNonASCII && byte >= 0x80) || byte == UInt8(ascii: "\"")
                || byte == UInt8(ascii: "\\")
            {
                return index
            }
            index += 1
        }
        return index
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C

    // Both functions may wrongly mark a byte above a marked one (the borrow propagates). The lowest mark is always
    // right, and it is the first in the text.
    @inline(__always)
    private static func zeroBytes(in word: UInt64) -> UInt64 {
        (word &- lowBits) & ~word
    }

    @inline(__always)
    private static func bytesBelowSpace(in word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) & ~word
    }
}
