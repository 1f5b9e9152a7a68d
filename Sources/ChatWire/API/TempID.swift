/// The name that a client gives a message before the server has numbered it: the same through
/// every retry, so that a server with `idempotent-send` stores it once.
public struct TempID: Hashable, Sendable, CustomStringConvertible {
    /// The name as it goes over the wire.
    public let rawValue: String

    /// Bytes of UTF-8 beyond which a server echoes a name but does not store it.
    public static let lengthMax = 128

    /// A name that exists already; see `random()` for a fresh one.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// A fresh name: 128 random bits as 32 hexadecimal digits.
    public static func random() -> TempID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// A fresh name from the bits of `generator`.
    public static func random(using generator: inout some RandomNumberGenerator) -> TempID {
        let digits = [generator.next(), generator.next()].map { (half: UInt64) in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return TempID(digits.joined())
    }

    /// Whether a server with `idempotent-send` stores this name.
    public var isStorable: Bool { rawValue.utf8.count <= Self.lengthMax }

    /// The name itself.
    public var description: String { rawValue }
}
