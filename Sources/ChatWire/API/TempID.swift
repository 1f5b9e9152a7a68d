/// The name that a client gives a message before the server has assigned an id. It stays the same through every
/// retry, so a server with `idempotent-send` stores the message once.
public struct TempID: Hashable, Sendable, CustomStringConvertible {
    /// The name on the wire.
    public let rawValue: String

    /// The longest name in bytes of UTF-8 that a server stores; it echoes longer ones without storing them.
    public static let lengthMax = 128

    /// An existing name; `random()` makes a new one.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// A new name: 128 random bits as 32 hexadecimal digits.
    public static func random() -> TempID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// A new name from the bits of `generator`.
    public static func random(using generator: inout some RandomNumberGenerator) -> TempID {
        let digits = [generator.next(), generator.next()].map { (half: UInt64) in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return TempID(digits.joined())
    }

    /// Whether a server with `idempotent-send` stores this name.
    public var isStorable: Bool { rawValue.utf8.count <= Self.lengthMax }

    public var description: String { rawValue }
}
