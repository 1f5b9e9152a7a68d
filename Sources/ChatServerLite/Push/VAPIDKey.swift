import ChatCrypto

/// The key that identifies this server to push services (RFC 8292).
public struct VAPIDKey: Equatable, Sendable {
    let privateKey: P256PrivateKey

    /// Generates a key.
    public init() { privateKey = P256PrivateKey() }

    init(_ privateKey: P256PrivateKey) { self.privateKey = privateKey }

    /// Reads a private key in any common form; nil for anything else.
    ///
    /// The form may be PEM, also with `\n` in place of line ends, in quotes, or on one line. It may also be
    /// base64 of the PEM or its DER, or the 32 bytes alone in base64url.
    public init?(parsing text: String) {
        guard let key = Self.privateKey(PEMText.unwrapped(text)) else { return nil }
        privateKey = key
    }

    public static func == (left: VAPIDKey, right: VAPIDKey) -> Bool {
        left.privateKey.publicKey == right.privateKey.publicKey
    }

    /// The public key as web pages need it: an uncompressed point in base64url.
    public var publicText: String { Base64URL.encode(privateKey.publicKey.point) }

    /// The private key as 32 bytes in base64url.
    public var secretText: String { Base64URL.encode(privateKey.secret) }

    /// The private key for `VAPID_PRIVATE_KEY_BASE64`: its PEM in base64.
    public func base64PEM() throws -> String { Base64.encode(Array(try privateKey.pem().utf8)) }

    /// Whether the public key in `text` belongs to this key. It may be a point or PEM, in either alphabet of
    /// base64.
    func matches(publicKey text: String) -> Bool {
        let text = PEMText.unwrapped(text)
        var bytes = PEMText.body(text) ?? PEMText.base64(text) ?? []
        if let pem = PEMText.string(bytes), let body = PEMText.body(PEMText.unwrapped(pem)) { bytes = body }
        // A SubjectPublicKeyInfo of this curve ends with the point.
        return bytes.suffix(65) == privateKey.publicKey.point[...]
    }

    private static func privateKey(_ text: String) -> P256PrivateKey? {
        if let der = PEMText.body(text) { return privateKey(der: der) }
        guard let bytes = PEMText.base64(text) else { return nil }
        if bytes.count == 32 { return try? P256PrivateKey(secret: bytes) }
        if let pem = PEMText.string(bytes), let der = PEMText.body(PEMText.unwrapped(pem)) {
            return privateKey(der: der)
        }
        return privateKey(der: bytes)
    }

    /// Reads PKCS #8 or SEC 1. The bytes tell which it is more reliably than a label that somebody may have
    /// retyped.
    private static func privateKey(der: [UInt8]) -> P256PrivateKey? {
        for label in ["PRIVATE KEY", "EC PRIVATE KEY"] {
            let pem = "-----BEGIN \(label)-----\n\(PEMText.lines(der))-----END \(label)-----\n"
            if let key = try? P256PrivateKey(pem: pem) { return key }
        }
        return nil
    }
}

/// Reads PEM texts from settings, where shells, quotes and editors have changed them.
private enum PEMText {
    /// The text without surrounding quotes and white space, and with real line ends.
    static func unwrapped(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace || first == "\"" || first == "'" {
            text = text.dropFirst()
        }
        while let last = text.last, last.isWhitespace || last == "\"" || last == "'" {
            text = text.dropLast()
        }
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                escaped = false
                switch character {
                case "n": result.append("\n")
                case "r": break
                default: result.append(character)
                }
            } else if character == "\\" {
                escaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// The bytes between BEGIN and END; nil when the text is not PEM. A block with the curve, which OpenSSL
    /// writes before a SEC 1 key, is skipped.
    static func body(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: "-----", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard part.hasPrefix("BEGIN "), part.hasSuffix(" KEY"), index + 2 < parts.count else { continue }
            guard parts[index + 2].hasPrefix("END ") else { return nil }
            return base64(String(parts[index + 1]))
        }
        return nil
    }

    /// Decodes base64 of either alphabet, with or without line breaks and padding; nil when it is empty or
    /// invalid.
    static func base64(_ text: String) -> [UInt8]? {
        var digits: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "+"): digits.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): digits.append(UInt8(ascii: "_"))
            default: digits.append(byte)
            }
        }
        while digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return digits.isEmpty ? nil : try? Base64URL.decode(digits)
    }

    static func string(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

    /// Base64 in lines of 64 characters, as OpenSSL requires.
    static func lines(_ bytes: [UInt8]) -> String {
        var rest = Base64.encode(bytes)[...]
        var text = ""
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text
    }
}
