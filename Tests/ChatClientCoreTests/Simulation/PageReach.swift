import ChatWire

/// What pages can show and prove of the server's messages in a conversation.
struct PageReach {
    private let isOriginal: Bool
    private let isForgetful: Bool
    /// The oldest message that the original certainly shows is newer than this; nil when it shows all.
    private var cut: Message?
    private let oldest: Message?
    private let newest: Message?

    init(_ messages: [Message], isOriginal: Bool, isForgetful: Bool, pageLimit: Int) {
        self.isOriginal = isOriginal
        self.isForgetful = isForgetful
        // At most its newest 200 messages, and any part of the second of the cut.
        if isOriginal, messages.count > 200 { cut = messages[messages.count - 200] }
        oldest = messages.suffix(pageLimit).first
        newest = messages.last
    }

    /// The end of the newest page.
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
