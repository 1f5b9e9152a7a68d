import ChatSQLite
import ChatWire
import Glibc

/// Fills a new database with the people of the demonstration and what they have said in the last days.
public enum DemoSeed {
    /// bcrypt's least cost: these passwords are printed for everyone.
    static let bcryptCost = 4

    /// Fills the database at `path`, in one transaction. One that has users already keeps them and what they have
    /// said; the people of the demonstration have these passwords afterwards.
    ///
    /// - Throws: `databaseInUse` when another server has it.
    public static func fill(path: String, passwords: DemoPasswords) throws(ServerStartError) {
        let file = try DatabaseFile(taking: path)
        defer { file.release() }
        do {
            try fill(path: path, passwords: passwords, now: ServerClock.now())
        } catch {
            throw .database(path: path, error)
        }
    }

    static func fill(path: String, passwords: DemoPasswords, now: Timestamp) throws(SQLiteError) {
        let database = try Database(path: path)
        try Migrator.migrate(database, StoreMigrations.all)
        let context = try WriteContext(database: database)
        try database.transaction { () throws(SQLiteError) in
            let count = try database.first("SELECT count(*) FROM users") {
                (row: Statement) throws(SQLiteError) in row.int(0)
            }
            guard count == 0 else { return try renew(passwords, context.tables) }
            var writer = DemoWriter(context: context, passwords: passwords, now: now)
            try writer.write()
            try context.fileRecentChanges()
            try context.prepareCommit()
        }
        database.checkpoint()
    }

    private static func renew(_ passwords: DemoPasswords, _ tables: ChatTables) throws(SQLiteError) {
        for person in DemoPerson.allCases {
            let password = passwords.password(of: person)
            guard let account = try tables.account(email: person.email), account.user.name == person.name,
                !PasswordHash.verify(password, against: account.passwordHash),
                let hash = PasswordHash.make(password, cost: bcryptCost)
            else { continue }
            try tables.database.run(
                "UPDATE users SET password_hash = ? WHERE id = ?", hash, account.user.id.rawValue)
        }
    }
}

/// Writes the demonstration through the same tables and log of changes as the server's commands.
private struct DemoWriter {
    private struct Line {
        let sender: DemoPerson
        let receiver: DemoPerson
        let text: String
        let time: Timestamp
        let status: DeliveryStatus
    }

    let context: WriteContext
    let passwords: DemoPasswords
    let now: Timestamp
    private var users: [DemoPerson: User] = [:]

    init(context: WriteContext, passwords: DemoPasswords, now: Timestamp) {
        self.context = context
        self.passwords = passwords
        self.now = now
    }

    mutating func write() throws(SQLiteError) {
        let joined = Timestamp(microseconds: now.microseconds - 30 * Self.day)
        for person in DemoPerson.allCases {
            guard let hash = PasswordHash.make(passwords.password(of: person), cost: DemoSeed.bcryptCost),
                let user = try context.tables.insertUser(
                    name: person.name, email: person.email, passwordHash: hash, at: joined)
            else { continue }
            users[person] = user
        }
        for person in DemoPerson.allCases { try writeContacts(of: person, at: joined) }
        // Ids rise with time, as they would have.
        for line in DemoConversation.all.flatMap(lines).sorted(by: { $0.time < $1.time }) { try write(line) }
    }

    private func writeContacts(of person: DemoPerson, at time: Timestamp) throws(SQLiteError) {
        guard let user = users[person] else { return }
        for (other, name) in person.contacts {
            guard let contact = users[other],
                let id = try context.tables.insertContact(
                    of: user.id, contact.id, name: name ?? other.name, at: time)
            else { continue }
            try context.log(.contactAdded, subject: id.rawValue, for: user.id, peer: contact.id, at: time)
        }
    }

    private func write(_ line: Line) throws(SQLiteError) {
        guard let sender = users[line.sender]?.id, let receiver = users[line.receiver]?.id else { return }
        let id = try context.tables.insertMessage(
            from: sender, to: receiver, content: line.text, tempID: nil, at: line.time)
        guard let id else { return }
        try context.log(.messageCreated, subject: id.rawValue, between: sender, and: receiver, at: line.time)
        let seen = Timestamp(microseconds: min(now.microseconds, line.time.microseconds + 20 * Self.second))
        switch line.status {
        case .sent: break
        case .delivered: try context.tables.markDelivered(id, at: seen)
        case .read:
            _ = try context.tables.markRead(by: receiver, from: sender, upTo: id, at: seen)
            try context.log(
                .messagesRead, subject: receiver.rawValue, between: receiver, and: sender, upTo: id, at: seen)
        }
    }

    private static let second: Int64 = 1_000_000
    private static let day = 86_400 * second

    /// The lines of a conversation with the times at which a person would have typed them.
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
            // Lets mktime find out whether that day had summer time.
            local.tm_isdst = -1
            return Int64(mktime(&local)) * Self.second
        }
    }
}
