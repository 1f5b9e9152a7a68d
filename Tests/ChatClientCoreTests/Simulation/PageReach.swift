import ChatWire

/// What pages can show, and prove, of what a server has of a conversation.
struct PageReach {
    private let isOriginal: Bool
    private let isForgetful: Bool
    /// The oldest message that the original shows with certainty is newer than this; nil when it shows all.
    private var cut: Message?
    private let oldest: Message?
    private let newest: Message?

    init(_ messages: [Message], isOriginal: Bool, isForgetful: Bool, pageLimit: Int) {
        self.isOriginal = isOriginal
        self.isForgetful = isForgetful
        // No more than its newest 200 messages, and of the second of the cut any part.
        if isOriginal, messages.count > 200 { cut = messages[messages.count - 200] }
        oldest = messages.suffix(pageLimit).first
        newest = messages.last
    }

    /// Where the newest page ends.
    var pageFrom: MessageID { oldest?.id ?? MessageID(0) }

    func shows(_ id: MessageID, at time: Timestamp) -> Bool {
        guard let cut else { return true }
        return id > cut.id && time.seconds > cut.createdAt.seconds
    }

    /// True when a message that the server does not have must not be in the cache either.
    func isProved(_ id: MessageID, at time: Timestamp, isListed: Bool) -> Bool {
        guard isForgetful else { return true }
        guard let oldest, let newest else { return isListed }
        if id < oldest.id || isOriginal && time.seconds <= oldest.createdAt.seconds { return false }
        return id < newest.id || isListed
    }
}
