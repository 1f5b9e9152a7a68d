import ChatClientCore
import ChatWire

/// The parts that several commands' JSON objects share.
enum CommandJSON {
    /// `{"id":1,"name":"Ana Lima","email":"ana@exemplo.com"}`
    static func user(_ user: User) -> JSONValue {
        ["id": .integer(user.id.rawValue), "name": .string(user.name), "email": .string(user.email)]
    }

    /// `{"id":2,"name":"Bia Souza","email":"bia@exemplo.com"}`; an unknown `email` is null.
    static func person(_ recipient: Recipient) -> JSONValue {
        [
            "id": .integer(recipient.id.rawValue), "name": .string(recipient.name),
            "email": recipient.email.map(JSONValue.string) ?? .null,
        ]
    }

    /// ISO 8601 in UTC with its `Z`; null for nil.
    static func time(_ timestamp: Timestamp?) -> JSONValue {
        timestamp.map { .string(WireDate.iso($0) + "Z") } ?? .null
    }

    /// `account`, `expires_at`, `server` and `profile`.
    static func account(_ account: Account, settings: Settings) -> JSONObject {
        [
            "account": user(account.user), "expires_at": time(account.expiresAt),
            "server": .string(settings.server.description), "profile": .string(settings.profile),
        ]
    }

    /// A row's state, as in the man page.
    static func state(_ state: RowState) -> JSONValue {
        switch state {
        case .received: "received"
        case .queued: "queued"
        case .sending: "sending"
        case .unknown: "unknown"
        case .sent: "sent"
        case .delivered: "delivered"
        case .read: "read"
        case .failed: "failed"
        case .held: "held"
        }
    }

    /// What the cache holds of a former server; null for nothing.
    static func former(_ server: FormerServer?) -> JSONValue {
        guard let server else { return .null }
        let reason: JSONValue =
            switch server.reason {
            case .otherDatabase: "other_database"
            case .otherAccount: "other_account"
            case .wentBack: "went_back"
            case .otherMessages: "other_messages"
            }
        return [
            "reason": reason, "messages": .integer(Int64(server.messages)),
            "held": .integer(Int64(server.held)),
        ]
    }

    /// Why a message is held, if the reason is not its age.
    static func held(_ reason: HeldReason?) -> JSONValue {
        switch reason {
        case nil: .null
        case .formerServer: "former_server"
        case .goneFromServer: "gone_from_server"
        }
    }

    static func outbox(_ summary: OutboxSummary) -> JSONValue {
        [
            "queued": .integer(Int64(summary.queued)), "sending": .integer(Int64(summary.sending)),
            "unknown": .integer(Int64(summary.unknown)), "failed": .integer(Int64(summary.failed)),
            "held": .integer(Int64(summary.held)), "paused": .bool(summary.isPaused),
        ]
    }

    /// A message as in the man page; its state, failure and place are those in the cache.
    static func message(_ row: TimelineRow) -> JSONValue {
        [
            "id": row.messageID.map { .integer($0.rawValue) } ?? .null,
            "temp_id": row.tempID.map { .string($0.rawValue) } ?? .null,
            "sender_id": .integer(row.senderID.rawValue), "mine": .bool(row.isMine),
            "content": .string(row.content), "time": time(row.time),
            "state": state(row.state),
            "failure": row.failure.map(JSONValue.string) ?? .null,
            "gap_above": .bool(row.isGapAbove),
            "former_server": .bool(row.formerPeer != nil),
            "held": held(row.heldReason),
        ]
    }
}
