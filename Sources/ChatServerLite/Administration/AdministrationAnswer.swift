import ChatWire

/// The answer to an ``AdministrationRequest``.
package enum AdministrationAnswer: Equatable, Sendable {
    /// A page of accounts, and the last of them if there may be more.
    case users([AccountRecord], next: UserID?)
    case user(AccountRecord)
    /// The members of an export, as an object.
    case account(JSONValue)
    /// A page of messages in the API's form, and where the next one begins if there is one.
    case messages([JSONValue], next: MessageID?)
    /// The sessions of an account, the last seen first.
    case sessions([UserSession])
    /// A new invitation. Its code is nowhere else.
    case invitation(code: String, NamedInvitation)
    case invitations([NamedInvitation])
    /// It is done, to so many things.
    case done(count: Int)
}

/// An invitation as a list shows it: without its code, which the server does not know.
package struct NamedInvitation: Equatable, Sendable {
    /// The first 12 hexadecimal digits of the hash of its code.
    package var name: String
    package var usesLeft: Int
    package var expiresAt: Timestamp
}

extension NamedInvitation {
    init(_ invitation: Invitation) {
        name = Self.name(of: invitation.codeHash)
        usesLeft = invitation.usesLeft
        expiresAt = invitation.expiresAt
    }

    static func name(of hash: [UInt8]) -> String {
        hash.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

// MARK: - JSON

extension AdministrationAnswer {
    package var json: JSONValue {
        switch self {
        case .users(let users, let next):
            ["users": .array(users.map(\.json)), "next": next.map { .integer($0.rawValue) } ?? .null]
        case .user(let user): ["user": user.json]
        case .account(let account): ["account": account]
        case .messages(let messages, let next):
            ["messages": .array(messages), "next": next.map { .integer($0.rawValue) } ?? .null]
        case .sessions(let sessions): ["sessions": .array(sessions.map(\.json))]
        case .invitation(let code, let invitation): ["code": .string(code), "invitation": invitation.json]
        case .invitations(let invitations): ["invitations": .array(invitations.map(\.json))]
        case .done(let count): ["done": .integer(Int64(count))]
        }
    }

    init(_ json: JSONValue) throws(AdministrationFailure) {
        func all<Element>(
            _ values: [JSONValue], _ make: (JSONValue) throws(AdministrationFailure) -> Element
        ) throws(AdministrationFailure) -> [Element] {
            var elements: [Element] = []
            for value in values { elements.append(try make(value)) }
            return elements
        }
        let next = json["next"]?.integerValue
        if let users = json["users"]?.arrayValue {
            self = .users(
                try all(users) { json throws(AdministrationFailure) in try AccountRecord(json) },
                next: next.map { UserID($0) })
        } else if let user = json["user"] {
            self = .user(try AccountRecord(user))
        } else if let account = json["account"] {
            self = .account(account)
        } else if let messages = json["messages"]?.arrayValue {
            self = .messages(messages, next: next.map { MessageID($0) })
        } else if let sessions = json["sessions"]?.arrayValue {
            self = .sessions(
                try all(sessions) { json throws(AdministrationFailure) in
                    try UserSession(administration: json)
                })
        } else if let code = json["code"]?.stringValue, let invitation = json["invitation"] {
            self = .invitation(code: code, try NamedInvitation(invitation))
        } else if let invitations = json["invitations"]?.arrayValue {
            self = .invitations(
                try all(invitations) { json throws(AdministrationFailure) in try NamedInvitation(json) })
        } else if let count = json["done"]?.integerValue {
            self = .done(count: Int(count))
        } else {
            throw .malformed
        }
    }
}

extension AccountRecord {
    package var json: JSONValue {
        var members: JSONObject = [
            "id": .integer(user.id.rawValue), "email": .string(user.email), "name": .string(user.name),
            "created_at": user.createdAt.map { .string(WireDate.iso($0) + "Z") } ?? .null,
        ]
        let (state, since): (String, Timestamp?) =
            switch self.state {
            case .active: ("active", nil)
            case .disabled(let since): ("disabled", since)
            case .deleted(let since): ("deleted", since)
            }
        members.append("state", .string(state))
        if let since { members.append("since", .string(WireDate.iso(since) + "Z")) }
        return .object(members)
    }

    init(_ json: JSONValue) throws(AdministrationFailure) {
        guard let id = json["id"]?.integerValue, let email = json["email"]?.stringValue,
            let name = json["name"]?.stringValue
        else { throw .malformed }
        let since = json["since"]?.stringValue.flatMap { WireDate.parse($0) }
        let created = json["created_at"]?.stringValue.flatMap { WireDate.parse($0) }
        user = User(id: UserID(id), name: name, email: email, createdAt: created)
        switch (json["state"]?.stringValue, since) {
        case ("active", nil): state = .active
        case ("disabled", let since?): state = .disabled(since: since)
        case ("deleted", let since?): state = .deleted(since: since)
        default: throw .malformed
        }
    }
}

extension UserSession {
    /// Without whether it is the one that asks: administration has none.
    fileprivate var json: JSONValue {
        [
            "id": .integer(id.rawValue), "created_at": .string(WireDate.iso(createdAt) + "Z"),
            "last_seen_at": .string(WireDate.iso(lastSeenAt) + "Z"),
            "expires_at": .string(WireDate.iso(expiresAt) + "Z"), "address": .string(address),
            "agent": .string(agent),
        ]
    }

    fileprivate init(administration json: JSONValue) throws(AdministrationFailure) {
        func time(_ key: String) throws(AdministrationFailure) -> Timestamp {
            guard let time = json[key]?.stringValue.flatMap({ WireDate.parse($0) }) else { throw .malformed }
            return time
        }
        guard let id = json["id"]?.integerValue, let address = json["address"]?.stringValue,
            let agent = json["agent"]?.stringValue
        else { throw .malformed }
        self.init(
            id: SessionID(id), isCurrent: false, createdAt: try time("created_at"),
            lastSeenAt: try time("last_seen_at"), expiresAt: try time("expires_at"), address: address,
            agent: agent)
    }
}

extension NamedInvitation {
    package var json: JSONValue {
        [
            "name": .string(name), "uses_left": .integer(Int64(usesLeft)),
            "expires_at": .string(WireDate.iso(expiresAt) + "Z"),
        ]
    }

    fileprivate init(_ json: JSONValue) throws(AdministrationFailure) {
        guard let name = json["name"]?.stringValue, let uses = json["uses_left"]?.integerValue,
            let expiry = json["expires_at"]?.stringValue.flatMap({ WireDate.parse($0) })
        else { throw .malformed }
        self.init(name: name, usesLeft: Int(uses), expiresAt: expiry)
    }
}
