/// An address that a piece of text leads to (OSC 8), safe to write to a terminal: ASCII only, everything else
/// percent-encoded.
struct Hyperlink: Hashable, Sendable {
    /// Terminals cut or drop what is longer, in bytes.
    static let bytesMax = 2083

    let address: String

    /// The address of a link in a text; nil when it is too long for terminals.
    init?(_ text: String) {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if 0x21...0x7E ~= byte {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] {
                    bytes.append(digit < 10 ? 0x30 + digit : 0x41 + digit - 10)
                }
            }
        }
        guard bytes.count <= Self.bytesMax else { return nil }
        address = String(decoding: bytes, as: UTF8.self)
    }

    /// Begins the link. Pieces of one address, on however many lines, have one id and so are one link.
    var opening: [UInt8] {
        // FNV-1a: the same in every run, so that a screen drawn again is the same screen.
        let hash = address.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Array("\u{1B}]8;id=\(String(hash, radix: 36));\(address)\u{1B}\\".utf8)
    }

    static let closing = Array("\u{1B}]8;;\u{1B}\\".utf8)
}
