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
        /// The page reaches back to what was known before the attempt and does not show it: it may be sent again.
        case absent(TempID)
        /// The page shows nothing of what was known, so that it proves nothing: another one may.
        case unproved(TempID)
        /// More news than a page holds: only the person can decide.
        case undecidable(TempID)

        var isFound: Bool {
            guard case .found = self else { return false }
            return true
        }

        /// True when another page may say more.
        var isOpen: Bool {
            switch self {
            case .found, .absent: false
            case .unproved, .undecidable: true
            }
        }

        var tempID: TempID {
            switch self {
            case .found(let tempID, _), .absent(let tempID), .unproved(let tempID), .undecidable(let tempID):
                tempID
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
    ///   - proof: what the page proves; nil when it proves nothing.
    ///   - taken: ids that are known to be other messages of this account (sent from here and confirmed).
    static func match(
        _ questions: [Question], page: [Message], proof: PageProof?, me: UserID, taken: Set<MessageID>
    ) -> [Outcome] {
        let own = page.filter { $0.senderID == me && !taken.contains($0.id) }.sorted { $0.id < $1.id }
        var next = own.startIndex
        return questions.map { question in
            let match = own[next...].firstIndex { message in
                message.id > question.knownID && strippedLikePython(message.content) == question.content
            }
            if let match {
                next = match + 1
                return .found(question.tempID, own[match])
            }
            guard let proof, proof.isTrusted else { return .unproved(question.tempID) }
            if proof.reachesBack(to: question.knownID) { return .absent(question.tempID) }
            return proof.isShort ? .unproved(question.tempID) : .undecidable(question.tempID)
        }
    }
}

extension PageProof {
    /// True when the page shows all that the server has above an id: it shows that message, or an older one that was
    /// known before, or the conversation's beginning.
    func reachesBack(to id: MessageID) -> Bool {
        guard isTrusted else { return false }
        // Of a conversation without messages one page is not enough.
        if reachesBeginning, !isEmpty || isWitnessed { return true }
        return landmarks.contains { $0 <= id }
    }
}
