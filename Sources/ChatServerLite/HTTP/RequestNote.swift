import ChatCrypto
import ChatWire
import Synchronization

/// What is noted about a request for the log. There is one only where requests are logged.
final class RequestNote: Sendable {
    /// Identifies the request in the log, and to its client in `X-Request-ID`.
    let id: String
    private let user = Mutex<UserID?>(nil)

    init() { id = Base64URL.encode(RandomBytes.generate(9)) }

    /// Who asks; nil until the token was looked at.
    var account: UserID? {
        get { user.withLock { $0 } }
        set { user.withLock { $0 = newValue } }
    }
}
