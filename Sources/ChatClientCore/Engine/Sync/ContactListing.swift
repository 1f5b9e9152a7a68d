import ChatWire

/// What the contact lists of one link say about the newest messages of conversations.
struct ContactListing: Equatable, Sendable {
    private var newest: [UserID: ListedNewest] = [:]
    /// Since when each list has been empty; nil when the last one was not.
    private var emptySince: MonotonicInstant?

    /// - Parameters:
    ///   - leftOut: how many elements of the list could not be read.
    ///   - known: the highest id in the cache when the list was requested.
    mutating func receive(_ list: [Contact], leftOut: Int, known: MessageID, at now: MonotonicInstant) {
        newest = [:]
        for contact in list {
            newest[contact.userID] = ListedNewest(
                content: contact.lastMessage, time: contact.lastMessageTime, knownAtRequest: known,
                unread: contact.unreadCount)
        }
        emptySince = list.isEmpty && leftOut == 0 ? emptySince ?? now : nil
    }

    subscript(peer: UserID) -> ListedNewest? { newest[peer] }

    /// No list names anybody.
    var isEmpty: Bool { newest.isEmpty }

    /// There has been a list.
    var isKnown: Bool { emptySince != nil || !newest.isEmpty }

    /// An empty list may be a failed read at the server. It removes nobody until the lists have stayed empty for a
    /// while.
    func isEmptyInDoubt(at now: MonotonicInstant) -> Bool {
        guard let emptySince else { return false }
        return emptySince.duration(to: now) < PageProof.believedAfter
    }
}
