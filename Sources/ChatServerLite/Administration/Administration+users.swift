import ChatWire

/// What commands do with accounts, which people name by their number or their address.
extension Administration {
    /// A page of the accounts.
    ///
    /// - Parameters:
    ///   - number: the number of the account before the first one.
    ///   - limit: up to ``AdministrationRequest/pageMax``.
    package func users(after number: Int64, limit: Int) throws -> AdministrationAnswer {
        try ask(.users(after: UserID(number), limit: limit))
    }

    /// Creates an account.
    package func addUser(name: String, email: String, password: String) throws -> AdministrationAnswer {
        try ask(.addUser(name: name, email: email, password: password))
    }

    /// Replaces the password of an account.
    package func setPassword(ofUser name: String, _ password: String) throws -> AccountRecord {
        let user = try user(named: name)
        _ = try ask(.setPassword(user.user.id, password: password))
        return user
    }

    /// Disables an account, or enables it again.
    package func setDisabled(user name: String, _ isDisabled: Bool) throws -> AdministrationAnswer {
        try ask(.setDisabled(try user(named: name).user.id, isDisabled))
    }

    /// Where an account is signed in.
    package func sessions(ofUser name: String) throws -> AdministrationAnswer {
        try ask(.sessions(of: try user(named: name).user.id))
    }

    /// Signs an account out in one place, or everywhere.
    ///
    /// - Parameter session: the number of the session; nil stands for all.
    /// - Returns: how many sessions were ended.
    package func endSessions(ofUser name: String, _ session: Int64?) throws -> Int {
        let user = try user(named: name).user.id
        let answer = try ask(
            session.map { .endSession(SessionID($0), of: user) } ?? .endSessions(of: user))
        guard case .done(let count) = answer else { throw AdministrationFailure.malformed }
        return count
    }

    /// Deletes an account, and the messages that the person wrote if asked. Asking again finishes what was interrupted;
    /// a deleted account has only its number.
    ///
    /// - Returns: how many messages were deleted.
    package func erase(user name: String, withMessages: Bool) throws -> Int {
        let answer = try ask(.erase(try user(named: name).user.id, withMessages: withMessages))
        guard case .done(let count) = answer else { throw AdministrationFailure.malformed }
        return count
    }

    /// Writes everything that concerns an account to a new file with mode 0600, as JSON. The file is whole or not there.
    ///
    /// - Returns: how many messages it has.
    package func export(user name: String, to path: String) throws -> Int {
        let user = try user(named: name).user.id
        guard case .account(let account) = try ask(.exportAccount(user)) else {
            throw AdministrationFailure.malformed
        }
        var file = try NewFile(path)
        let time = WireDate.iso(ServerClock.now()) + "Z"
        try file.write(#"{"format":"mychat-account","version":1,"exported_at":"\#(time)","account":"#)
        try file.write(account.serialized())
        try file.write(",\"messages\":[")
        var count = 0
        var after = MessageID(0)
        while true {
            guard case .messages(let messages, let next) = try ask(.exportMessages(user, after: after)) else {
                throw AdministrationFailure.malformed
            }
            for message in messages {
                try file.write(count == 0 ? "\n" : ",\n")
                try file.write(message.serialized())
                count += 1
            }
            guard let next else { break }
            after = next
        }
        try file.write("]}\n")
        try file.finish()
        return count
    }

    private func user(named name: String) throws -> AccountRecord {
        guard case .user(let user) = try ask(.user(named: name)) else {
            throw AdministrationFailure.malformed
        }
        return user
    }
}
