/// Base64 with the standard alphabet, always padded (RFC 4648 section 4).
public enum Base64 {
    /// The padded encoding of `bytes`, on one line.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        Base64Alphabet.standard.encode(Array(bytes), padded: true)
    }

    /// The bytes of a padded text. Strict: no white space, no missing padding, no stray bits.
    public static func decode(_ text: String) throws(Base64Error) -> [UInt8] {
        try decode(Array(text.utf8))
    }

    /// The bytes of a padded text, given as ASCII bytes. Strict like ``decode(_:)-(String)``.
    public static func decode(_ text: [UInt8]) throws(Base64Error) -> [UInt8] {
        try Base64Alphabet.standard.decode(text, padding: .required)
    }
}

/// Base64 with the alphabet for URLs and file names (RFC 4648 section 5), without padding unless stated.
public enum Base64URL {
    /// The encoding of `bytes` without padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        Base64Alphabet.url.encode(Array(bytes), padded: false)
    }

    /// The bytes of a text. Strict: no white space, no stray bits, and `=` only as `padding` allows.
    public static func decode(
        _ text: String, padding: Base64Padding = .forbidden
    ) throws(Base64Error) -> [UInt8] {
        try decode(Array(text.utf8), padding: padding)
    }

    /// The bytes of a text, given as ASCII bytes. Strict like ``decode(_:padding:)-(String,_)``.
    public static func decode(
        _ text: [UInt8], padding: Base64Padding = .forbidden
    ) throws(Base64Error) -> [UInt8] {
        try Base64Alphabet.url.decode(text, padding: padding)
    }
}

/// How a decoder treats the `=` at the end.
public enum Base64Padding: Hashable, Sendable {
    case required
    case forbidden
    /// Complete or absent.
    case optional
}
