import ChatWire

/// A message from one node to the others: an encoded packet for clients, a change of who watches whom, or the end
/// of sessions.
///
/// Its text is a JSON array that starts with the kind. Apart from the packet, it contains only ids of users,
/// sockets and sessions.
package enum NodeMessage: Equatable, Sendable {
    case packet(EncodedPacket, to: Audience)
    case contactAdded(UserID, to: UserID)
    case contactRemoved(UserID, from: UserID)
    case sessionsEnded(SessionsEnd)

    /// A text that is not a message of a node.
    package struct Unreadable: Error, Equatable {}

    package var text: [UInt8] {
        let fields: [JSONValue] =
            switch self {
            case .packet(let packet, let audience):
                ["packet", .string(String(decoding: packet.bytes, as: UTF8.self)), audience.json]
            case .contactAdded(let contact, let user):
                ["contact_added", .integer(contact.rawValue), .integer(user.rawValue)]
            case .contactRemoved(let contact, let user):
                ["contact_removed", .integer(contact.rawValue), .integer(user.rawValue)]
            case .sessionsEnded(let end):
                [
                    "sessions_ended", .integer(end.user.rawValue),
                    .array(
                        end.sessions.map { [.integer($0.id.rawValue), .integer($0.expiresAt.microseconds)] }),
                    .bool(end.endsUnnamed),
                ]
            }
        return JSONValue.array(fields).serialized()
    }

    package init(parsing text: [UInt8]) throws(Unreadable) {
        guard let json = try? JSONValue(parsing: text[...]), let fields = json.arrayValue,
            let kind = fields.first?.stringValue, fields.count == (kind == "sessions_ended" ? 4 : 3)
        else { throw Unreadable() }
        switch kind {
        case "packet":
            guard let packet = fields[1].stringValue else { throw Unreadable() }
            self = .packet(EncodedPacket(bytes: Array(packet.utf8)), to: try Audience(fields[2]))
        case "contact_added":
            self = .contactAdded(try UserID(node: fields[1]), to: try UserID(node: fields[2]))
        case "contact_removed":
            self = .contactRemoved(try UserID(node: fields[1]), from: try UserID(node: fields[2]))
        case "sessions_ended": self = .sessionsEnded(try SessionsEnd(fields))
        default: throw Unreadable()
        }
    }
}

extension SessionsEnd {
    fileprivate init(_ fields: [JSONValue]) throws(NodeMessage.Unreadable) {
        guard let list = fields[2].arrayValue, let endsUnnamed = fields[3].boolValue else {
            throw NodeMessage.Unreadable()
        }
        user = try UserID(node: fields[1])
        self.endsUnnamed = endsUnnamed
        var sessions: [EndedSession] = []
        for json in list {
            guard let numbers = json.arrayValue, numbers.count == 2, let id = numbers[0].integerValue,
                let expiry = numbers[1].integerValue
            else { throw NodeMessage.Unreadable() }
            sessions.append(
                EndedSession(id: SessionID(id), expiresAt: Timestamp(microseconds: expiry)))
        }
        self.sessions = sessions
    }
}

extension UserID {
    fileprivate var json: JSONValue { .integer(rawValue) }

    fileprivate init(node json: JSONValue) throws(NodeMessage.Unreadable) {
        guard let number = json.integerValue else { throw NodeMessage.Unreadable() }
        self.init(number)
    }
}

extension UserPair {
    fileprivate var json: JSONValue { [lower.json, higher.json] }

    fileprivate init(node json: JSONValue) throws(NodeMessage.Unreadable) {
        guard let users = json.arrayValue, users.count == 2 else { throw NodeMessage.Unreadable() }
        self.init(try UserID(node: users[0]), try UserID(node: users[1]))
    }
}

extension SocketID {
    fileprivate var json: JSONValue { [.integer(node.rawValue), .integer(number)] }

    fileprivate init(node json: JSONValue) throws(NodeMessage.Unreadable) {
        guard let numbers = json.arrayValue, numbers.count == 2, let node = numbers[0].integerValue,
            let number = numbers[1].integerValue
        else { throw NodeMessage.Unreadable() }
        self.init(node: NodeID(rawValue: node), number: number)
    }

    fileprivate static func optional(_ json: JSONValue) throws(NodeMessage.Unreadable) -> SocketID? {
        json == .null ? nil : try SocketID(node: json)
    }
}

extension Audience {
    fileprivate var json: JSONValue {
        switch self {
        case .socket(let socket): ["socket", socket.json]
        case .user(let user, let exception): ["user", user.json, exception?.json ?? .null]
        case .room(let pair, let exception): ["room", pair.json, exception.json]
        case .conversation(let pair, let sender, let origin):
            ["conversation", pair.json, sender.json, origin?.json ?? .null]
        case .watchers(let user): ["watchers", user.json]
        case .members(let pair, let exception): ["members", pair.json, exception?.json ?? .null]
        case .everyone(let exception): ["everyone", exception?.json ?? .null]
        }
    }

    fileprivate init(_ json: JSONValue) throws(NodeMessage.Unreadable) {
        guard let fields = json.arrayValue, let name = fields.first?.stringValue else {
            throw NodeMessage.Unreadable()
        }
        switch (name, fields.count) {
        case ("socket", 2): self = .socket(try SocketID(node: fields[1]))
        case ("user", 3): self = .user(try UserID(node: fields[1]), except: try .optional(fields[2]))
        case ("room", 3): self = .room(try UserPair(node: fields[1]), except: try UserID(node: fields[2]))
        case ("conversation", 4):
            self = .conversation(
                try UserPair(node: fields[1]), sender: try UserID(node: fields[2]),
                origin: try .optional(fields[3]))
        case ("watchers", 2): self = .watchers(try UserID(node: fields[1]))
        case ("members", 3): self = .members(try UserPair(node: fields[1]), except: try .optional(fields[2]))
        case ("everyone", 2): self = .everyone(except: try .optional(fields[1]))
        default: throw NodeMessage.Unreadable()
        }
    }
}
