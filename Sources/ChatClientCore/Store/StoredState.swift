import ChatWire

/// `messages.state`: what has happened to a message. Values only rise, among received messages (0, 1) and among own
/// messages (2, 3, 4).
enum StoredState: Int64 {
    case receivedUnread = 0
    case receivedRead = 1
    case sent = 2
    case delivered = 3
    case read = 4
    /// The row in the outbox has the details.
    case unsent = 8

    /// Added to the state of a message of a former server, so that nothing from the present server raises or counts it.
    static let former: Int64 = 16

    /// The state in the column, also for a message of a former server.
    init?(stored: Int64) { self.init(rawValue: stored & (Self.former - 1)) }

    /// The state of an own message that the server reports with `status`, or with the older `isRead`.
    init(own status: DeliveryStatus?, isRead: Bool) {
        if isRead {
            self = .read
        } else {
            switch status {
            case .read: self = .read
            case .delivered: self = .delivered
            case .sent, nil: self = .sent
            }
        }
    }
}

/// `outbox.state`. The state `sending` exists only in memory (``Outbox``). On disk a message is `attempted` once an
/// attempt has begun, and its state is unknown after a crash.
enum OutboxState: Int64, Sendable {
    case queued = 0
    case attempted = 1
    case failed = 2
    case held = 3
}

extension RowState {
    /// The state that follows from both columns; `outbox` is nil for a message that is not in the outbox.
    init(stored: Int64, outbox: Int64?) {
        if let outbox {
            self =
                switch OutboxState(rawValue: outbox) {
                case .queued, nil: .queued
                case .attempted: .unknown
                case .failed: .failed
                case .held: .held
                }
            return
        }
        self =
            switch StoredState(stored: stored) {
            case .receivedUnread, .receivedRead, nil: .received
            case .sent: .sent
            case .delivered: .delivered
            case .read: .read
            // An unsent row has a row in the outbox. Without one, nothing would ever send it.
            case .unsent: .failed
            }
    }
}
