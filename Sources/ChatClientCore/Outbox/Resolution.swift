import ChatWire

/// Whether messages of unknown fate are at a server that does not recognise temp_ids: told from the newest
/// page of their conversation, fetched after a new link was accepted.
enum Resolution {
    /// An unknown message and what is searched for.
    struct Question: Equatable, Sendable {
        let tempID: TempID
        /// As it was sent: trimmed.
        let content: String
        /// The highest id known before its first attempt.
        let knownID: MessageID
    }

    enum Outcome: Equatable, Sendable {
        /// The server has it, as this message.
        case found(TempID, Message)
        /// The page reaches back to the known id and does not show it: it may be sent again.
        case absent(TempID)
        /// More news than a page holds: only the person can decide.
        case undecidable(TempID)

        var isUndecidable: Bool {
            guard case .undecidable = self else { return false }
            return true
        }

        var tempID: TempID {
            switch self {
            case .found(let tempID, _), .absent(let tempID), .undecidable(let tempID): tempID
            }
        }
    }

    /// Matches unknown messages to the account's own on the page: above the known id, of equal text, in the
    /// order of sending, each of the server's once.
    ///
    /// A message of the same text sent at the same time from another device cannot be told apart; that case
    /// is outside of what is promised.
    ///
    /// - Parameters:
    ///   - questions: in the order of entry.
    ///   - page: as the server sent it, in any order.
    ///   - limit: how many messages were asked for; fewer on the page mean that it reaches the beginning.
    ///   - taken: ids that are known to be other messages of this account (sent from here and confirmed).
    static func match(
        _ questions: [Question], page: [Message], limit: Int, me: UserID, taken: Set<MessageID>
    ) -> [Outcome] {
        let own = page.filter { $0.senderID == me && !taken.contains($0.id) }.sorted { $0.id < $1.id }
        let oldest = page.map(\.id).min()
        let isComplete = page.count < limit
        var next = own.startIndex
        return questions.map { question in
            let match = own[next...].firstIndex { message in
                message.id > question.knownID && strippedLikePython(message.content) == question.content
            }
            if let match {
                next = match + 1
                return .found(question.tempID, own[match])
            }
            let reachesBack = isComplete || (oldest.map { $0 <= question.knownID } ?? true)
            return reachesBack ? .absent(question.tempID) : .undecidable(question.tempID)
        }
    }
}
