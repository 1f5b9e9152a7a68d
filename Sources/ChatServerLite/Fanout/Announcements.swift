import ChatWire

/// The sender of an event, and how it is answered.
struct Asker: Sendable {
    let socket: SocketID
    let user: Person
    var acknowledgementID: UInt64?
    /// The `temp_id` as it was sent, when it is not text: answers repeat it unchanged.
    var echo: JSONValue?

    /// The acknowledgement; empty when none was requested.
    func acknowledgement(_ answer: SendAcknowledgement = .handled) -> [Announcement] {
        guard let acknowledgementID else { return [] }
        return [.acknowledgement(answer, id: acknowledgementID, to: socket, echo: echo)]
    }
}

/// A command whose outcome is announced to those who are connected.
protocol AnnouncedCommand: StoreCommand {
    /// The announcements to make after the commit.
    func announcements(of outcome: Outcome) -> [Announcement]
}

extension SendMessage: AnnouncedCommand {
    /// The announcements of a send by REST. A replay is not announced again.
    func announcements(of outcome: Outcome) -> [Announcement] {
        guard !outcome.isReplay else { return [] }
        return [
            .message(
                MessageDelivery(outcome, from: sender, tempID: outcome.message.tempID, asker: nil))
        ]
    }

    /// The announcements of a send by socket, and the answer to it.
    func announcements(of result: Result<Outcome, StoreError>, to asker: Asker, named tempID: TempID?)
        -> [Announcement]
    {
        switch result {
        case .success(let outcome):
            return [.message(MessageDelivery(outcome, from: sender, tempID: tempID, asker: asker))]
        case .failure(let error):
            let audience = Audience.socket(asker.socket)
            let failure = ServerEvent.messageError(tempID: tempID, reason: error.reason)
            return [
                .event(.messageSending(tempID: tempID), to: audience, echo: asker.echo),
                .event(failure, to: audience, echo: asker.echo),
            ] + asker.acknowledgement(.refused(reason: error.reason, tempID: tempID))
        }
    }
}

extension StoreError {
    /// The reason in the words that people read.
    var reason: String {
        switch self {
        case .refused(let refusal): refusal.message
        case .overloaded, .closed, .tooManyQuestions: RequestProblem.overloaded.message
        case .storage(let failure): failure.kind.reason.message
        }
    }
}

extension StorageFailure.Kind {
    /// The reason in the words of the API.
    var reason: RequestProblem {
        switch self {
        case .full: .diskFull
        case .gone: .databaseGone
        case .busy, .corrupt, .readOnly, .conflict, .other: .serverError
        }
    }

    /// Whether clients may simply try again. The storage itself logs such a failure, once.
    var mayPass: Bool { self == .full || self == .gone }
}

extension MarkRead: AnnouncedCommand {
    /// The announcements of reading by REST. The sender hears of it, and so do all sockets of the reader.
    func announcements(of outcome: Outcome) -> [Announcement] {
        guard outcome.count > 0 else { return [] }
        return [
            .event(event(outcome), to: .user(sender, except: nil)),
            .event(event(outcome), to: .user(reader, except: nil)),
        ]
    }

    /// The announcements of reading by socket. If any message was unread, the sender hears of it, and so do
    /// the reader's other sockets.
    func announcements(of result: Result<Outcome, StoreError>, to asker: Asker) -> [Announcement] {
        let outcome: Outcome
        switch result {
        case .success(let marked): outcome = marked
        case .failure(let error):
            return [.event(.error(error.reason), to: .socket(asker.socket))] + asker.acknowledgement()
        }
        // Reading without effect is not announced.
        guard outcome.count > 0 else { return asker.acknowledgement() }
        return [
            .event(event(outcome), to: .user(sender, except: nil)),
            .event(event(outcome), to: .user(reader, except: asker.socket)),
        ] + asker.acknowledgement()
    }

    private func event(_ outcome: Outcome) -> ServerEvent {
        .messagesRead(by: reader, readerID: reader, senderID: sender, upToID: outcome.upTo)
    }
}

extension MarkDelivered {
    /// The announcements of a delivery. The sender hears of it.
    func announcements(of result: Result<Outcome, StoreError>, to asker: Asker) -> [Announcement] {
        let status: Outcome
        switch result {
        case .success(let marked): status = marked
        case .failure(let error):
            return [.event(.error(error.reason), to: .socket(asker.socket))] + asker.acknowledgement()
        }
        // A message that was read is not announced as delivered again.
        guard status == .delivered else { return asker.acknowledgement() }
        return [.event(.messageStatusUpdate(message, .delivered), to: .user(sender, except: nil))]
            + asker.acknowledgement()
    }
}

extension DeleteMessage: AnnouncedCommand {
    func announcements(of outcome: Outcome) -> [Announcement] {
        [
            .event(.messageDeleted(message, by: user, contact: outcome), to: .user(user, except: nil)),
            .event(.messageDeleted(message, by: user, contact: user), to: .user(outcome, except: nil)),
        ]
    }
}

extension DeleteConversation: AnnouncedCommand {
    func announcements(of outcome: Outcome) -> [Announcement] {
        guard outcome.count > 0, outcome.rest == nil else { return [] }
        return [
            .event(.conversationDeleted(by: user, contact: contact), to: .user(user, except: nil)),
            .event(.conversationDeleted(by: user, contact: user), to: .user(contact, except: nil)),
        ]
    }
}

extension AddContact: AnnouncedCommand {
    func announcements(of outcome: Outcome) -> [Announcement] { [.contactAdded(contactUser, to: user)] }
}

extension RemoveContact: AnnouncedCommand {
    func announcements(of outcome: Outcome) -> [Announcement] { [.contactRemoved(outcome, from: user)] }
}
