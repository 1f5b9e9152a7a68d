/// One of the two alphabets of RFC 4648, with its coder.
struct Base64Alphabet: Sendable {
    static let standard = Base64Alphabet(last: [0x2B, 0x2F])
    static let url = Base64Alphabet(last: [0x2D, 0x5F])

    private static let invalid: UInt8 = 0xFF
    private static let pad: UInt8 = 0x3D

    private let characters: [UInt8]
    private let values: [UInt8]

    private init(last: [UInt8]) {
        let letters =
            Array(UInt8(ascii: "A")...UInt8(ascii: "Z")) + Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
        characters = letters + Array(UInt8(ascii: "0")...UInt8(ascii: "9")) + last
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, character) in characters.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        self.values = values
    }

    func encode(_ bytes: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let taken = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if taken > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if taken > 2 { group |= UInt32(bytes[index + 2]) }
            for position in 0...taken {
                text.append(characters[Int(group >> (18 - 6 * UInt32(position)) & 0x3F)])
            }
            if padded { text.append(contentsOf: repeatElement(Self.pad, count: 3 - taken)) }
            index += taken
        }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: [UInt8], padding: Base64Padding) throws(Base64Error) -> [UInt8] {
        let digits = try withoutPadding(text, padding: padding)
        guard digits.count % 4 != 1 else { throw .invalidLength(text.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for offset in digits.indices {
            let value = values[Int(digits[offset])]
            guard value != Self.invalid else { throw .invalidCharacter(offset: offset) }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
                bits &= (1 << bitCount) - 1
            }
        }
        guard bits == 0 else { throw .strayBits }
        return bytes
    }

    private func withoutPadding(
        _ text: [UInt8], padding: Base64Padding
    ) throws(Base64Error) -> ArraySlice<UInt8> {
        var digits = text[...]
        while digits.last == Self.pad { digits.removeLast() }
        let padCount = text.count - digits.count
        let needed = (4 - digits.count % 4) % 4
        switch padding {
        case .required:
            // A single digit never forms a group, however it is padded.
            guard needed < 3 else { throw .invalidLength(text.count) }
            guard padCount == needed else { throw .invalidPadding }
        case .forbidden:
            guard padCount == 0 else { throw .invalidPadding }
        case .optional:
            guard padCount == 0 || padCount == needed && needed < 3 else { throw .invalidPadding }
        }
        return digits
    }
}
