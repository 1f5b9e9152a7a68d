import ChatWire

/// What a command prints about an answer.
package enum AdministrationReport {
    /// One line of JSON.
    package static func json(_ answer: AdministrationAnswer) -> String {
        String(decoding: VisibleText.json(answer.json.serialized()), as: UTF8.self)
    }

    /// Lines for people.
    package static func text(_ answer: AdministrationAnswer) -> String {
        switch answer {
        case .users(let users, let next):
            let lines = users.isEmpty ? ["no accounts"] : users.map(line)
            let more = next.map { ["more: mychat-server user list --after \($0)"] } ?? []
            return (lines + more).joined(separator: "\n")
        case .user(let user): return line(user)
        case .sessions(let sessions):
            return sessions.isEmpty ? "no sessions" : sessions.map(line).joined(separator: "\n")
        case .invitation(let code, let invitation):
            return "\(code)\n\(line(invitation))"
        case .invitations(let invitations):
            return invitations.isEmpty ? "no invitations" : invitations.map(line).joined(separator: "\n")
        case .done(let count): return "done: \(count)"
        case .account, .messages: return json(answer)
        }
    }

    /// One line: the number, the state, the day of the account's creation, the address and the name.
    package static func line(_ record: AccountRecord) -> String {
        let state =
            switch record.state {
            case .active: "active  "
            case .disabled: "disabled"
            case .deleted: "deleted "
            }
        let number = String(record.user.id.rawValue)
        let padding = String(repeating: " ", count: max(0, 6 - number.utf8.count))
        let day = record.user.createdAt.map { String(WireDate.iso($0).prefix(10)) } ?? "?"
        return SafeText.line(
            "\(padding)\(number)  \(state)  \(day)  \(record.user.email)  \(record.user.name)")
    }

    /// The number, since when, when it was last used, from where, and what the client calls itself.
    private static func line(_ session: UserSession) -> String {
        let times = [session.createdAt, session.lastSeenAt].map { WireDate.iso($0).prefix(19) + "Z" }
        return SafeText.line(
            "\(session.id)  since \(times[0])  last used \(times[1])  \(session.address)  \(session.agent)")
    }

    private static func line(_ invitation: NamedInvitation) -> String {
        "\(invitation.name)  uses left: \(invitation.usesLeft)  until \(WireDate.iso(invitation.expiresAt).prefix(19))Z"
    }
}
