import ChatWire

/// Imitates the real server's handlers as recorded.
///
/// Where a handler fails on its input, it stays silent: there is no error and no acknowledgement, and
/// everything sent before stays sent. Ids are returned in the JSON type in which they came, and only numbers
/// find a user's socket.
enum RecordedEventHandlers {
    private typealias Fields = ClientEvent.Fields

    /// The plan for an event.
    ///
    /// - Parameter isPresent: whether the socket still counts as its user's. A displaced socket has no user.
    static func plan(_ payload: ArraySlice<UInt8>, from asker: Asker, isPresent: Bool) -> EventPlan {
        guard let event = try? JSONValue(parsing: payload), let name = event[0]?.stringValue,
            let count = event.arrayValue?.count
        else { return silence }
        // A handler takes one argument and fails when there are more or fewer.
        guard count == 2, let fields = event[1] else { return silence }
        let kind = ClientEvent.Kind(name: name)
        if kind == .sendMessage, !isPresent { return displaced(asker) }
        // The handler gets bytes in place of an attachment's placeholder.
        guard fields.objectValue != nil, !SocketPlaceholder.isOne(fields) else { return silence }
        let contact = fields[Fields.contact]
        switch kind {
        case .joinConversation:
            return inRoom(contact, asker, isPresent: isPresent) { .joined($0, asker.socket) }
        case .leaveConversation:
            return inRoom(contact, asker, isPresent: isPresent) { .left($0, asker.socket) }
        case .typingStart:
            return inRoom(contact, asker, isPresent: isPresent) {
                .event(.userTyping(asker.user), to: .members($0, except: asker.socket))
            }
        case .typingStop:
            return inRoom(contact, asker, isPresent: isPresent) {
                .event(.userStoppedTyping(asker.user.id), to: .members($0, except: asker.socket))
            }
        case .sendMessage: return send(fields, from: asker)
        case .messageRead: return read(fields[Fields.sender], asker, isPresent: isPresent)
        case .messageDelivered: return delivered(fields, asker)
        case nil: return silence
        }
    }

    private static let silence = EventPlan.announce([])

    private static func displaced(_ asker: Asker) -> EventPlan {
        let error = ServerEvent.error(RequestProblem.notAuthenticated.message)
        return .announce([.event(error, to: .socket(asker.socket))] + asker.acknowledgement())
    }

    // MARK: Rooms and typing

    private static func inRoom(
        _ contact: JSONValue?, _ asker: Asker, isPresent: Bool, _ announce: (UserPair) -> Announcement
    ) -> EventPlan {
        if contact.isFalsy { return .announce(asker.acknowledgement()) }
        // A room is named after both users in order. A displaced socket has no user, and a number cannot be
        // ordered with a text, so neither has a room.
        guard isPresent, let contact, contact.isNumber else { return silence }
        let announcement = room(of: asker.user.id, contact).map(announce)
        return .announce((announcement.map { [$0] } ?? []) + asker.acknowledgement())
    }

    /// The room of the pair. To the real server, 3.0 and `true` name other rooms than 3 and 1, and nobody is
    /// in those.
    private static func room(of user: UserID, _ contact: JSONValue) -> UserPair? {
        guard case .integer(let number) = contact else { return nil }
        return UserPair(user, UserID(number))
    }

    /// The user whose socket the real server finds under `value`. It finds sockets only under numbers.
    private static func connectedUser(_ value: JSONValue) -> UserID? {
        value.isNumber ? userID(value) : nil
    }

    /// The user that the real server's database finds under `value`.
    private static func userID(_ value: JSONValue) -> UserID? {
        try? EventFields.userID(value, missing: .receiverMissing, unknown: .receiverUnknown)
    }

    // MARK: Sending

    private static func send(_ fields: JSONValue, from asker: Asker) -> EventPlan {
        let tempID = fields[Fields.tempID] ?? .null
        guard let receiver = fields[Fields.receiver], !fields[Fields.receiver].isFalsy,
            let content = fields[Fields.content], !fields[Fields.content].isFalsy
        else {
            return .announce(
                [.event(.error(Refusal.invalidData.message), to: .socket(asker.socket))]
                    + asker.acknowledgement())
        }
        let answer = RecordedSend(asker: asker, receiver: receiver, tempID: tempID)
        let sending = Announcement.event(
            .messageSending(tempID: nil), to: .socket(asker.socket), echo: tempID)
        guard let content = content.stringValue else { return .announce([sending]) }
        do throws(Refusal) {
            // The real server checks the content before the receiver, so an unknown receiver passes here.
            let command = try SendMessage(
                from: asker.user, to: userID(receiver) ?? UserID(-1), content: content, tempID: nil,
                allowingSelf: !receiver.isNumber)
            if receiver.arrayValue != nil || receiver.objectValue != nil { return .announce([sending]) }
            return .submit(StoreSubmission(command) { [sending] + answer.announcements(of: $0) })
        } catch {
            return .announce([sending] + answer.announcements(of: .failure(.refused(error))))
        }
    }

    // MARK: Receipts

    private static func read(_ sender: JSONValue?, _ asker: Asker, isPresent: Bool) -> EventPlan {
        guard let sender, !JSONValue?.some(sender).isFalsy else {
            return .announce(asker.acknowledgement())
        }
        if sender.arrayValue != nil || sender.objectValue != nil { return silence }
        let reader: JSONValue = isPresent ? .integer(asker.user.id.rawValue) : .null
        var following: [Announcement] = []
        if let user = connectedUser(sender) {
            let packet = ServerEvent.packet(
                .messagesRead, echoing: JSONObject([ServerEvent.Fields.by.echoing(reader)]))
            following.append(.packet(packet, to: .user(user, except: nil)))
        }
        following += asker.acknowledgement()
        guard isPresent, let id = userID(sender) else { return .announce(following) }
        let command = MarkRead(reader: asker.user.id, sender: id)
        return .submit(
            StoreSubmission(command) { [following] result in
                guard case .success = result else { return [] }
                return following
            })
    }

    private static func delivered(_ fields: JSONValue, _ asker: Asker) -> EventPlan {
        guard let message = fields[Fields.message], !fields[Fields.message].isFalsy,
            let sender = fields[Fields.sender], !fields[Fields.sender].isFalsy
        else { return .announce(asker.acknowledgement()) }
        if sender.arrayValue != nil || sender.objectValue != nil { return silence }
        guard let user = connectedUser(sender), message.isShort else {
            return .announce(asker.acknowledgement())
        }
        let packet = ServerEvent.packet(
            .messageStatusUpdate,
            echoing: JSONObject([
                ServerEvent.Fields.messageID.echoing(message), ServerEvent.Fields.status(.delivered),
            ]))
        return .announce([.packet(packet, to: .user(user, except: nil))] + asker.acknowledgement())
    }
}

/// The announcements of a send on the real server. The receiver's id and the `temp_id` are returned as they
/// were sent.
struct RecordedSend: Sendable {
    private typealias Fields = ServerEvent.Fields

    let asker: Asker
    let receiver: JSONValue
    let tempID: JSONValue

    func announcements(of result: Result<SendMessage.Outcome, StoreError>) -> [Announcement] {
        let sender = Audience.socket(asker.socket)
        switch result {
        case .failure(let error):
            let event = ServerEvent.messageError(tempID: nil, reason: error.reason)
            return [.event(event, to: sender, echo: tempID)] + asker.acknowledgement()
        case .success(let outcome):
            let message = described(outcome.message)
            let confirmed = ServerEvent.packet(
                .messageConfirmed,
                echoing: JSONObject([
                    Fields.tempID.echoing(tempID), Fields.message.echoing(.object(message)),
                ]))
            return [.packet(confirmed, to: sender)]
                + deliveries(of: outcome.message, described(outcome.message, forOthers: true))
        }
    }

    /// Delivers to the room, then to the receiver. A receiver given as text has no room, so the handler fails
    /// there.
    private func deliveries(of stored: Message, _ message: JSONObject) -> [Announcement] {
        var announcements = [
            Announcement.push(stored, from: asker.user, evenIfConnected: !receiver.isNumber)
        ]
        guard receiver.isNumber else { return announcements }
        if case .integer = receiver {
            announcements.append(
                .packet(
                    ServerEvent.packet(.newMessage, echoing: message),
                    to: .members(UserPair(stored.senderID, stored.receiverID), except: nil)))
        }
        let from = JSONObject([Person.Fields.id(asker.user.id), Person.Fields.name(asker.user.name)])
        announcements.append(
            .packet(
                ServerEvent.packet(
                    .messageNotification,
                    echoing: JSONObject([
                        Fields.message.echoing(.object(message)),
                        Fields.fromUser.echoing(.object(from)),
                    ])),
                to: .user(stored.receiverID, except: nil)))
        return announcements + asker.acknowledgement()
    }

    private func described(_ message: Message, forOthers: Bool = false) -> JSONObject {
        typealias Members = Message.Fields
        return JSONObject([
            Members.id(message.id), Members.senderID(message.senderID), Members.receiverID.echoing(receiver),
            Members.content(message.content), Members.isRead(false), Members.createdAt(message.createdAt),
            Members.senderName(asker.user.name),
            // Only the sender gets a long `temp_id` back.
            Members.tempID.echoing(forOthers && !tempID.isShort ? .null : tempID),
        ])
    }
}

extension JSONValue {
    /// Whether the value as JSON is short enough to be sent to other people.
    var isShort: Bool {
        switch self {
        case .null, .bool, .integer, .double: true
        case .string(let text): text.utf8.count <= TempID.lengthMax
        case .array, .object: serialized().count <= TempID.lengthMax
        }
    }
}
