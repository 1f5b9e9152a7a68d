import ChatCrypto
import ChatWire
import Foundation
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Stores `count` messages in one transaction.
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

/// The requirements of every storage. A new storage is correct when it passes these.
@Suite struct StorageBehaviourTests {
    @Test(arguments: StorageKind.allCases)
    func aMessageIsStoredOnce(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let first = try await fixture.send("  olá  ", from: fixture.ana, to: fixture.bia, "t1")
            #expect(!first.isReplay)
            #expect(first.message.content == "olá")
            let again = try await fixture.send("olá", from: fixture.ana, to: fixture.bia, "t1")
            #expect(again.isReplay)
            #expect(again.message.id == first.message.id)
            // The same temp_id with another text is a new message, and the first message keeps the temp_id.
            let other = try await fixture.send("outra", from: fixture.ana, to: fixture.bia, "t1")
            #expect(!other.isReplay)
            #expect(other.message.id > first.message.id)
            let third = try await fixture.send("olá", from: fixture.ana, to: fixture.bia, "t1")
            #expect(third.message.id == first.message.id)
            // Each sender has its own temp_ids.
            let reply = try await fixture.send("olá", from: fixture.bia, to: fixture.ana, "t1")
            #expect(!reply.isReplay)
            #expect(try await fixture.conversation().map(\.tempID?.rawValue) == ["t1", nil, "t1"])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func aTempIDThatIsTooLongIsNotStored(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let longest = String(repeating: "é", count: 64)
            for name in [longest, longest + "x"] {
                let first = try await fixture.send("a", from: fixture.ana, to: fixture.bia, name)
                let second = try await fixture.send("a", from: fixture.ana, to: fixture.bia, name)
                #expect(second.isReplay == (name == longest))
                #expect((second.message.id == first.message.id) == (name == longest))
            }
        }
    }

    @Test func theRulesAreCheckedInOrder() throws {
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
        // One family emoji of seven code points counts as seven.
        #expect(refusal(String(repeating: "👨‍👩‍👧‍👦", count: 715), to: 2) == .contentTooLong)
        #expect(refusal("eu", to: 1) == .receiverIsSelf)
    }

    @Test(arguments: StorageKind.allCases)
    func anUnknownReceiverIsRefused(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let nobody = Person(id: UserID(99), name: "")
            await #expect(throws: StoreError.refused(.receiverUnknown)) {
                try await fixture.send("a", from: fixture.ana, to: nobody)
            }
        }
    }

    @Test(arguments: StorageKind.allCases)
    func pagesJoinWithoutAGap(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    @Test(arguments: StorageKind.allCases)
    func statesOnlyRise(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    @Test(arguments: StorageKind.allCases)
    func onlyTheReceiverMarksMessages(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    @Test(arguments: StorageKind.allCases)
    func aDeletedMessageIsGoneForBothAndItsIDIsNotReused(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    /// Messages sent meanwhile are confirmed between the pieces, and stay.
    @Test(arguments: StorageKind.allCases)
    func aLongConversationIsDeletedInPieces(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    @Test(arguments: StorageKind.allCases)
    func theLogHasTheMissedChangesOfBothSides(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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
            // Only the sender may see the temp_id.
            #expect(others["changes"]?[0]?["message"]?["temp_id"] == nil)

            let end = try #require(changes["cursor"]?.stringValue)
            _ = try await fixture.store.perform(DeleteMessage(message: id, user: ana.id))
            _ = try await fixture.store.perform(RemoveContact(user: ana.id, contact: contact.id))
            let rest = try await fixture.changes(of: ana, since: end)
            #expect(
                rest["changes"]?.arrayValue?.map { $0["type"]?.stringValue ?? "" }
                    == ["message_deleted", "contact_removed"])
            // A sync from the beginning does not report deleted messages as new.
            let all = try await fixture.changes(of: ana)
            #expect(all["changes"]?.arrayValue?.contains { $0["type"] == "message_created" } == false)
        }
    }

    @Test(arguments: StorageKind.allCases)
    func theLogIsReadInPages(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    @Test(arguments: ["", "x", "0.0", "0.99999", "-1.2", "ffffffffffffffffff.1", "."], StorageKind.allCases)
    func anInvalidCursorStartsOver(cursor: String, kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let answer = try await fixture.changes(of: fixture.ana, since: cursor)
            #expect(answer["reset"] == true)
        }
    }

    @Test(arguments: StorageKind.allCases)
    func aCursorFromTheFutureStartsOver(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let text = try await fixture.changes(of: fixture.ana)["cursor"]?.stringValue
            let cursor = try #require(SyncCursor(text ?? ""))
            let ahead = SyncCursor(epoch: cursor.epoch, sequence: cursor.sequence + 1)
            #expect(try await fixture.changes(of: fixture.ana, since: ahead.text)["reset"] == true)
        }
    }

    /// Commands that arrive together are committed together, in order, and each gets its own answer.
    @Test(arguments: StorageKind.allCases)
    func oneRefusalDoesNotSpoilTheOthers(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
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

    /// A command that fails in the database does not affect the others.
    @Test func aFailureDoesNotAffectOtherCommands() async throws {
        struct Broken: StoreCommand {
            let ana: Person
            let bia: Person
            func apply(in transaction: any StorageTransaction) throws {
                _ = try SendMessage(from: ana, to: bia.id, content: "lost", tempID: nil).apply(
                    in: transaction)
                throw CancellationError()
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

    @Test(arguments: StorageKind.allCases)
    func theQueueIsBounded(kind: StorageKind) async throws {
        try await withEmptyStore(kind) {
            $0.writeQueueLength = 0
        } _: { store in
            await #expect(throws: StoreError.overloaded) {
                try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            }
            await store.close()
        }
    }

    @Test(arguments: StorageKind.allCases)
    func aClosedStoreRefuses(kind: StorageKind) async throws {
        try await withEmptyStore(kind) { store in
            await store.close()
            await #expect(throws: StoreError.closed) {
                try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            }
            await #expect(throws: StoreError.closed) { try await store.read { try $0.hasUsers() } }
            await #expect(throws: StoreError.closed) { try await store.lookUp { try $0.hasUsers() } }
            await #expect(throws: StoreError.closed) {
                try await store.search(for: UserID(1)) { try $0.hasUsers() }
            }
        }
    }

    /// A second close returns, whether the first one has ended or not. The writing is committed in any case.
    @Test(arguments: StorageKind.allCases)
    func closingTwiceIsClosingOnce(kind: StorageKind) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try kind.open(at: directory + "/chat.db")
        let stored = Mutex<String?>(nil)
        store.submit(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h")) { result in
            stored.withLock { $0 = try? result.get().email }
        }
        async let first: Void = store.close()
        async let second: Void = store.close()
        _ = await (first, second)
        #expect(stored.withLock { $0 } == "ana@x")
        await store.close()
    }

    /// Commands queued before the close are carried out.
    @Test(arguments: StorageKind.allCases)
    func closingWaitsForQueuedCommands(kind: StorageKind) async throws {
        try await withEmptyStore(kind) { store in
            let stored = Mutex<[String]>([])
            for number in 0..<50 {
                let user = RegisterUser(name: "U", email: "\(number)@x", passwordHash: "h")
                store.submit(user) { result in
                    if let email = try? result.get().email { stored.withLock { $0.append(email) } }
                }
            }
            await store.close()
            #expect(stored.withLock { $0 } == (0..<50).map { "\($0)@x" })
        }
    }

    /// A view does not change during a read, and a read sees everything confirmed before it.
    @Test(arguments: StorageKind.allCases)
    func aReadSeesConfirmedWrites(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            for count in 1...20 {
                let id = try await fixture.send("\(count)", from: ana, to: bia).message.id
                let (newest, unread, highest) = try await fixture.store.read { view in
                    (
                        try view.newestMessage(of: UserPair(ana.id, bia.id)),
                        try view.unreadCounts(of: bia.id).first?.count, try view.newestMessage()
                    )
                }
                #expect(newest == id && unread == count && highest == id.rawValue)
            }
        }
    }

    /// The error of a read reaches its caller and nobody else.
    @Test(arguments: StorageKind.allCases)
    func aReadThatFailsIsAFailure(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let store = fixture.store
            await #expect(throws: StoreError.self) {
                try await store.read { _ -> Int in throw CancellationError() }
            }
            await #expect(throws: StoreError.self) {
                try await store.lookUp { _ -> Int in throw CancellationError() }
            }
            await #expect(throws: StoreError.self) {
                try await store.search(for: fixture.ana.id) { _ -> Int in throw CancellationError() }
            }
            let hasUsers = try await store.read { view in try view.hasUsers() }
            #expect(hasUsers)
        }
    }

    @Test(arguments: StorageKind.allCases)
    func contactsAreOrderedByRecency(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            var people: [Person] = []
            for name in ["Caio", "Duda", "Edu", "Fabi"] {
                let user = try await fixture.store.perform(
                    RegisterUser(name: name, email: name.lowercased() + "@x", passwordHash: "h"))
                _ = try await fixture.store.perform(
                    AddContact(user: fixture.ana.id, contactUser: user.id, name: nil))
                people.append(Person(id: user.id, name: name))
            }
            await #expect(throws: StoreError.refused(.contactExists)) {
                try await fixture.store.perform(
                    AddContact(user: fixture.ana.id, contactUser: people[0].id, name: "again"))
            }
            _ = try await fixture.send("to Edu", from: fixture.ana, to: people[2])
            _ = try await fixture.send("from Duda", from: people[1], to: fixture.ana)
            let contacts = try await fixture.store.read { [ana = fixture.ana] view in
                try view.contacts(of: ana.id, in: .exact)
            }
            #expect(contacts.map(\.name) == ["Duda", "Edu", "Caio", "Fabi"])
            #expect(contacts.map(\.unreadCount) == [1, 0, 0, 0])
            #expect(contacts.map(\.lastMessage) == ["from Duda", "to Edu", nil, nil])
            let whole = try await fixture.store.read { [ana = fixture.ana] view in
                try view.contacts(of: ana.id, in: .wholeSeconds)
            }
            // Among contacts without messages, the newest contact comes first.
            #expect(whole.map(\.name).suffix(2) == ["Fabi", "Caio"])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func peopleAreFound(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            for (name, email) in [("José", "jose@x.org"), ("Maria", "m_j@y.org"), ("100%", "p@z.org")] {
                _ = try await fixture.store.perform(RegisterUser(name: name, email: email, passwordHash: "h"))
            }
            func found(_ query: String) async throws -> [[String]] {
                try await fixture.store.search(for: fixture.ana.id) { [ana = fixture.ana] view in
                    [
                        try view.people(matching: query, besides: ana.id).map(\.name),
                        try view.people(like: query, besides: ana.id).map(\.name),
                    ]
                }
            }
            #expect(try await found("JOSE") == [["José"], ["José"]])
            #expect(try await found("m_j") == [["Maria"], ["Maria"]])
            #expect(try await found("m%a") == [[], ["Maria"]])
            #expect(try await found("0%") == [["100%"], ["100%"]])
            #expect(try await found("Ana") == [[], []])
        }
    }

    /// A subscription's queued pushes are deleted with it, and only the newest are kept.
    @Test(arguments: StorageKind.allCases)
    func pushesAreQueuedInOrder(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let user = fixture.ana.id
            let browsers = (0..<2).map { number in
                PushSubscription(
                    endpoint: "https://push.example/\(number)", key: P256PrivateKey().publicKey,
                    secret: [UInt8](repeating: 7, count: 16))
            }
            for subscription in browsers {
                _ = try await fixture.store.perform(
                    Subscribe(user: user, subscription: subscription))
            }
            for number in 0..<102 {
                let push = QueuePush(user: user, payload: [UInt8(number)], topic: "t")
                #expect(try await fixture.store.perform(push).count == 2)
            }
            func waiting() async throws -> [PushDelivery] {
                try await fixture.store.perform(LoadPushes(after: 0, count: 1000))
            }
            let all = try await waiting()
            #expect(all.count == 200)
            #expect(all.map(\.id) == all.map(\.id).sorted())
            #expect(all.first?.payload == [2])
            let (first, second) = (try #require(all.first), try #require(all.last))
            let later = Timestamp(seconds: 2_000_000_000)
            try await fixture.store.perform(
                SettlePushes(verdicts: [
                    .remove(delivery: first.id), .postpone(delivery: second.id, attempts: 3, until: later),
                ]))
            #expect(try await waiting().count == 199)
            #expect(try await waiting().last?.attempts == 3)
            #expect(try await waiting().last?.nextAttempt == later)
            let ended = try await fixture.store.perform(
                Unsubscribe(user: user, endpoint: browsers[0].endpoint))
            #expect(try await waiting().contains { $0.subscriptionID == ended } == false)
            await #expect(throws: StoreError.refused(.subscriptionNotRemoved)) {
                try await fixture.store.perform(Unsubscribe(user: user, endpoint: browsers[0].endpoint))
            }
        }
    }

    /// A client whose cursor is below the floor starts over. One above the floor loses nothing.
    @Test(arguments: StorageKind.allCases)
    func theLogIsPruned(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let early = try await fixture.changes(of: fixture.bia)["cursor"]?.stringValue
            for number in 1...10 {
                _ = try await fixture.send("\(number)", from: fixture.ana, to: fixture.bia)
            }
            let late = try await fixture.changes(of: fixture.bia, since: early, limit: 7)["cursor"]?
                .stringValue
            await withCheckedContinuation { done in
                fixture.store.pruneChanges(ChangeRetention(age: nil, entries: 6)) { done.resume() }
            }
            #expect(try await fixture.changes(of: fixture.bia, since: early)["reset"] == true)
            let rest = try await fixture.changes(of: fixture.bia, since: late)["changes"]?.arrayValue
            #expect(rest?.map { $0["message"]?["content"] } == ["8", "9", "10"])
            #expect(try await fixture.conversation().count == 10)
        }
    }

    /// - Parameter body: must close the storage.
    private func withEmptyStore(
        _ kind: StorageKind, configure: (inout StorageConfiguration) -> Void = { _ in },
        _ body: (any Storage) async throws -> Void
    ) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(try kind.open(at: directory + "/chat.db", configure: configure))
    }
}
