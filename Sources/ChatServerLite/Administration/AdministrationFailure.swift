import ChatWire

/// Why an administration request was not carried out. The description says what to do.
package enum AdministrationFailure: Error, Equatable, Sendable {
    case unknownUser
    case unknownInvitation
    /// The rules of accounts forbid it; the reason is for people.
    case refused(reason: String)
    /// The server does not understand the request, or the program does not understand the answer.
    case malformed
    /// The program and the server are of versions that do not understand each other.
    case otherVersion
    /// The database failed, or has no room for the request at present.
    case storage(reason: String)
    /// No server runs, and there is no database.
    case noDatabase(path: String)
    /// There is a server, and it does not answer.
    case unreachable(path: String, reason: String)
}

extension AdministrationFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownUser: "there is no such account; \"mychat-server user list\" shows them"
        case .unknownInvitation: "there is no such invitation; \"mychat-server invite list\" shows them"
        case .refused(let reason): reason
        case .malformed:
            "the server and this program do not understand each other; use the same version of both"
        case .otherVersion: "the running server has another version than this program; use the same of both"
        case .storage(let reason): "the database failed: \(reason)"
        case .noDatabase(let path): "there is no database \(path); name it with --database PATH"
        case .unreachable(let path, let reason):
            """
            the server does not answer at \(path): \(reason); run this as the user that the server runs as
            """
        }
    }

    /// The failure as a server answers it. A server never answers `unreachable` or `noDatabase`.
    var json: JSONValue {
        let (code, reason): (String, String?) =
            switch self {
            case .unknownUser: ("unknown_user", nil)
            case .unknownInvitation: ("unknown_invitation", nil)
            case .refused(let reason): ("refused", reason)
            case .malformed: ("malformed", nil)
            case .otherVersion: ("other_version", nil)
            case .storage(let reason), .unreachable(_, let reason): ("storage", reason)
            case .noDatabase: ("storage", description)
            }
        return ["error": .string(code), "reason": reason.map { .string($0) } ?? .null]
    }

    /// Nil when the answer is no failure.
    init?(_ json: JSONValue) {
        guard let code = json["error"]?.stringValue else { return nil }
        let reason = json["reason"]?.stringValue ?? ""
        switch code {
        case "unknown_user": self = .unknownUser
        case "unknown_invitation": self = .unknownInvitation
        case "refused": self = .refused(reason: reason)
        case "other_version": self = .otherVersion
        case "storage": self = .storage(reason: reason)
        default: self = .malformed
        }
    }

    init(_ error: StoreError) {
        switch error {
        case .refused(.userUnknown): self = .unknownUser
        case .refused(let refusal): self = .refused(reason: Self.words(for: refusal))
        case .storage(let failure): self = .storage(reason: "\(failure)")
        case .tooManyQuestions, .overloaded: self = .storage(reason: "it has too much to do; try again")
        case .closed: self = .storage(reason: "the server is stopping")
        }
    }

    /// The rules of accounts in words for those who run the server.
    static func words(for refusal: Refusal) -> String {
        switch refusal {
        case .missingFields: "a name, an address and a password are needed"
        case .passwordTooShort: "the password is shorter than 6 characters"
        case .passwordTooLong: "the password is longer than 72 bytes"
        case .nameTooLong: "the name is longer than 100 characters"
        case .nameUnfit: "the name has characters that are not allowed, or none that is visible"
        case .emailTooLong: "the address is longer than 255 characters"
        case .emailWithoutAt: "that is no address, as ana@example.org"
        case .emailTaken: "there is an account with this address already"
        case .sessionUnknown: "the account has no such session; \"mychat-server session list\" shows them"
        default: refusal.message
        }
    }
}
