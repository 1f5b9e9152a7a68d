import ChatSQLite
import ChatWire
import Glibc
import TestSupport
import Testing

@testable import ChatClientCore

/// Every test runs on a store in memory and on one on disk.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, disk

    func run(_ body: (ChatStore) throws -> Void) throws {
        switch self {
        case .memory: try body(ChatStore(inMemoryFor: ana))
        case .disk:
            let directory = try TemporaryDirectory()
            try body(ChatStore(path: directory.path + "/cache.db", me: ana))
        }
    }
}

extension ChatStore {
    func rows(_ peer: UserID = bia) throws -> [TimelineRow] {
        try timeline.page(with: peer, before: nil, limit: 1000).rows
    }

    @discardableResult
    func enter(_ content: String, _ name: String, to peer: UserID = bia, attempt: Int64? = nil) throws
        -> OutboxEntry
    {
        try outbox.enqueue(
            content, to: peer, tempID: TempID(name), at: Timestamp(seconds: 5_000_000),
            attemptAbove: attempt.map { MessageID($0) })
    }

    func ids(_ peer: UserID = bia) throws -> [Int64] { try rows(peer).compactMap(\.messageID?.rawValue) }

    @discardableResult
    func live(_ message: Message) throws -> StoreEffects { try apply([.message(message, from: .live)]) }

    func unread(_ peer: UserID = bia) throws -> Int {
        try conversations.all().first { $0.peer == peer }?.unread ?? 0
    }

    func page(
        _ messages: [Message], limit: Int = 50, before: Int64? = nil, known: Int64? = nil, peek: Bool = true,
        leftOut: Int = 0, isOrderedByID: Bool = true, listed: ListedNewest? = nil
    ) throws -> StoreEffects {
        try apply([
            .page(
                ConversationPage(
                    peer: bia, messages: messages.sorted { $0.id > $1.id }, limit: limit,
                    before: before.map { MessageID($0) },
                    knownAtRequest: try known.map { MessageID($0) } ?? self.messages.newestID(), isPeek: peek,
                    leftOut: leftOut, isOrderedByID: isOrderedByID, listed: listed))
        ])
    }
}

@Suite struct ChatStoreTests {
    // MARK: Entering

    @Test(arguments: StoreKind.allCases) func enteringKeepsTheMessageAndEndsTheDraft(_ kind: StoreKind) throws
    {
        try kind.run { store in
            try store.conversations.setDraft("meio escr", for: bia)
            #expect(try store.conversations.draft(for: bia) == "meio escr")
            try store.enter("escrito", "t1")
            #expect(try store.conversations.draft(for: bia) == "")
            let rows = try store.rows()
            #expect(rows.map(\.content) == ["escrito"])
            #expect(rows.map(\.state) == [.queued])
            #expect(rows[0].tempID == TempID("t1"))
            #expect(try store.conversations.all().map(\.preview) == ["escrito"])
            #expect(try store.conversations.all().map(\.previewState) == [.queued])
        }
    }

    @Test(arguments: StoreKind.allCases) func aFailedEntryKeepsTheDraft(_ kind: StoreKind) throws {
        try kind.run { store in
            try store.enter("um", "t1")
            try store.conversations.setDraft("dois", for: bia)
            #expect(throws: SQLiteError.self) { try store.enter("dois", "t1") }
            #expect(try store.conversations.draft(for: bia) == "dois")
            #expect(try store.rows().map(\.content) == ["um"])
        }
    }

    @Test(arguments: StoreKind.allCases) func unsentRowsStandLastInTheOrderOfEntry(_ kind: StoreKind) throws {
        try kind.run { store in
            try store.enter("a", "t1")
            try store.enter("b", "t2")
            try store.live(.sample(900, "de Bia"))
            #expect(try store.rows().map(\.content) == ["de Bia", "a", "b"])
            try store.outbox.fail(TempID("t1"), reason: "muito longa")
            #expect(try store.rows().map(\.failure) == [nil, "muito longa", nil])
            let again = try #require(try store.outbox.retry(TempID("t1"), at: Timestamp(seconds: 5)))
            #expect(again.state == .queued)
            #expect(try store.rows().map(\.content) == ["de Bia", "b", "a"])
            #expect(try store.outbox.entries().map(\.tempID.rawValue) == ["t2", "t1"])
        }
    }

    @Test func anAttemptIsClaimedOnce() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.enter("a", "t1")
        #expect(try store.outbox.beginAttempt(TempID("t1"), above: MessageID(7)))
        #expect(try !store.outbox.beginAttempt(TempID("t1"), above: MessageID(9)))
        #expect(try store.outbox.entry(TempID("t1"))?.knownID == MessageID(7))
        #expect(try store.rows().map(\.state) == [.unknown])
    }

    @Test func onlyWhatNoServerCanHaveIsEditedOrRemoved() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.enter("a", "t1")
        #expect(try store.outbox.edit(TempID("t1"), content: "b"))
        #expect(try store.rows().map(\.content) == ["b"])
        _ = try store.outbox.beginAttempt(TempID("t1"), above: MessageID(0))
        #expect(try !store.outbox.edit(TempID("t1"), content: "c"))
        #expect(try store.outbox.discard(TempID("t1")) == .whenKnown(bia))
        #expect(try store.rows() == [])
        #expect(try store.outbox.entries().map(\.isCancelled) == [true])
        #expect(try store.outbox.discard(TempID("zzz")) == .notThere)
    }

    // MARK: One way in

    @Test(arguments: StoreKind.allCases) func theRowKeepsItsIdentityFromQueuedToRead(_ kind: StoreKind) throws
    {
        try kind.run { store in
            let entry = try store.enter("oi", "t1", attempt: 0)
            let sent = Message.sample(10, from: ana, to: bia, "oi")
            let effects = try store.apply([.message(sent, from: .confirmation(TempID("t1")))])
            #expect(effects.confirmed == [TempID("t1")])
            #expect(try store.outbox.entries() == [])
            #expect(try store.rows().map(\.state) == [.sent])
            _ = try store.apply([.status(MessageID(10), .delivered)])
            #expect(try store.rows().map(\.state) == [.delivered])
            _ = try store.apply([.readByPeer(bia, upTo: nil)])
            #expect(try store.rows().map(\.state) == [.read])
            #expect(try store.rows().map(\.id) == [entry.rowID])
            #expect(try store.rows().map(\.messageID) == [MessageID(10)])
        }
    }

    @Test(arguments: StoreKind.allCases) func anyWayTwiceIsOnce(_ kind: StoreKind) throws {
        try kind.run { store in
            try store.enter("oi", "t1", attempt: 0)
            let plain = Message.sample(10, from: ana, to: bia, "oi")
            let named = Message.sample(10, from: ana, to: bia, "oi", tempID: TempID("t1"))
            _ = try store.apply([
                .message(plain, from: .confirmation(TempID("t1"))),
                .message(plain, from: .confirmation(TempID("t1"))), .message(named, from: .live),
                .message(plain, from: .sync),
            ])
            _ = try store.page([plain])
            #expect(try store.rows().count == 1)
        }
    }

    @Test func aConfirmationAfterThePageKeepsTheEnteredRow() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let entry = try store.enter("oi", "t1", attempt: 0)
        let sent = Message.sample(10, from: ana, to: bia, "oi")
        _ = try store.page([sent])
        #expect(try store.rows().count == 2)
        _ = try store.apply([.message(sent, from: .confirmation(TempID("t1")))])
        #expect(try store.rows().map(\.id) == [entry.rowID])
    }

    @Test func anOwnMessageFromAnotherDeviceIsInserted() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(10, from: ana, to: bia, "do celular", tempID: TempID("other")))
        #expect(try store.rows().map(\.isMine) == [true])
    }

    @Test func aPeerCannotForgeATempID() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.enter("minha", "t1", attempt: 0)
        try store.live(.sample(10, "dela", tempID: TempID("t1")))
        #expect(try store.rows().map(\.content) == ["dela", "minha"])
        #expect(try store.outbox.entries().count == 1)
    }

    @Test func aReusedTempIDIsAnotherMessage() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(10, from: ana, to: bia, "um", tempID: TempID("temp_1")))
        try store.live(.sample(11, from: ana, to: bia, "dois", tempID: TempID("temp_1")))
        #expect(try store.rows().map(\.content) == ["um", "dois"])
    }

    @Test func whatIsNoneOfTheAccountsIsIgnored() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(10, from: bia, to: caio))
        try store.live(.sample(-4))
        try store.live(.sample(.max))
        #expect(try store.conversations.all() == [])
    }

    // MARK: Monotonic

    @Test func anOlderCopyNeverLowersAState() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(10, from: ana, to: bia, isRead: true))
        try store.live(.sample(10, from: ana, to: bia, status: .sent))
        _ = try store.apply([.status(MessageID(10), .delivered)])
        #expect(try store.rows().map(\.state) == [.read])
    }

    /// A person who opens a conversation without messages is told that there are none.
    @Test func anEmptyFirstPageIsNews() throws {
        let store = try ChatStore(inMemoryFor: ana)
        #expect(try store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
        #expect(try store.page([]).timelines == [bia])
        #expect(try !store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
        #expect(try store.page([]).timelines == [])
    }

    @Test func itIsKnownWhenAMessageWasDeliveredAndRead() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let (delivered, read) = (Timestamp(seconds: 1_700_000_000), Timestamp(seconds: 1_700_000_060))
        var message = Message.sample(10, from: ana, to: bia)
        try store.live(message)
        try store.live(.sample(11, from: ana, to: bia))
        func times() throws -> [Timestamp?] { try store.rows().flatMap { [$0.deliveredAt, $0.readAt] } }
        #expect(try times() == [nil, nil, nil, nil])
        // New events are recorded with their time, old ones without.
        _ = try store.apply([
            .status(MessageID(10), .delivered, at: delivered), .status(MessageID(11), .delivered),
        ])
        _ = try store.apply([.status(MessageID(11), .delivered, at: read)])
        #expect(try times() == [delivered, nil, nil, nil])
        _ = try store.apply([.readByPeer(bia, upTo: nil, at: read)])
        _ = try store.apply([.readByPeer(bia, upTo: nil, at: delivered)])
        #expect(try times() == [delivered, read, nil, read])
        // The server knows better; a value that it omits changes nothing.
        message.readAt = Timestamp(seconds: 1_700_000_050)
        #expect(try store.apply([.message(message, from: .sync)]).timelines == [bia])
        try store.live(.sample(10, from: ana, to: bia))
        #expect(try times() == [delivered, message.readAt, nil, read])
        #expect(try store.apply([.message(message, from: .live)]).timelines == [])
    }

    @Test func aMarkCoversLateArrivalsBelowIt() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(20, from: ana, to: bia))
        _ = try store.apply([.readByPeer(bia, upTo: MessageID(20))])
        try store.live(.sample(15, from: ana, to: bia))
        try store.live(.sample(25, from: ana, to: bia))
        #expect(try store.rows().map(\.state) == [.read, .read, .sent])
    }

    @Test(arguments: StoreKind.allCases) func aDeletionWinsOverALateInsert(_ kind: StoreKind) throws {
        try kind.run { store in
            _ = try store.apply([.deleted(MessageID(10))])
            try store.live(.sample(10))
            #expect(try store.rows() == [])
            #expect(try store.unread() == 0)
            try store.live(.sample(11))
            _ = try store.apply([.conversationDeleted(bia, upTo: nil)])
            try store.live(.sample(9))
            #expect(try store.rows() == [])
            try store.live(.sample(12))
            #expect(try store.rows().count == 1)
        }
    }

    @Test func aMessageDeletedBeforeItsConfirmationIsGone() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.enter("oi", "t1", attempt: 0)
        _ = try store.apply([.deleted(MessageID(10))])
        let effects = try store.apply([
            .message(.sample(10, from: ana, to: bia, "oi"), from: .confirmation(TempID("t1")))
        ])
        #expect(effects.confirmed == [TempID("t1")])
        #expect(try store.rows() == [])
        #expect(try store.outbox.entries() == [])
    }

    @Test func aMessageTakenBackOnItsWayIsDeletedWhenKnown() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.enter("oi", "t1", attempt: 0)
        _ = try store.outbox.discard(TempID("t1"))
        let effects = try store.apply([
            .message(.sample(10, from: ana, to: bia, "oi"), from: .confirmation(TempID("t1")))
        ])
        #expect(effects.hasPendingDeletions)
        #expect(try store.deletions.pending() == [MessageID(10)])
        #expect(try store.rows() == [])
        try store.deletions.wasTold(MessageID(10))
        #expect(try store.deletions.pending() == [])
    }

    @Test func theListFollowsANewerTimeOfTheServer() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(10, from: bia))
        try store.live(.sample(20, from: caio))
        #expect(try store.conversations.all().map(\.peer) == [caio, bia])
        // The server's list knows a message that the cache lacks.
        let newer = Message.sample(30, from: bia, "mais nova")
        _ = try store.apply([
            .contacts([.sample(bia, last: newer), .sample(caio, "Caio", last: .sample(20, from: caio))])
        ])
        #expect(try store.conversations.all().map(\.peer) == [bia, caio])
        #expect(try store.conversations.all().first?.preview == "mais nova")
    }

    // MARK: Unread

    @Test(arguments: StoreKind.allCases) func unreadCountsFollowMessagesAndMarks(_ kind: StoreKind) throws {
        try kind.run { store in
            _ = try store.apply([.unread([bia: 3], unsettled: [])])
            #expect(try store.unread() == 3)
            try store.live(.sample(40))
            #expect(try store.unread() == 4)
            // The page holds the three that the server counted and the one that arrived.
            _ = try store.page([.sample(37), .sample(38), .sample(39), .sample(40)])
            #expect(try store.unread() == 4)
            let timeline = try store.timeline.page(with: bia, before: nil, limit: 10)
            #expect(timeline.unread == 4)
            #expect(timeline.firstUnread == timeline.rows.first?.id)
            #expect(try store.readMarks.markRead(bia))
            #expect(try !store.readMarks.markRead(bia))
            #expect(try store.unread() == 0)
            #expect(try store.readMarks.pending().map(\.upTo) == [MessageID(40)])
            // The server has not been told yet: its count is old.
            _ = try store.apply([.unread([bia: 4], unsettled: [])])
            #expect(try store.unread() == 0)
            try store.readMarks.wasTold(bia, upTo: MessageID(40))
            #expect(try store.readMarks.pending().isEmpty)
        }
    }

    @Test func whatAnotherDeviceReadIsReadHere() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for id in 1...3 { try store.live(.sample(Int64(id))) }
        _ = try store.apply([.unread([bia: 1], unsettled: [bia])])
        #expect(try store.unread() == 3)
        _ = try store.apply([.unread([bia: 1], unsettled: [])])
        #expect(try store.unread() == 1)
        #expect(try store.timeline.page(with: bia, before: nil, limit: 9).firstUnread == store.rows()[2].id)
        _ = try store.apply([.readByMe(bia, upTo: nil)])
        #expect(try store.unread() == 0)
    }

    @Test func aPageThatMarksAsReadIsReadHere() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(1))
        _ = try store.page([.sample(1), .sample(2)], peek: false)
        #expect(try store.unread() == 0)
        #expect(try store.readMarks.pending().isEmpty)
    }

    // MARK: Pages and gaps

    @Test(arguments: StoreKind.allCases) func pagesOfTheCacheFollowEachOther(_ kind: StoreKind) throws {
        try kind.run { store in
            _ = try store.apply((1...25).map { .message(.sample($0), from: .live) })
            try store.enter("última", "t1")
            var seen: [String] = []
            var before: TimelinePosition?
            var pages = 0
            repeat {
                let page = try store.timeline.page(with: bia, before: before, limit: 10)
                seen = page.rows.map { $0.messageID.map { "\($0)" } ?? $0.content } + seen
                before = page.hasOlder ? page.rows.first?.position : nil
                pages += 1
            } while before != nil
            #expect(pages == 3)
            #expect(seen == (1...25).map { "\($0)" } + ["última"])
        }
    }

    @Test func moreNewsThanAPageLeavesAGapThatCanBeFilled() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for _ in 0..<2 { _ = try store.page((1...5).map { .sample($0) }, limit: 50) }
        #expect(try !store.timeline.page(with: bia, before: nil, limit: 50).mayFetchOlder)
        _ = try store.page((20...24).map { .sample($0) }, limit: 5)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 5, before: 20)])
        let withGap = try store.timeline.page(with: bia, before: nil, limit: 50)
        #expect(withGap.mayFetchOlder)
        #expect(withGap.rows.filter(\.isGapAbove).map(\.messageID) == [MessageID(20)])
        _ = try store.page((15...19).map { .sample($0) }, limit: 5, before: 20)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 5, before: 15)])
        _ = try store.page((4...14).map { .sample($0) }, limit: 11, before: 15)
        #expect(try store.gaps.edges(of: bia) == [])
        #expect(try store.rows().count == 24)
    }

    @Test func aLiveMessageDoesNotHideAGap() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for _ in 0..<2 { _ = try store.page((1...5).map { .sample($0) }, limit: 50) }
        try store.live(.sample(30))
        _ = try store.page((26...30).map { .sample($0) }, limit: 5)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 5, before: 26)])
    }

    @Test func theFirstPageSaysWhetherThereIsMore() throws {
        let store = try ChatStore(inMemoryFor: ana)
        #expect(try store.timeline.page(with: bia, before: nil, limit: 5).mayFetchOlder)
        _ = try store.page((6...10).map { .sample($0) }, limit: 5)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 6)])
        // The beginning of the cached messages is not a gap between rows.
        #expect(try store.rows().allSatisfy { !$0.isGapAbove })
        _ = try store.page((1...5).map { .sample($0) }, limit: 6, before: 6)
        #expect(try store.gaps.edges(of: bia) == [])
    }

    @Test func whatAPageShouldShowAndDoesNotIsGone() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.page((1...10).map { .sample($0) }, limit: 50)
        // 9 arrives while the page is in flight: its absence proves nothing.
        _ = try store.page([1, 2, 4, 5, 6, 8, 10].map { .sample($0) }, limit: 50, known: 8)
        #expect(try store.ids() == [1, 2, 4, 5, 6, 8, 9, 10])
        _ = try store.page([8, 10].map { .sample($0) }, limit: 2)
        #expect(try store.ids() == [1, 2, 4, 5, 6, 8, 10])
    }

    // MARK: The list

    @Test func theListShowsPeopleAndTheNewestWord() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let last = Message.sample(50, from: caio, "mais novo")
        try store.live(.sample(10, "antigo"))
        _ = try store.apply([.contacts([.sample(bia, "Bia"), .sample(caio, "Caio", last: last, unread: 2)])])
        _ = try store.apply([.unread([bia: 1, caio: 2], unsettled: [])])
        let list = try store.conversations.all()
        #expect(list.map(\.name) == ["Caio", "Bia"])
        #expect(list.map(\.preview) == ["mais novo", "antigo"])
        #expect(list.map(\.unread) == [2, 1])
        #expect(list.map(\.isContact) == [true, true])
        _ = try store.apply([.contacts([.sample(bia, "Bibi")])])
        #expect(try store.conversations.all().map(\.name).contains("Bibi"))
        // One list without the contact is not enough, and an empty one proves nothing.
        #expect(try store.conversations.all().allSatisfy(\.isContact))
        _ = try store.apply([.contacts([])])
        #expect(try store.conversations.all().allSatisfy(\.isContact))
        _ = try store.apply([.contacts([.sample(bia, "Bibi")])])
        // Not a contact any more, but there are unread messages.
        #expect(try store.conversations.all().first { $0.peer == caio }?.isContact == false)
    }

    @Test func aStrangerIsNamedByTheirMessage() throws {
        let store = try ChatStore(inMemoryFor: ana)
        var message = Message.sample(10, "oi")
        message.senderName = "Bia Souza"
        try store.live(message)
        #expect(try store.conversations.all().map(\.name) == ["Bia Souza"])
        try store.live(.sample(11, from: caio))
        #expect(try store.conversations.all().map(\.name) == ["#3", "Bia Souza"])
    }

    @Test func anotherConnectionsCommitIsNoticed() throws {
        let directory = try TemporaryDirectory()
        let one = try ChatStore(path: directory.path + "/cache.db", me: ana)
        let other = try ChatStore(path: directory.path + "/cache.db", me: ana)
        #expect(try !one.hasChangedElsewhere())
        try one.conversations.setDraft("meu", for: bia)
        #expect(try !one.hasChangedElsewhere())
        try other.enter("seu", "t1")
        #expect(try one.hasChangedElsewhere())
        #expect(try !one.hasChangedElsewhere())
        #expect(try one.outbox.entries().map(\.tempID) == [TempID("t1")])
    }

    // MARK: Damage

    @Test(arguments: [false, true]) func aCacheThatCannotBeUsedIsSetAside(_ isNewer: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        do {
            let store = try ChatStore(path: path, me: ana)
            try store.enter("fila", "t1")
            try store.enter("a caminho", "t2")
            try store.outbox.setAttempted(TempID("t2"), above: MessageID(7))
            try store.conversations.setDraft("rascunho", for: caio)
            if isNewer { try store.database.execute("PRAGMA user_version=99") }
        }
        if !isNewer { try overwriteStart(of: path) }
        let (store, setAside) = try CacheOpening.openOrSetAside(
            path: path, me: ana, at: Timestamp(seconds: 5))
        let aside = try #require(setAside)
        #expect(aside.path == path + ".set-aside-5")
        #expect(try readStart(of: aside.path) != nil)
        #expect(aside.rescued == 2)
        #expect(try store.outbox.entries().map(\.state) == [.queued, .attempted])
        #expect(try store.outbox.entries().map(\.knownID) == [nil, MessageID(7)])
        #expect(try store.rows().map(\.content) == ["fila", "a caminho"])
        #expect(try store.conversations.draft(for: caio) == "rascunho")
    }

    // MARK: Permutations

    /// In any order and with any repetition of the facts, the cache ends up the same.
    @Test(arguments: 0..<60) func anyOrderOfTheSameFactsEndsTheSame(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sent = Message.sample(10, from: ana, to: bia, "oi")
        let named = Message.sample(10, from: ana, to: bia, "oi", tempID: TempID("t1"))
        let facts: [StoreChange] = [
            .message(sent, from: .confirmation(TempID("t1"))), .message(named, from: .live),
            .message(.sample(11), from: .live), .message(.sample(11, isRead: true), from: .sync),
            .message(.sample(12), from: .live), .deleted(MessageID(12)),
            .message(.sample(13, from: ana, to: bia, "do celular"), from: .live),
            .status(MessageID(13), .delivered), .readByPeer(bia, upTo: MessageID(10)),
            .person(Person(id: bia, name: "Bia Souza")),
        ]
        var order = facts + (0..<6).map { _ in facts.randomElement(using: &generator) ?? facts[0] }
        order.shuffle(using: &generator)
        // A mark by id needs the message; servers send it after the message.
        order.append(.status(MessageID(13), .delivered))
        let store = try ChatStore(inMemoryFor: ana)
        let entry = try store.enter("oi", "t1", attempt: 0)
        while !order.isEmpty {
            let count = Int.random(in: 1...min(4, order.count), using: &generator)
            _ = try store.apply(Array(order.prefix(count)))
            order.removeFirst(count)
        }
        let rows = try store.rows()
        #expect(rows.map(\.messageID?.rawValue) == [10, 11, 13], "seed \(seed)")
        #expect(rows.map(\.state) == [.read, .received, .delivered], "seed \(seed)")
        #expect(rows.first?.id == entry.rowID, "seed \(seed)")
        #expect(try store.unread() == 0, "seed \(seed)")
        #expect(try store.outbox.entries() == [], "seed \(seed)")
    }
}

private func overwriteStart(of path: String) throws {
    let file = try #require(fopen(path, "r+"))
    defer { fclose(file) }
    fputs("this is no database at all, whatever its name says", file)
}

private func readStart(of path: String) throws -> Int32? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    return getc(file)
}
