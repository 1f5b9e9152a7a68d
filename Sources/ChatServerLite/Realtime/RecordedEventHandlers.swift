import ChatWire

/// Plays the real server's handlers as recorded.
///
/// Where one of them breaks on what it is given, it stays silent: no error, no acknowledgement, and what it
/// had sent before stays sent. Ids go back in the JSON type in which they came, and only numbers find a
/// user's socket.
enum RecordedEventHandlers {
    /// The plan for an event.
    ///
    /// - Parameter isPresent: whether the socket is still its user's; a displaced one is nobody.
    static func plan(_ payload: ArraySlice<UInt8>, from asker: Asker, isPresent: Bool) -> EventPlan {
        guard let event = try? JSONValue(parsing: payload), let name = event[0]?.stringValue,
            let count = event.arrayValue?.count
        else { return silence }
        // A handler takes one argument, and breaks when there are more or fewer.
        guard count == 2, let fields = event[1] else { return silence }
        if name == "send_message", !isPresent { return displaced(asker) }
        // What stands for an attachment is bytes to the handler.
        guard fields.objectValue != nil, fields["_placeholder"]?.boolValue != true else { return silence }
        switch name {
        case "join_conversation", "leave_conversation", "typing_start", "typing_stop":
            return inRoom(name, fields["contact_user_id"], asker, isPresent: isPresent)
        case "send_message": return send(fields, from: asker)
        case "message_read": return read(fields["sender_id"], asker, isPresent: isPresent)
        case "message_delivered": return delivered(fields, asker)
        default: return silence
        }
    }

    private static let silence = EventPlan.announce([])

    private static func displaced(_ asker: Asker) -> EventPlan {
        .announce(
            [.event(.error("Usuario não autenticado"), to: .socket(asker.socket))] + asker.acknowledgement())
    }

    // MARK: Rooms and typing

    private static func inRoom(
        _ name: String, _ contact: JSONValue?, _ asker: Asker, isPresent: Bool
    ) -> EventPlan {
        if contact.isFalsy { return .announce(asker.acknowledgement()) }
        // A room is named for both users, in order: nobody and a number, or a number and a text, have none.
        guard isPresent, let contact, contact.isNumber else { return silence }
        var announcements: [Announcement] = []
        if let room = room(of: asker.user.id, contact) {
            let others = Audience.members(room, except: asker.socket)
            switch name {
            case "join_conversation": announcements.append(.joined(room, asker.socket))
            case "leave_conversation": announcements.append(.left(room, asker.socket))
            case "typing_start": announcements.append(.event(.userTyping(asker.user), to: others))
            default: announcements.append(.event(.userStoppedTyping(asker.user.id), to: others))
            }
        }
        return .announce(announcements + asker.acknowledgement())
    }

    /// The pair's room. To the real server 3.0 and `true` name other rooms than 3 and 1; nobody is in them.
    private static func room(of user: UserID, _ contact: JSONValue) -> UserPair? {
        guard case .integer(let number) = contact else { return nil }
        return UserPair(user, UserID(number))
    }

    /// The user whose socket the real server finds under `value`: for numbers only.
    private static func connectedUser(_ value: JSONValue) -> UserID? {
        value.isNumber ? userID(value) : nil
    }

    /// The user that the real server's database finds under `value`.
    private static func userID(_ value: JSONValue) -> UserID? {
        try? EventFields.userID(value, missing: .receiverMissing, unknown: .receiverUnknown)
    }

    // MARK: Sending

    private static func send(_ fields: JSONValue, from asker: Asker) -> EventPlan {
        let tempID = fields["temp_id"] ?? .null
        guard let receiver = fields["receiver_id"], !fields["receiver_id"].isFalsy,
            let content = fields["content"], !fields["content"].isFalsy
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
            // The content is looked at before the receiver, so one that nobody is goes on.
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
            let packet = EncodedPacket.event("messages_read", ["by_user_id": reader])
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
        guard let message = fields["message_id"], !fields["message_id"].isFalsy,
            let sender = fields["sender_id"], !fields["sender_id"].isFalsy
        else { return .announce(asker.acknowledgement()) }
        if sender.arrayValue != nil || sender.objectValue != nil { return silence }
        guard let user = connectedUser(sender), message.isShort else {
            return .announce(asker.acknowledgement())
        }
        let packet = EncodedPacket.event(
            "message_status_update", ["message_id": message, "status": "delivered"])
        return .announce([.packet(packet, to: .user(user, except: nil))] + asker.acknowledgement())
    }
}

/// What follows a send on the real server: the receiver's id and the `temp_id` come back as they were sent.
struct RecordedSend: Sendable {
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
            let confirmed = EncodedPacket.event("message_confirmed", ["temp_id": tempID, "message": message])
            return [.packet(confirmed, to: sender)]
                + deliveries(of: outcome.message, described(outcome.message, forOthers: true))
        }
    }

    /// To the room, then to the receiver. A receiver in a text has no room: there the handler breaks.
    private func deliveries(of stored: Message, _ message: JSONValue) -> [Announcement] {
        var announcements = [
            Announcement.push(stored, from: asker.user, evenIfConnected: !receiver.isNumber)
        ]
        guard receiver.isNumber else { return announcements }
        if case .integer = receiver {
            announcements.append(
                .packet(
                    .event("new_message", message),
                    to: .members(UserPair(stored.senderID, stored.receiverID), except: nil)))
        }
        let from: JSONValue = ["id": .integer(asker.user.id.rawValue), "name": .string(asker.user.name)]
        announcements.append(
            .packet(
                .event("message_notification", ["message": message, "from_user": from]),
                to: .user(stored.receiverID, except: nil)))
        return announcements + asker.acknowledgement()
    }

    private func described(_ message: Message, forOthers: Bool = false) -> JSONValue {
        [
            "id": .integer(message.id.rawValue), "sender_id": .integer(message.senderID.rawValue),
            "receiver_id": receiver, "content": .string(message.content), "is_read": false,
            "created_at": .string(WireDate.iso(message.createdAt)), "sender_name": .string(asker.user.name),
            // What is long goes back to its sender alone.
            "temp_id": forOthers && !tempID.isShort ? .null : tempID,
        ]
    }
}

extension JSONValue {
    /// Whether it is no longer, written, than what other people may be sent of it.
    var isShort: Bool {
        switch self {
        case .null, .bool, .integer, .double: true
        case .string(let text): text.utf8.count <= TempID.lengthMax
        case .array, .object: serialized().count <= TempID.lengthMax
        }
    }
}

extension EncodedPacket {
    /// An event with a payload of any form.
    static func event(_ name: String, _ payload: JSONValue) -> EncodedPacket {
        EncodedPacket(bytes: Array("42".utf8) + JSONValue.array([.string(name), payload]).serialized())
    }
}
