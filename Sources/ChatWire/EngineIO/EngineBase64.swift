/// Base64 (RFC 4648 section 4, with padding), for the binary packets of polling payloads.
enum EngineBase64 {
    static func append(_ data: some Collection<UInt8>, to text: inout [UInt8]) {
        var group: UInt32 = 0
        var count = 0
        for byte in data {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                appendDigits(group, count: 4, to: &text)
                (group, count) = (0, 0)
            }
        }
        guard count > 0 else { return }
        appendDigits(group << (8 * UInt32(3 - count)), count: count + 1, to: &text)
        text.append(contentsOf: repeatElement(padding, count: 3 - count))
    }

    /// Returns nil when the text is not what `append` writes: a wrong length, other characters, or stray bits set.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        let digits = text.prefix { $0 != padding }
        let padded = text.count - digits.count
        guard padded <= 2, text.suffix(padded).allSatisfy({ $0 == padding }) else { return nil }
        var data: [UInt8] = []
        data.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var bits: UInt32 = 0
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            group = group << 6 | value
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            data.append(UInt8(truncatingIfNeeded: group >> bits))
            group &= (1 << bits) - 1
        }
        return group == 0 ? data : nil
    }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func appendDigits(_ group: UInt32, count: Int, to text: inout [UInt8]) {
        for place in 0..<count {
            text.append(alphabet[Int(group >> (18 - 6 * UInt32(place)) & 0x3F)])
        }
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
