import ChatWire

/// What the server does about one event from a client.
enum EventPlan: Sendable {
    /// Only announce. The event needs nothing from the database.
    case announce([Announcement])
    case send(SendMessage, tempID: TempID?, echo: JSONValue?)
    case markRead(MarkRead)
    case markDelivered(MarkDelivered)
    /// A write whose announcements are decided when it is planned.
    case submit(StoreSubmission)
}

/// A write and the announcements of its result.
struct StoreSubmission: Sendable {
    let submit: @Sendable (any Storage, Hub) -> Void

    init<Command: StoreCommand>(
        _ command: Command,
        announcing: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> [Announcement]
    ) {
        submit = { store, hub in
            store.submit(command) { result in hub.here { $0.announce(announcing(result)) } }
        }
    }
}

/// Turns the events of clients into plans. The functions are pure: a plan depends only on the payload and its
/// sender. The announcements after a write belong to its command.
enum EventHandlers {
    private typealias Fields = ClientEvent.Fields

    /// The plan for an event.
    ///
    /// - Parameter payload: the event's array as it arrived: a name and its arguments.
    static func plan(_ payload: ArraySlice<UInt8>, from asker: Asker) -> EventPlan {
        do throws(EventError) {
            return plan(try ClientEvent.decode(payload), payload, from: asker)
        } catch .malformed(let name) {
            return malformed(ClientEvent.Kind(name: name), payload, from: asker)
        } catch {
            return .announce(unreadable(payload, from: asker))
        }
    }

    /// The answer to an event of which only the name is readable: an error, and still an acknowledgement.
    static func unreadable(_ payload: ArraySlice<UInt8>, from asker: Asker) -> [Announcement] {
        let plan: EventPlan
        switch ClientEvent.kind(in: payload) {
        case .sendMessage: plan = invalid(asker)
        case .joinConversation, .leaveConversation, .typingStart, .typingStop, .messageRead,
            .messageDelivered:
            plan = plainlyInvalid(asker)
        case nil: return []
        }
        guard case .announce(let announcements) = plan else { return [] }
        return announcements
    }

    /// The answer to an event beyond the account's limit: an error, and an acknowledgement.
    ///
    /// - Parameter retryAfter: when the account may send the next one, in seconds.
    static func tooMany(
        _ payload: ArraySlice<UInt8>, retryAfter: Int, from asker: Asker
    ) -> [Announcement] {
        let reason = RequestProblem.tooManyRequestsNow.message
        let error = Announcement.event(.error(reason), to: .socket(asker.socket))
        guard ClientEvent.kind(in: payload) == .sendMessage else { return [error] + asker.acknowledgement() }
        var asker = asker
        var name: TempID?
        if case .sendMessage(_, _, let tempID)? = try? ClientEvent.decode(payload) {
            name = tempID
            asker.echo = tempID == nil ? ClientEvent.echo(in: payload) : nil
        }
        return [error]
            + asker.acknowledgement(.refused(reason: reason, tempID: name, retryAfter: retryAfter))
    }

    private static func plan(
        _ event: ClientEvent, _ payload: ArraySlice<UInt8>, from asker: Asker
    ) -> EventPlan {
        let user = asker.user.id
        switch event {
        case .sendMessage(let receiver, let content, let tempID):
            // The payload is searched again only for a `temp_id` that is not text.
            let echo = tempID == nil ? ClientEvent.echo(in: payload) : nil
            return send(to: receiver, content, tempID, echo, from: asker)
        case .joinConversation(let contact):
            guard contact.rawValue != 0 else { return done(asker) }
            return done(asker, .joined(UserPair(user, contact), asker.socket))
        case .leaveConversation(let contact):
            return done(asker, .left(UserPair(user, contact), asker.socket))
        case .typingStart(let contact):
            guard contact.rawValue != 0 else { return done(asker) }
            return done(asker, .typing(true, in: UserPair(user, contact), by: asker.user))
        case .typingStop(let contact):
            return done(asker, .typing(false, in: UserPair(user, contact), by: asker.user))
        case .messageRead(let sender, let upTo):
            guard sender.rawValue != 0 else { return done(asker) }
            return .markRead(MarkRead(reader: user, sender: sender, upTo: upTo))
        case .messageDelivered(let message, let sender):
            guard message.rawValue != 0, sender.rawValue != 0 else { return done(asker) }
            return .markDelivered(MarkDelivered(message: message, receiver: user, sender: sender))
        case .unknown:
            // As recorded, an event without a handler is not even acknowledged.
            return .announce([])
        }
    }

    private static func send(
        to receiver: UserID, _ content: String, _ tempID: TempID?, _ echo: JSONValue?, from asker: Asker
    ) -> EventPlan {
        if receiver.rawValue == 0 || content.isEmpty { return invalid(asker, tempID, echo) }
        do {
            let command = try SendMessage(from: asker.user, to: receiver, content: content, tempID: tempID)
            return .send(command, tempID: tempID, echo: echo)
        } catch {
            return refused(error, tempID, echo, asker)
        }
    }

    private static func done(_ asker: Asker, _ announcement: Announcement? = nil) -> EventPlan {
        .announce((announcement.map { [$0] } ?? []) + asker.acknowledgement())
    }

    /// The answer to an invalid payload: an error, and still an acknowledgement.
    private static func invalid(_ asker: Asker, _ tempID: TempID? = nil, _ echo: JSONValue? = nil)
        -> EventPlan
    {
        var asker = asker
        asker.echo = echo
        return .announce(
            [.event(.error(Refusal.invalidData.message), to: .socket(asker.socket))]
                + asker.acknowledgement(.refused(reason: Refusal.invalidData.message, tempID: tempID)))
    }

    private static func refused(
        _ refusal: Refusal, _ tempID: TempID?, _ echo: JSONValue?, _ asker: Asker
    ) -> EventPlan {
        var asker = asker
        asker.echo = echo
        let audience = Audience.socket(asker.socket)
        return .announce(
            [
                .event(.messageSending(tempID: tempID), to: audience, echo: echo),
                .event(.messageError(tempID: tempID, reason: refusal.message), to: audience, echo: echo),
            ] + asker.acknowledgement(.refused(reason: refusal.message, tempID: tempID)))
    }

    // MARK: Invalid payloads

    private static func malformed(
        _ kind: ClientEvent.Kind?, _ payload: ArraySlice<UInt8>, from asker: Asker
    ) -> EventPlan {
        guard let json = try? JSONValue(parsing: payload), let arguments = json.arrayValue,
            arguments.count == 2, arguments[1].objectValue != nil
        else { return kind == .sendMessage ? invalid(asker) : plainlyInvalid(asker) }
        let fields = arguments[1]
        let isMissing: Bool
        switch kind {
        case .sendMessage: return malformedSend(fields, from: asker)
        case .messageRead: isMissing = fields[Fields.sender].isFalsy
        case .messageDelivered: isMissing = fields[Fields.message].isFalsy || fields[Fields.sender].isFalsy
        case .joinConversation, .leaveConversation, .typingStart, .typingStop, nil:
            isMissing = fields[Fields.contact].isFalsy
        }
        // As recorded, an event with a missing field does nothing. One with an invalid field gets an error.
        return isMissing ? done(asker) : plainlyInvalid(asker)
    }

    private static func plainlyInvalid(_ asker: Asker) -> EventPlan {
        .announce(
            [.event(.error(Refusal.invalidData.message), to: .socket(asker.socket))] + asker.acknowledgement()
        )
    }

    private static func malformedSend(_ fields: JSONValue, from asker: Asker) -> EventPlan {
        let tempID = fields[Fields.tempID].flatMap { TempID(lenient: $0) }
        let echo = tempID == nil ? fields[Fields.tempID] : nil
        if fields[Fields.receiver].isFalsy || fields[Fields.content].isFalsy {
            return invalid(asker, tempID, echo)
        }
        let receiver: UserID
        do {
            receiver = try EventFields.userID(
                fields[Fields.receiver], missing: .receiverMissing, unknown: .receiverUnknown)
        } catch .invalidData {
            return startedThenInvalid(tempID, echo, asker)
        } catch {
            return refused(error, tempID, echo, asker)
        }
        guard let content = fields[Fields.content]?.stringValue else {
            return startedThenInvalid(tempID, echo, asker)
        }
        return send(to: receiver, content, tempID, echo, from: asker)
    }

    /// The answer to a send with a field of the wrong type. As recorded, the real server announces the
    /// processing before it notices the type.
    private static func startedThenInvalid(
        _ tempID: TempID?, _ echo: JSONValue?, _ asker: Asker
    ) -> EventPlan {
        let sending = Announcement.event(
            .messageSending(tempID: tempID), to: .socket(asker.socket), echo: echo)
        guard case .announce(let rest) = invalid(asker, tempID, echo) else { return .announce([sending]) }
        return .announce([sending] + rest)
    }
}
