import ChatWire

/// What those who run a server ask of it, through its socket or with the database in their own hands.
package enum AdministrationRequest: Equatable, Sendable {
    /// A page of the accounts, by id. At most ``pageMax`` are answered.
    case users(after: UserID, limit: Int)
    /// One account, by its number or its address.
    case user(named: String)
    case addUser(name: String, email: String, password: String)
    case setPassword(UserID, password: String)
    case setDisabled(UserID, Bool)
    /// Deletes an account, and also what the person wrote if asked.
    case erase(UserID, withMessages: Bool)
    /// Everything but messages that concerns an account.
    case exportAccount(UserID)
    /// A page of the messages that an account wrote or received.
    case exportMessages(UserID, after: MessageID)
    /// Where an account is signed in.
    case sessions(of: UserID)
    case endSession(SessionID, of: UserID)
    /// Ends all sessions of an account, and the tokens that have none.
    case endSessions(of: UserID)
    /// A new invitation; the lifetime is in seconds.
    case invite(uses: Int, lifetime: Int)
    case invitations
    /// Takes back an invitation, by its code or by the name in the list.
    case revoke(invitation: String)

    /// The most accounts in one page.
    package static let pageMax = 1000
    /// The most messages in one page of an export.
    static let exportMax = 200
    /// How many accounts an invitation may create, and for how many seconds: up to ten years.
    package static let usesMax = 10_000
    package static let lifetimeMax = 3650 * 24 * 3600
    /// The version of the requests and answers. A server refuses another one.
    static let version: Int64 = 1
    /// The longest request and answer in bytes.
    static let bytesMax = 64 << 10
    static let answerBytesMax = 64 << 20
}

// MARK: - JSON

extension AdministrationRequest {
    var json: JSONValue {
        let members: JSONObject =
            switch self {
            case .users(let after, let limit):
                ["command": "users", "after": .integer(after.rawValue), "limit": .integer(Int64(limit))]
            case .user(let name): ["command": "user", "name": .string(name)]
            case .addUser(let name, let email, let password):
                [
                    "command": "add", "name": .string(name), "email": .string(email),
                    "password": .string(password),
                ]
            case .setPassword(let user, let password):
                ["command": "password", "user": .integer(user.rawValue), "password": .string(password)]
            case .setDisabled(let user, let isDisabled):
                ["command": isDisabled ? "disable" : "enable", "user": .integer(user.rawValue)]
            case .erase(let user, let withMessages):
                ["command": "delete", "user": .integer(user.rawValue), "messages": .bool(withMessages)]
            case .exportAccount(let user): ["command": "export", "user": .integer(user.rawValue)]
            case .exportMessages(let user, let after):
                [
                    "command": "export_messages", "user": .integer(user.rawValue),
                    "after": .integer(after.rawValue),
                ]
            case .sessions(let user): ["command": "sessions", "user": .integer(user.rawValue)]
            case .endSession(let id, let user):
                [
                    "command": "end_session", "user": .integer(user.rawValue),
                    "session": .integer(id.rawValue),
                ]
            case .endSessions(let user): ["command": "end_sessions", "user": .integer(user.rawValue)]
            case .invite(let uses, let lifetime):
                [
                    "command": "invite", "uses": .integer(Int64(uses)),
                    "lifetime": .integer(Int64(lifetime)),
                ]
            case .invitations: ["command": "invitations"]
            case .revoke(let invitation): ["command": "revoke", "invitation": .string(invitation)]
            }
        var all: JSONObject = ["version": .integer(Self.version)]
        for member in members.members { all.append(member.key, member.value) }
        return .object(all)
    }

    init(_ json: JSONValue) throws(AdministrationFailure) {
        guard json["version"]?.integerValue == Self.version else { throw .otherVersion }
        func number(_ key: String, in range: ClosedRange<Int64>) throws(AdministrationFailure) -> Int64 {
            guard let number = json[key]?.integerValue, range.contains(number) else { throw .malformed }
            return number
        }
        func text(_ key: String) throws(AdministrationFailure) -> String {
            guard let text = json[key]?.stringValue else { throw .malformed }
            return text
        }
        func user() throws(AdministrationFailure) -> UserID { UserID(try number("user", in: 1...(.max))) }
        switch json["command"]?.stringValue {
        case "users":
            self = .users(
                after: UserID(try number("after", in: 0...(.max))),
                limit: Int(try number("limit", in: 1...Int64(Self.pageMax))))
        case "user": self = .user(named: try text("name"))
        case "add":
            self = .addUser(
                name: try text("name"), email: try text("email"), password: try text("password"))
        case "password": self = .setPassword(try user(), password: try text("password"))
        case "disable": self = .setDisabled(try user(), true)
        case "enable": self = .setDisabled(try user(), false)
        case "delete":
            guard let withMessages = json["messages"]?.boolValue else { throw .malformed }
            self = .erase(try user(), withMessages: withMessages)
        case "export": self = .exportAccount(try user())
        case "export_messages":
            self = .exportMessages(try user(), after: MessageID(try number("after", in: 0...(.max))))
        case "sessions": self = .sessions(of: try user())
        case "end_session":
            self = .endSession(SessionID(try number("session", in: 1...(.max))), of: try user())
        case "end_sessions": self = .endSessions(of: try user())
        case "invite":
            self = .invite(
                uses: Int(try number("uses", in: 1...Int64(Self.usesMax))),
                lifetime: Int(try number("lifetime", in: 1...Int64(Self.lifetimeMax))))
        case "invitations": self = .invitations
        case "revoke": self = .revoke(invitation: try text("invitation"))
        default: throw .malformed
        }
    }
}
