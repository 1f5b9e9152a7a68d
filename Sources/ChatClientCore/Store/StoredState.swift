import ChatWire

/// `messages.state`: what the server is known to have done with a message. Values rise, never fall, within
/// received (0, 1) and within own (2, 3, 4).
enum StoredState: Int64 {
    case receivedUnread = 0
    case receivedRead = 1
    case sent = 2
    case delivered = 3
    case read = 4
    /// The outbox row says more.
    case unsent = 8

    /// Added to what a message of a former server had as its state: nothing that the present server says raises
    /// or counts it.
    static let former: Int64 = 16

    /// Reads the column, also of a message of a former server.
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

/// `outbox.state`. `sending` is only in memory (``Outbox``): on the disk an attempt that was begun is
/// `attempted`, and comes back as unknown after a crash.
enum OutboxState: Int64, Sendable {
    case queued = 0
    case attempted = 1
    case failed = 2
    case held = 3
}

extension RowState {
    /// What both state columns say together.
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
            // An unsent row has an outbox row, by foreign key; without one nothing would ever send it.
            case .unsent: .failed
            }
    }
}
