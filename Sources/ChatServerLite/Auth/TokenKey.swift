import ChatCrypto
import ChatWire
import Synchronization

/// A secret that signs tokens, or that has signed tokens which are still valid.
public struct TokenKey: Equatable, Sendable {
    /// The name in the header of tokens (`kid`, RFC 7515 section 4.1.4). It follows from the secret, so all servers
    /// with the same secret use the same name, and does not reveal it.
    public let id: String
    public let secret: [UInt8]
    /// When the secret was made; nil when nobody has recorded that.
    public let createdAt: Timestamp?

    public init(secret: [UInt8], createdAt: Timestamp? = nil) {
        self.secret = secret
        self.createdAt = createdAt
        let code = HMAC.authenticate(Array("mychat-server key id".utf8), key: secret, using: .sha256)
        id = Base64URL.encode(Array(code.prefix(9)))
    }

    /// The keys with the newest first, each once. A key with a time was made on purpose (`secret rotate`), and is
    /// newer than the secret of the settings; that one is newer than the key of the first start, which has no time.
    static func sorted(kept: [TokenKey], configured: TokenKey?) -> [TokenKey] {
        let made = kept.filter { $0.createdAt != nil }.sorted {
            ($0.createdAt ?? Timestamp(microseconds: 0)) > ($1.createdAt ?? Timestamp(microseconds: 0))
        }
        let all = made + (configured.map { [$0] } ?? []) + kept.filter { $0.createdAt == nil }
        var known: Set<String> = []
        return all.filter { known.insert($0.id).inserted }
    }
}

/// The keys of a running server: the newest signs, all verify. They may change at any time.
public final class TokenKeyring: Sendable {
    private let state: Mutex<[TokenKey]>

    /// - Parameter keys: at least one, the newest first.
    public init(_ keys: [TokenKey]) {
        precondition(!keys.isEmpty, "a keyring without a key signs nothing")
        state = Mutex(keys)
    }

    /// The newest first.
    public var keys: [TokenKey] { state.withLock { $0 } }

    func replace(_ keys: [TokenKey]) {
        guard !keys.isEmpty else { return }
        state.withLock { $0 = keys }
    }
}
