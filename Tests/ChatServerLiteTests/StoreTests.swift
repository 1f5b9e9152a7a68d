import ChatSQLite
import ChatWire
import Foundation
import Logging
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite

/// A store in a directory of its own, with two users.
struct StoreFixture {
    let store: any Storage
    let ana: Person
    let bia: Person

    static func run(_ body: (StoreFixture) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await run(at: directory + "/chat.db", body)
    }

    /// The same with a database of the caller's.
    static func run(
        at path: String, lookInterval: Duration = .seconds(1), logger: Logger = .quiet,
        _ body: (StoreFixture) async throws -> Void
    ) async throws {
        let store = try SQLiteStorage.open(at: path) {
            $0.lookInterval = lookInterval
            $0.logger = logger
        }
        let result: Result<Void, any Error>
        do {
            let ana = try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            let bia = try await store.perform(RegisterUser(name: "Bia", email: "bia@x", passwordHash: "h"))
            result = .success(
                try await body(
                    StoreFixture(
                        store: store, ana: Person(id: ana.id, name: "Ana"),
                        bia: Person(id: bia.id, name: "Bia"))))
        } catch {
            result = .failure(error)
        }
        await store.close()
        try result.get()
    }

    func send(_ text: String, from sender: Person, to receiver: Person, _ tempID: String? = nil) async throws
        -> SendMessage.Outcome
    {
        try await store.perform(
            try SendMessage(
                from: sender, to: receiver.id, content: text, tempID: tempID.map { TempID($0) }))
    }

    func conversation(_ page: ConversationPage = ConversationPage(limit: 50)) async throws -> [Message] {
        let pair = UserPair(ana.id, bia.id)
        return try await store.read { view in
            try view.conversation(pair, page)
        }
    }

    func changes(of user: Person, since cursor: String? = nil, limit: Int = 500) async throws -> JSONValue {
        let owner = User(id: user.id, name: user.name, email: "")
        let page = try await store.read { view in
            try SyncPage.read(for: owner, since: cursor, limit: limit, view)
        }
        var writer = JSONWriter()
        writer.beginObject()
        page.writeMembers(to: &writer)
        writer.endObject()
        return try JSONValue(parsing: writer.bytes)
    }
}

extension Storage {
    /// Carries a command out and waits for its commit.
    func perform<Command: StoreCommand>(_ command: Command) async throws(StoreError) -> Command.Outcome {
        let result: Result<Command.Outcome, StoreError> = await withCheckedContinuation { continuation in
            submit(command) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// So many messages in one transaction.
private struct ManyMessages: StoreCommand {
    let from: UserID
    let to: UserID
    let count: Int

    func apply(in transaction: any StorageTransaction) throws {
        for _ in 0..<count {
            _ = try transaction.insertMessage(
                from: from, to: to, content: "x", tempID: nil, at: transaction.now)
        }
    }

    init(from: UserID, to: UserID, count: Int) {
        self.from = from
        self.to = to
        self.count = count
    }
}

@Suite struct StoreTests {
    @Test func aMessageIsStoredOnce() async throws {
        try await StoreFixture.run { fixture in
            let first = try await fixture.send("  olá  ", from: fixture.ana, to: fixture.bia, "t1")
            #expect(!first.isReplay)
            #expect(first.message.content == "olá")
            let again = try await fixture.send("olá", from: fixture.ana, to: fixture.bia, "t1")
            #expect(again.isReplay)
            #expect(again.message.id == first.message.id)
            // The same name for another text is another message, and the first keeps the name.
            let other = try await fixture.send("outra", from: fixture.ana, to: fixture.bia, "t1")
            #expect(!other.isReplay)
            #expect(other.message.id > first.message.id)
            let third = try await fixture.send("olá", from: fixture.ana, to: fixture.bia, "t1")
            #expect(third.message.id == first.message.id)
            // Names belong to their senders.
            let reply = try await fixture.send("olá", from: fixture.bia, to: fixture.ana, "t1")
            #expect(!reply.isReplay)
            #expect(try await fixture.conversation().map(\.tempID?.rawValue) == ["t1", nil, "t1"])
        }
    }

    @Test func aNameThatIsTooLongIsNotStored() async throws {
        try await StoreFixture.run { fixture in
            let longest = String(repeating: "é", count: 64)
            for name in [longest, longest + "x"] {
                let first = try await fixture.send("a", from: fixture.ana, to: fixture.bia, name)
                let second = try await fixture.send("a", from: fixture.ana, to: fixture.bia, name)
                #expect(second.isReplay == (name == longest))
                #expect((second.message.id == first.message.id) == (name == longest))
            }
        }
    }

    @Test func theRulesAreAskedInOrder() throws {
        let ana = Person(id: UserID(1), name: "Ana")
        func refusal(_ content: String, to receiver: Int64) -> Refusal? {
            do {
                _ = try SendMessage(from: ana, to: UserID(receiver), content: content, tempID: nil)
                return nil
            } catch { return error }
        }
        #expect(refusal(" \u{A0}\n", to: 1) == .contentBlank)
        #expect(refusal(String(repeating: "x", count: 5001), to: 1) == .contentTooLong)
        #expect(refusal(String(repeating: "x", count: 4999) + "  ", to: 2) == .contentTooLong)
        #expect(refusal(String(repeating: "😀", count: 5000), to: 2) == nil)
        // One family of seven code points counts seven.
        #expect(refusal(String(repeating: "👨‍👩‍👧‍👦", count: 715), to: 2) == .contentTooLong)
        #expect(refusal("eu", to: 1) == .receiverIsSelf)
    }

    @Test func nobodyUnknownReceives() async throws {
        try await StoreFixture.run { fixture in
            let nobody = Person(id: UserID(99), name: "")
            await #expect(throws: StoreError.refused(.receiverUnknown)) {
                try await fixture.send("a", from: fixture.ana, to: nobody)
            }
        }
    }

    @Test func pagesJoinWithoutAGap() async throws {
        try await StoreFixture.run { fixture in
            for number in 1...25 {
                _ = try await fixture.send(
                    "\(number)", from: number % 3 == 0 ? fixture.bia : fixture.ana,
                    to: number % 3 == 0 ? fixture.ana : fixture.bia)
            }
            let newest = try await fixture.conversation(ConversationPage(limit: 10))
            #expect(newest.map(\.content) == (16...25).reversed().map(String.init))
            let older = try await fixture.conversation(ConversationPage(limit: 10, before: newest.last?.id))
            #expect(older.map(\.content) == (6...15).reversed().map(String.init))
            let newer = try await fixture.conversation(ConversationPage(limit: 4, after: older.first?.id))
            #expect(newer.map(\.content) == ["19", "18", "17", "16"])
            let between = try await fixture.conversation(
                ConversationPage(limit: 50, before: newest.first?.id, after: older.first?.id))
            #expect(between.map(\.content) == (16...24).reversed().map(String.init))
            #expect(try await fixture.conversation(ConversationPage(limit: 0)).isEmpty)
        }
    }

    @Test func statesOnlyRise() async throws {
        try await StoreFixture.run { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            let id = try await fixture.send("a", from: ana, to: bia).message.id
            let delivered = MarkDelivered(message: id, receiver: bia.id, sender: ana.id)
            #expect(try await fixture.store.perform(delivered) == .delivered)
            #expect(try await fixture.conversation().first?.status == .delivered)
            let time = try await fixture.conversation().first?.deliveredAt
            #expect(try await fixture.store.perform(delivered) == .delivered)
            #expect(try await fixture.conversation().first?.deliveredAt == time)
            let read = MarkRead(reader: bia.id, sender: ana.id)
            #expect(try await fixture.store.perform(read) == MarkRead.Outcome(count: 1, upTo: id))
            #expect(try await fixture.store.perform(read) == MarkRead.Outcome(count: 0, upTo: nil))
            #expect(try await fixture.store.perform(delivered) == .read)
            let message = try #require(try await fixture.conversation().first)
            #expect(message.status == .read)
            #expect(message.isRead)
            #expect(message.readAt != nil)
        }
    }

    @Test func onlyTheReceiverMarks() async throws {
        try await StoreFixture.run { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            let id = try await fixture.send("a", from: ana, to: bia).message.id
            #expect(
                try await fixture.store.perform(MarkDelivered(message: id, receiver: ana.id, sender: bia.id))
                    == nil)
            #expect(
                try await fixture.store.perform(
                    MarkDelivered(message: MessageID(99), receiver: bia.id, sender: ana.id)) == nil)
            #expect(try await fixture.store.perform(MarkRead(reader: ana.id, sender: bia.id)).count == 0)
            let later = try await fixture.send("b", from: ana, to: bia).message.id
            #expect(
                try await fixture.store.perform(MarkRead(reader: bia.id, sender: ana.id, upTo: id))
                    == MarkRead.Outcome(count: 1, upTo: id))
            #expect(try await fixture.conversation().map(\.isRead) == [false, true])
            #expect(later > id)
        }
    }

    @Test func deletedIsGoneForBothAndItsNumberIsNotUsedAgain() async throws {
        try await StoreFixture.run { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            let id = try await fixture.send("a", from: ana, to: bia).message.id
            await #expect(throws: StoreError.refused(.messageNotDeletable)) {
                try await fixture.store.perform(DeleteMessage(message: id, user: bia.id))
            }
            #expect(try await fixture.store.perform(DeleteMessage(message: id, user: ana.id)) == bia.id)
            await #expect(throws: StoreError.refused(.messageUnknown)) {
                try await fixture.store.perform(DeleteMessage(message: id, user: ana.id))
            }
            let next = try await fixture.send("b", from: ana, to: bia).message.id
            #expect(next > id)
            _ = try await fixture.send("c", from: bia, to: ana)
            #expect(
                try await fixture.store.perform(DeleteConversation(user: bia.id, contact: ana.id)).count == 2)
            #expect(
                try await fixture.store.perform(DeleteConversation(user: bia.id, contact: ana.id)).count == 0)
            await #expect(throws: StoreError.refused(.contactUnknown)) {
                try await fixture.store.perform(DeleteConversation(user: bia.id, contact: UserID(99)))
            }
        }
    }

    /// What comes meanwhile is confirmed between the pieces, and stays.
    @Test func aLongConversationIsDeletedInPieces() async throws {
        try await StoreFixture.run { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            try await fixture.store.perform(
                ManyMessages(from: ana.id, to: bia.id, count: 2 * DeleteConversation.piece + 1))
            var piece = DeleteConversation(user: ana.id, contact: bia.id)
            var outcome = try await fixture.store.perform(piece)
            #expect(outcome.count == DeleteConversation.piece)
            #expect(piece.announcements(of: outcome).isEmpty)
            let kept = try await fixture.send("new", from: bia, to: ana).message.id
            var pieces = 1
            while let next = piece.next(after: outcome) {
                piece = next
                outcome = try await fixture.store.perform(piece)
                pieces += 1
            }
            #expect(pieces == 3)
            #expect(outcome == .init(count: 2 * DeleteConversation.piece + 1))
            #expect(piece.announcements(of: outcome).count == 2)
            #expect(try await fixture.conversation().map(\.id) == [kept])
            let last = try await fixture.changes(of: bia)["changes"]?.arrayValue?.last
            #expect(last?["type"] == "conversation_deleted")
            #expect((last?["up_to_id"]?.integerValue ?? .max) < kept.rawValue)
        }
    }

    @Test func theLogTellsEachSideWhatItMissed() async throws {
        try await StoreFixture.run { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            let start = try #require(try await fixture.changes(of: ana)["cursor"]?.stringValue)
            let id = try await fixture.send("a", from: ana, to: bia, "t").message.id
            _ = try await fixture.store.perform(MarkDelivered(message: id, receiver: bia.id, sender: ana.id))
            _ = try await fixture.store.perform(MarkRead(reader: bia.id, sender: ana.id))
            let contact = try await fixture.store.perform(
                AddContact(user: ana.id, contactUser: bia.id, name: nil))
            try await fixture.store.perform(RenameContact(user: ana.id, contact: contact.id, name: "B"))
            try await fixture.store.perform(RenameContact(user: ana.id, contact: contact.id, name: "B"))

            let changes = try await fixture.changes(of: ana, since: start)
            let types = changes["changes"]?.arrayValue?.map { $0["type"]?.stringValue ?? "" }
            #expect(
                types == [
                    "message_created", "message_delivered", "messages_read", "contact_added",
                    "contact_renamed",
                ])
            #expect(changes["changes"]?[0]?["message"]?["temp_id"] == "t")
            #expect(changes["changes"]?[0]?["message"]?["status"] == "read")
            #expect(changes["changes"]?[2]?["up_to_id"]?.integerValue == id.rawValue)
            #expect(changes["changes"]?[2]?["reader_id"]?.integerValue == bia.id.rawValue)
            #expect(changes["changes"]?[4]?["contact"]?["contact_name"] == "B")

            let others = try await fixture.changes(of: bia, since: start)
            #expect(others["changes"]?.arrayValue?.count == 3)
            // The sender's name for a message is the sender's business.
            #expect(others["changes"]?[0]?["message"]?["temp_id"] == nil)

            let end = try #require(changes["cursor"]?.stringValue)
            _ = try await fixture.store.perform(DeleteMessage(message: id, user: ana.id))
            _ = try await fixture.store.perform(RemoveContact(user: ana.id, contact: contact.id))
            let rest = try await fixture.changes(of: ana, since: end)
            #expect(
                rest["changes"]?.arrayValue?.map { $0["type"]?.stringValue ?? "" }
                    == ["message_deleted", "contact_removed"])
            // From the beginning: what is gone is not told as new.
            let all = try await fixture.changes(of: ana)
            #expect(all["changes"]?.arrayValue?.contains { $0["type"] == "message_created" } == false)
        }
    }

    @Test func theLogComesInPages() async throws {
        try await StoreFixture.run { fixture in
            for number in 1...7 {
                _ = try await fixture.send("\(number)", from: fixture.ana, to: fixture.bia)
            }
            var cursor: String?
            var contents: [String] = []
            var pages = 0
            repeat {
                let page = try await fixture.changes(of: fixture.bia, since: cursor, limit: 3)
                contents +=
                    page["changes"]?.arrayValue?.compactMap { $0["message"]?["content"]?.stringValue } ?? []
                cursor = page["cursor"]?.stringValue
                pages += 1
                if page["has_more"] != true { break }
            } while pages < 10
            #expect(pages == 3)
            #expect(contents == (1...7).map(String.init))
        }
    }

    @Test(arguments: ["", "x", "0.0", "0.99999", "-1.2", "ffffffffffffffffff.1", "."])
    func aCursorThatIsNotOursStartsAgain(cursor: String) async throws {
        try await StoreFixture.run { fixture in
            let answer = try await fixture.changes(of: fixture.ana, since: cursor)
            #expect(answer["reset"] == true)
        }
    }

    @Test func aCursorFromTheFutureStartsAgain() async throws {
        try await StoreFixture.run { fixture in
            let text = try await fixture.changes(of: fixture.ana)["cursor"]?.stringValue
            let cursor = try #require(SyncCursor(text ?? ""))
            let ahead = SyncCursor(epoch: cursor.epoch, sequence: cursor.sequence + 1)
            #expect(try await fixture.changes(of: fixture.ana, since: ahead.text)["reset"] == true)
        }
    }

    /// What arrives together is committed together, in order, and each gets its own answer.
    @Test func oneRefusalDoesNotSpoilTheOthers() async throws {
        try await StoreFixture.run { fixture in
            let answers = Mutex<[Int: Bool]>([:])
            await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                for number in 0..<300 {
                    let receiver = number % 7 == 3 ? UserID(99) : fixture.bia.id
                    guard
                        let command = try? SendMessage(
                            from: fixture.ana, to: receiver, content: "\(number)", tempID: TempID("\(number)")
                        )
                    else { continue }
                    fixture.store.submit(command) { result in
                        let count = answers.withLock { answers in
                            answers[number] = (try? result.get()) != nil
                            return answers.count
                        }
                        if count == 300 { done.resume() }
                    }
                }
            }
            let refused = answers.withLock { $0.filter { !$0.value }.keys.sorted() }
            #expect(refused == (0..<300).filter { $0 % 7 == 3 })
            let stored = try await fixture.conversation(ConversationPage(limit: 1000)).map(\.content)
            #expect(stored == (0..<300).filter { $0 % 7 != 3 }.reversed().map(String.init))
        }
    }

    /// A command that fails in the database takes nothing of the others with it.
    @Test func aFailureIsItsOwn() async throws {
        struct Broken: StoreCommand {
            let ana: Person
            let bia: Person
            func apply(in transaction: any StorageTransaction) throws {
                _ = try SendMessage(from: ana, to: bia.id, content: "lost", tempID: nil).apply(
                    in: transaction)
                try transaction.database.execute("INSERT INTO nowhere VALUES (1)")
            }
        }
        try await StoreFixture.run { fixture in
            async let first = fixture.send("1", from: fixture.ana, to: fixture.bia)
            async let broken: Void = fixture.store.perform(Broken(ana: fixture.ana, bia: fixture.bia))
            async let second = fixture.send("2", from: fixture.ana, to: fixture.bia)
            _ = try await (first, second)
            do {
                try await broken
                Issue.record("what failed was reported as done")
            } catch StoreError.storage {}
            #expect(try await Set(fixture.conversation().map(\.content)) == ["1", "2"])
            let changes = try await fixture.changes(of: fixture.ana)
            #expect(changes["changes"]?.arrayValue?.count == 2)
        }
    }

    @Test func theQueueHasABound() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try SQLiteStorage.open(at: directory + "/chat.db") { $0.writeQueueLength = 0 }
        await #expect(throws: StoreError.overloaded) {
            try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
        }
        await store.close()
    }

    /// What a commit waits for is what was asked for: 2 is FULL, 1 is NORMAL, in SQLite's words.
    @Test(arguments: [(Durability.full, 2), (.normal, 1)])
    func theDurabilityReachesTheWriter(durability: Durability, level: Int) async throws {
        struct Level: StoreCommand {
            func apply(in transaction: any StorageTransaction) throws -> Int? {
                try transaction.database.first("PRAGMA synchronous") {
                    (row: Statement) throws(SQLiteError) in row.int(0)
                }
            }
        }
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try SQLiteStorage.open(at: directory + "/chat.db") { $0.durability = durability }
        #expect(try await store.perform(Level()) == level)
        await store.close()
    }

    @Test func aClosedStoreRefuses() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        let store = try SQLiteStorage.open(at: path) { $0.writeQueueLength = 10 }
        await store.close()
        await #expect(throws: StoreError.closed) {
            try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
        }
        // The write-ahead log was folded in.
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect((size ?? 0) > 10_000)
    }

    /// The questions that are asked all the time go by an index.
    @Test(arguments: [
        (
            """
            SELECT id FROM messages WHERE min(sender_id, receiver_id) = 1 AND max(sender_id, receiver_id) = 2
            AND id < 9 ORDER BY id DESC LIMIT 5
            """,
            "messages_conversation"
        ),
        (
            "SELECT count(*) FROM messages WHERE receiver_id = 1 AND sender_id = 2 AND is_read = 0",
            "messages_unread"
        ),
        (
            """
            SELECT sender_id, count(*) FROM messages
            WHERE receiver_id = 1 AND is_read = 0 GROUP BY sender_id
            """,
            "messages_unread"
        ),
        ("SELECT id FROM messages WHERE sender_id = 1 AND temp_id = 'x'", "messages_temp_id"),
        (
            """
            SELECT l.id FROM contacts AS c, messages AS l WHERE c.user_id = 1
            AND min(l.sender_id, l.receiver_id) = min(c.user_id, c.contact_user_id)
            AND max(l.sender_id, l.receiver_id) = max(c.user_id, c.contact_user_id) ORDER BY l.id
            """,
            "messages_conversation"
        ),
        (
            "SELECT seq FROM changes WHERE user_id = 1 AND seq > 5 ORDER BY seq LIMIT 3",
            "PRIMARY KEY (user_id=? AND seq>?)"
        ),
    ])
    func questionsGoByAnIndex(sql: String, index: String) throws {
        let database = try Database(path: "", mode: .memory)
        try Migrator.migrate(database, StoreMigrations.all)
        let plan = try database.rows("EXPLAIN QUERY PLAN " + sql) {
            (row: Statement) throws(SQLiteError) in row.string(3)
        }
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN messages") || $0.hasPrefix("SCAN l") }, "\(plan)")
    }
}
