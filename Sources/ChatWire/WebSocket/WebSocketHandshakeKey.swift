/// The value of `Sec-WebSocket-Key`: 16 random bytes in Base64 (RFC 6455 section 4.1).
struct WebSocketHandshakeKey: Hashable, Sendable {
    let text: String

    /// A new key. Its bytes are a nonce, not a secret.
    init(using generator: inout some RandomNumberGenerator) {
        text = Self.base64((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The key that a client sent, or nil when the text is not the Base64 of 16 bytes.
    init?(received text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[22] == UInt8(ascii: "="), bytes[23] == UInt8(ascii: "="),
            bytes[..<22].allSatisfy(Self.alphabet.contains),
            // The last character carries two bits of the key; the other four are zero.
            let last = Self.alphabet.firstIndex(of: bytes[21]), last % 16 == 0
        else { return nil }
        self.text = text
    }

    /// The server's answer in `Sec-WebSocket-Accept` (RFC 6455 section 4.2.2).
    var accept: String {
        Self.base64(
            SHA1Digest.digest(of: Array(text.utf8) + Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << ((3 - group.count) * 8)
            for position in 0..<4 {
                let digit = bits >> (18 - 6 * position) & 63
                text.append(position <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
