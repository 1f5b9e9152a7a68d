import ChatWire

/// A kind of entry in the change log. Raw values are stored: never renumber them.
package enum ChangeKind: Int64, Sendable {
    case messageCreated = 1
    case messageDelivered = 2
    case messagesRead = 3
    case messageDeleted = 4
    case conversationDeleted = 5
    case contactAdded = 6
    case contactRenamed = 7
    case contactRemoved = 8
}

/// One entry of a user's change log.
package struct Change: Equatable, Sendable {
    package var sequence: Int64
    package var kind: ChangeKind
    /// The id of the message or contact entry. For reading and for deleted conversations, the user who did
    /// it.
    package var subject: Int64
    /// The other user.
    package var peer: UserID
    /// The last message that a read receipt or a deletion covers.
    package var upTo: MessageID?
    package var time: Timestamp

    package init(
        sequence: Int64, kind: ChangeKind, subject: Int64, peer: UserID, upTo: MessageID?, time: Timestamp
    ) {
        self.sequence = sequence
        self.kind = kind
        self.subject = subject
        self.peer = peer
        self.upTo = upTo
        self.time = time
    }
}

/// The users whose logs get a change.
package enum ChangeAudience: Equatable, Sendable {
    case user(UserID)
    /// Both the user and the peer. The user's entry has the change's number, and the peer's entry the next
    /// number.
    case both(UserID)
}

/// The extent of the change log.
package struct ChangeLogExtent: Equatable, Sendable {
    /// Identifies the database.
    package var epoch: Int64
    /// The lowest valid cursor. The changes after older cursors are gone.
    package var floor: Int64
    /// The number of the last entry.
    package var end: Int64

    package init(epoch: Int64, floor: Int64, end: Int64) {
        self.epoch = epoch
        self.floor = floor
        self.end = end
    }
}

/// A client's place in the change log: the epoch of the database, and the number of the last change that the
/// client has seen.
struct SyncCursor: Equatable, Sendable {
    var epoch: Int64
    var sequence: Int64

    init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Int64(parts[0], radix: 16), let sequence = Int64(parts[1]),
            epoch >= 0, sequence >= 0
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }

    var text: String { epochText + "." + String(sequence) }

    /// The epoch as clients see it, in hexadecimal.
    var epochText: String { String(epoch, radix: 16) }
}
