import ChatWire

/// Something that the audit log records: who did what, from where. Never what people write, nor tokens, nor
/// passwords.
struct AuditEvent: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case signedUp
        case signUpRefused(reason: String)
        case signedIn
        /// A wrong password, or an account that does not exist.
        case signInFailed
        /// The right password of a disabled account.
        case signInOfDisabled
        /// A sign-in too soon after failures, or beyond a limit; the wait is in seconds.
        case signInDelayed(retryAfter: Int)
        /// A limit has refused an action; the wait is in seconds.
        case limited(LimitedAction, retryAfter: Int)
        case tokenRenewed
        /// A session ended before its tokens expired.
        case sessionEnded(SessionID, SessionEndCause)
        case messageDeleted(MessageID)
        case conversationDeleted(with: UserID, count: Int)
        /// What an administrator did.
        case administration(String)
        /// So many lines could not be written.
        case linesLost(Int)
    }

    var kind: Kind
    /// The account; nil when it is unknown.
    var account: UserID?
    /// Where the request comes from; nil when it comes from no client.
    var address: String?

    /// The line of the log, with its line feed.
    func line(at time: Timestamp) -> [UInt8] {
        var writer = JSONWriter(capacity: 160)
        writer.beginObject()
        writer.key(named: "time")
        writer.value(.string(Self.text(time)))
        writer.key(named: "event")
        writer.value(.string(kind.name))
        if let account {
            writer.key(named: "account")
            writer.value(.integer(account.rawValue))
        }
        if let address {
            writer.key(named: "address")
            writer.value(.string(String(address.prefix(64))))
        }
        for detail in kind.details {
            writer.key(named: detail.name)
            writer.value(detail.value)
        }
        writer.endObject()
        return writer.finished() + [0x0A]
    }

    /// The time in UTC, by RFC 3339.
    private static func text(_ time: Timestamp) -> String { WireDate.iso(time) + "Z" }
}

extension AuditEvent.Kind {
    var name: String {
        switch self {
        case .signedUp: "sign_up"
        case .signUpRefused: "sign_up_refused"
        case .signedIn: "sign_in"
        case .signInFailed: "sign_in_failed"
        case .signInOfDisabled: "sign_in_disabled"
        case .signInDelayed: "sign_in_delayed"
        case .limited: "limited"
        case .tokenRenewed: "token_renewed"
        case .sessionEnded: "session_ended"
        case .messageDeleted: "message_deleted"
        case .conversationDeleted: "conversation_deleted"
        case .administration: "administration"
        case .linesLost: "lines_lost"
        }
    }

    fileprivate var details: [(name: String, value: JSONValue)] {
        switch self {
        case .signedUp, .signedIn, .signInFailed, .signInOfDisabled, .tokenRenewed: []
        case .signUpRefused(let reason): [("reason", .string(reason))]
        case .signInDelayed(let seconds): [("retry_after", .integer(Int64(seconds)))]
        case .limited(let action, let seconds):
            [("action", .string(action.name)), ("retry_after", .integer(Int64(seconds)))]
        case .sessionEnded(let id, let cause):
            [("session", .integer(id.rawValue)), ("by", .string(cause.rawValue))]
        case .messageDeleted(let id): [("message", .integer(id.rawValue))]
        case .conversationDeleted(let user, let count):
            [("with", .integer(user.rawValue)), ("count", .integer(Int64(count)))]
        case .administration(let command): [("command", .string(command))]
        case .linesLost(let count): [("count", .integer(Int64(count)))]
        }
    }
}
