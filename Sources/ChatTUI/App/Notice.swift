import ChatClientCore
import ChatWire

/// A sentence on the status line, shown for a while.
struct Notice: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case information
        /// A message in another conversation, which the list shows too.
        case news
        case warning
        case error

        /// A problem must not be covered by news.
        var isProblem: Bool { self == .warning || self == .error }
    }

    var text: String
    var kind: Kind
    var until: MonotonicInstant
}

extension ChatNotice {
    /// How the notice is shown, and for how long.
    var weight: (kind: Notice.Kind, duration: Duration) {
        switch self {
        case .received: (.news, .seconds(6))
        case .sendFailed, .serverError: (.error, .seconds(6))
        case .storage, .contactChangeRefused: (.error, .seconds(15))
        case .held, .inUseElsewhere, .conversationKept: (.warning, .seconds(15))
        case .formerServer, .goneFromServer, .signInAgain, .sessionEnded, .cacheSetAside:
            (.warning, .seconds(30))
        }
    }
}
