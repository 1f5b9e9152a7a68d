/// Checks UTF-8 as it streams (RFC 3629). Pieces may be cut anywhere. The first byte that makes the text invalid is
/// found at once, not at the end of the text.
///
/// Overlong forms, surrogates and code points above U+10FFFF are refused.
public struct UTF8Validator: Hashable, Sendable {
    /// How many continuation bytes the current character still needs.
    private var missing = 0
    /// The bounds of the next continuation byte; only the second byte of a character has narrower ones.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF
    private var hasFailed = false

    public init() {}

    /// Whether everything so far is valid and ends with a whole character.
    public var isComplete: Bool {
        missing == 0 && !hasFailed
    }

    /// Whether `bytes` are valid UTF-8 as a whole.
    public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }

    /// Whether `bytes` are valid UTF-8 as a whole.
    public static func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { isValid($0) }
    }

    /// Takes the next piece. Returns false when no continuation can make the text valid, and from then on always.
    public mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !hasFailed else { return false }
        var index = 0
        while index < bytes.count {
            if missing == 0 {
                if bytes[index] < 0x80 {
                    index = Self.endOfASCII(in: bytes, from: index)
                    continue
                }
                guard begin(with: bytes[index]) else { return fail() }
            } else {
                guard bytes[index] >= lowest, bytes[index] <= highest else { return fail() }
                missing &-= 1
                lowest = 0x80
                highest = 0xBF
            }
            index &+= 1
        }
        return true
    }

    private mutating func fail() -> Bool {
        hasFailed = true
        return false
    }

    /// Table 3-7 of the Unicode standard: the first byte limits the second.
    @inline(__always)
    private mutating func begin(with byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF:
            missing = 1
        case 0xE0:
            missing = 2
            lowest = 0xA0
        case 0xED:
            missing = 2
            highest = 0x9F
        case 0xE1...0xEF:
            missing = 2
        case 0xF0:
            missing = 3
            lowest = 0x90
        case 0xF1...0xF3:
            missing = 3
        case 0xF4:
            missing = 3
            highest = 0x8F
        default:
            return false
        }
        return true
    }

    /// The index of the first byte from `start` on that is not ASCII.
    @inline(__always)
    private static func endOfASCII(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index &+ 32 <= bytes.count {
            let words = bytes.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            guard (words[0] | words[1] | words[2] | words[3]) & highBits == 0 else { break }
            index &+= 32
        }
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = word & highBits
            guard found == 0 else { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < bytes.count, bytes[index] < 0x80 { index &+= 1 }
        return index
    }
}
