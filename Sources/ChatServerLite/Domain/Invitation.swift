import ChatCrypto
import ChatWire

/// A permission to create accounts. The database has only the hash of its code.
package struct Invitation: Equatable, Sendable {
    package var codeHash: [UInt8]
    package var expiresAt: Timestamp
    /// How many accounts it may still create.
    package var usesLeft: Int

    package init(codeHash: [UInt8], expiresAt: Timestamp, usesLeft: Int) {
        self.codeHash = codeHash
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
    }

    /// A code that nobody can guess: 120 random bits.
    package static func freshCode() -> String { Base64URL.encode(RandomBytes.generate(15)) }

    /// The hash under which a code is stored. White space around the code does not count. The code is random,
    /// so it needs no slow hash.
    package static func hash(of code: String) -> [UInt8] {
        Digest.sha256(Array(strippedLikePython(code).utf8))
    }
}
