import ChatWire
import Glibc

/// Fills a new database with the people of the demonstration and their conversations of the last days.
///
/// A database that already has users keeps them and their messages. Only the people of the demonstration get
/// these passwords.
package struct DemoSeed: StoreCommand {
    /// bcrypt's lowest cost, which is enough because these passwords are printed for everyone.
    static let bcryptCost = 4

    let passwords: DemoPasswords
    let now: Timestamp

    package init(passwords: DemoPasswords) { self.init(passwords: passwords, now: ServerClock.now()) }

    init(passwords: DemoPasswords, now: Timestamp) {
        self.passwords = passwords
        self.now = now
    }

    package func apply(in transaction: any StorageTransaction) throws {
        if try transaction.hasUsers() { return try renewPasswords(in: transaction) }
        var writer = DemoWriter(transaction: transaction, passwords: passwords, now: now)
        try writer.write()
    }

    private func renewPasswords(in transaction: any StorageTransaction) throws {
        for person in DemoPerson.allCases {
            let password = passwords.password(of: person)
            guard let account = try transaction.account(email: person.email),
                account.user.name == person.name,
                !PasswordHash.verify(password, against: account.passwordHash),
                let hash = PasswordHash.make(password, cost: Self.bcryptCost)
            else { continue }
            try transaction.setPasswordHash(hash, of: account.user.id, insteadOf: account.passwordHash)
        }
    }
}

/// Writes the demonstration through the same transactions as the server's commands.
private struct DemoWriter {
    private struct Line {
        let sender: DemoPerson
        let receiver: DemoPerson
        let text: String
        let time: Timestamp
        let status: DeliveryStatus
    }

    let transaction: any StorageTransaction
    let passwords: DemoPasswords
    let now: Timestamp
    private var users: [DemoPerson: User] = [:]

    init(transaction: any StorageTransaction, passwords: DemoPasswords, now: Timestamp) {
        self.transaction = transaction
        self.passwords = passwords
        self.now = now
    }

    mutating func write() throws {
        let joined = Timestamp(microseconds: now.microseconds - 30 * Self.day)
        for person in DemoPerson.allCases {
            guard let hash = PasswordHash.make(passwords.password(of: person), cost: DemoSeed.bcryptCost),
                let user = try transaction.insertUser(
                    name: person.name, email: person.email, passwordHash: hash, at: joined)
            else { continue }
            users[person] = user
        }
        for person in DemoPerson.allCases { try writeContacts(of: person, at: joined) }
        // Ids rise with time, as in a real conversation.
        for line in DemoConversation.all.flatMap(lines).sorted(by: { $0.time < $1.time }) { try write(line) }
    }

    private func writeContacts(of person: DemoPerson, at time: Timestamp) throws {
        guard let user = users[person] else { return }
        for (other, name) in person.contacts {
            guard let contact = users[other],
                let id = try transaction.insertContact(
                    of: user.id, contact.id, name: name ?? other.name, at: time)
            else { continue }
            try transaction.log(.contactAdded, subject: id.rawValue, for: user.id, peer: contact.id, at: time)
        }
    }

    private func write(_ line: Line) throws {
        guard let sender = users[line.sender]?.id, let receiver = users[line.receiver]?.id else { return }
        let id = try transaction.insertMessage(
            from: sender, to: receiver, content: line.text, tempID: nil, at: line.time)
        guard let id else { return }
        try transaction.log(
            .messageCreated, subject: id.rawValue, between: sender, and: receiver, at: line.time)
        let seen = Timestamp(microseconds: min(now.microseconds, line.time.microseconds + 20 * Self.second))
        switch line.status {
        case .sent: break
        case .delivered: try transaction.markDelivered(id, at: seen)
        case .read:
            _ = try transaction.markRead(by: receiver, from: sender, upTo: id, at: seen)
            try transaction.log(
                .messagesRead, subject: receiver.rawValue, between: receiver, and: sender, upTo: id, at: seen)
        }
    }

    private static let second: Int64 = 1_000_000
    private static let day = 86_400 * second

    /// The lines of a conversation, at the times at which a person would have typed them.
    private func lines(of conversation: DemoConversation) -> [Line] {
        let unread: (count: Int, status: DeliveryStatus) =
            switch conversation.ending {
            case .read: (0, .read)
            case .delivered(let count): (count, .delivered)
            case .sent(let count): (count, .sent)
            }
        var time = start(of: conversation.start)
        return conversation.lines.enumerated().map { index, line in
            let (sender, text) = line
            if index > 0 { time += Int64(12 + min(text.count, 240) / 3) * Self.second }
            let isLate = index >= conversation.lines.count - unread.count
            let (one, other) = conversation.between
            return Line(
                sender: sender, receiver: sender == one ? other : one, text: text,
                time: Timestamp(microseconds: min(time, now.microseconds)),
                status: isLate ? unread.status : .read)
        }
    }

    private func start(of start: DemoConversation.Start) -> Int64 {
        switch start {
        case .minutesAgo(let minutes):
            return now.microseconds - Int64(minutes) * 60 * Self.second
        case .daysAgo(let days, let hour, let minute):
            var seconds = time_t(now.seconds)
            var local = tm()
            localtime_r(&seconds, &local)
            local.tm_mday -= Int32(days)
            local.tm_hour = Int32(hour)
            local.tm_min = Int32(minute)
            local.tm_sec = 0
            // Makes mktime determine whether daylight saving time applied on that day.
            local.tm_isdst = -1
            return Int64(mktime(&local)) * Self.second
        }
    }
}
