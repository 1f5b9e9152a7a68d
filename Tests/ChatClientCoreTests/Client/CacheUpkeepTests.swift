import ChatSQLite
import ChatWire
import Foundation
import Synchronization
import Testing

@testable import ChatClientCore

/// The upkeep of the cache on this machine, on a real cache on disk.
@Suite struct CacheUpkeepTests {
    /// Thirty read messages of Bia and one of Caio, a draft, and an unsent message.
    private func client() async throws -> OfflineClient {
        let offline = try OfflineClient()
        let client = offline.client
        try await client.prepare { store in
            for id in 1...30 { _ = try store.live(.sample(Int64(id), "mensagem \(id)", isRead: true)) }
            _ = try store.live(.sample(31, from: caio, "de Caio", isRead: true))
            _ = try store.apply([.readByMe(bia, upTo: nil), .readByMe(caio, upTo: nil)])
        }
        try await client.chats.setDraft("rascunho", for: caio)
        try await client.send("por enviar", to: bia)
        return offline
    }

    @Test func theReportCountsWhatIsThere() async throws {
        let offline = try await client()
        let report = try await offline.client.cache.check()
        #expect(report.problems == [])
        #expect(report.messages == 32)
        #expect(report.conversations == 2)
        #expect(report.unsent == 1)
        #expect(report.drafts == 1)
        #expect(report.setAside == [])
        #expect(report.bytes > 4096)
    }

    @Test func theReportNamesWhatWasSetAsideTheOldestFirst() async throws {
        let offline = try await client()
        let cache = try await offline.client.accountFiles().cache
        for suffix in ["20", "3x", "10", "10-wal"] {
            let path = cache + CacheOpening.setAsideMark + suffix
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
        }
        let report = try await offline.client.cache.check()
        #expect(report.setAside == ["10", "20"].map { cache + CacheOpening.setAsideMark + $0 })
    }

    @Test func compactingReturnsTheSpaceOfWhatIsGone() async throws {
        let offline = try OfflineClient()
        try await offline.client.prepare { store in
            for id in 1...200 {
                _ = try store.live(
                    .sample(Int64(id), String(repeating: "palavra \(id) ", count: 200), isRead: true))
            }
            _ = try store.apply([.readByMe(bia, upTo: nil)])
        }
        _ = try await offline.client.cache.forgetMessages(with: bia, olderThan: Timestamp(seconds: 1_000_150))
        let (before, after) = try await offline.client.cache.compact()
        #expect(after < before / 2)
        #expect(after > 0)
        #expect(try await offline.client.cache.check().problems == [])
        #expect(try await offline.client.cache.check().bytes >= after)
    }

    @Test func messagesAreForgottenByPersonAndAge() async throws {
        let offline = try await client()
        let client = offline.client
        let changes = try await offline.changes { () async throws in
            #expect(
                try await client.cache.forgetMessages(with: bia, olderThan: Timestamp(seconds: 1_000_011))
                    == 10)
        }
        #expect(changes.contains(.conversations))
        #expect(try await client.texts[bia]?.first == "mensagem 11")
        #expect(try await client.texts[caio] == ["de Caio"])
        #expect(try await client.history.search("mensagem 10").hits.map(\.row.content) == [])
        #expect(
            try await client.cache.forgetMessages(with: nil, olderThan: Timestamp(seconds: 1_000_021)) == 10)
        #expect(try await client.cache.forgetMessages(with: caio, olderThan: Timestamp(seconds: 5)) == 0)
        // The last sent message stays, as the edge of what is known.
        let left = try await client.cache.forgetMessages(with: nil, olderThan: nil)
        #expect(left >= 9)
        #expect(try await client.texts[bia]?.last == "por enviar", "unsent messages stay")
        #expect(await client.chats.draft(for: caio) == "rascunho")
    }

    @Test func aLongConversationIsForgottenInSteps() async throws {
        let offline = try OfflineClient()
        try await offline.client.prepare { store in
            _ = try store.apply(
                (1...2100).map { .message(.sample(Int64($0), "m", isRead: true), from: .live) })
            _ = try store.apply([.readByMe(bia, upTo: nil)])
        }
        let time = Timestamp(seconds: 1_000_000 + 2051)
        #expect(try await offline.client.cache.forgetMessages(with: bia, olderThan: time) == 2050)
        #expect(try await offline.client.texts[bia]?.count == 50)
    }

    @Test func aFormerServerIsNamedAsLongAsSomethingOfItIsLeft() async throws {
        let offline = try await client()
        let client = offline.client
        #expect(try await client.cache.formerServer() == nil)
        try await client.prepare { store in _ = try store.former.setAside(.otherDatabase) }
        #expect(
            try await client.cache.formerServer()
                == FormerServer(reason: .otherDatabase, messages: 31, held: 1))
        try await client.outbox.discardHeld()
        #expect(
            try await client.cache.formerServer()
                == FormerServer(reason: .otherDatabase, messages: 31, held: 0))
        _ = try await client.cache.forgetMessages(with: nil, olderThan: nil)
        #expect(try await client.cache.formerServer() == nil)
    }

    // MARK: Export

    private struct Full: Error, Equatable {}

    private func exported(_ client: ChatClient, _ peer: UserID?, _ format: ExportFormat) async throws
        -> String
    {
        let written = Mutex<[UInt8]>([])
        let style = ExportStyle(ownName: "Ana", time: { _ in "12:00" })
        try await client.cache.exportMessages(with: peer, format: format, style: style) {
            (bytes) throws(Full) in written.withLock { $0 += bytes }
        }
        return String(decoding: written.withLock { $0 }, as: UTF8.self)
    }

    @Test func everyConversationIsExportedOldestFirst() async throws {
        let client = try OfflineClient().client
        try await client.prepare { store in
            _ = try store.apply([
                .contacts([.sample(bia, "Bia"), .sample(caio, "Caio")]),
                .message(.sample(1, "um"), from: .live),
                .message(.sample(2, from: caio, "dois"), from: .live),
                .message(.sample(3, from: ana, to: bia, "três"), from: .live),
            ])
        }
        try await client.send("quatro", to: caio)
        #expect(
            try await exported(client, nil, .text) == """
                == Caio ==
                12:00 Caio: dois
                12:00 Ana: quatro [queued]

                == Bia ==
                12:00 Bia: um
                12:00 Ana: três


                """)
        #expect(
            try await exported(client, bia, .text) == """
                == Bia ==
                12:00 Bia: um
                12:00 Ana: três


                """)
        #expect(try await exported(client, UserID(99), .text) == "")
    }

    @Test func aLongConversationIsExportedWhole() async throws {
        let client = try OfflineClient().client
        try await client.prepare { store in
            _ = try store.apply((1...2500).map { .message(.sample(Int64($0), "m\($0)"), from: .live) })
        }
        let lines = try await exported(client, bia, .jsonLines).split(separator: "\n")
        #expect(lines.count == 2500)
        let texts = try lines.map { try JSONValue(parsing: Array($0.utf8))["text"]?.stringValue ?? "" }
        #expect(texts == (1...2500).map { "m\($0)" })
    }

    @Test func aFailureOfTheWriterEndsTheExport() async throws {
        let client = try await client().client
        let count = Mutex(0)
        await #expect(throws: ExportError<Full>.writing(Full())) {
            try await client.cache.exportMessages(with: bia, format: .jsonLines) { (_) throws(Full) in
                let written = count.withLock { count in
                    count += 1
                    return count
                }
                guard written < 5 else { throw Full() }
            }
        }
        #expect(count.withLock { $0 } == 5)
    }

    @Test func withoutAnAccountThereIsNoCache() async throws {
        let client = try OfflineClient(signedIn: nil).client
        let cache = client.cache
        #expect(try await cache.formerServer() == nil)
        await expectNotSignedIn([
            { _ = try await cache.check() }, { _ = try await cache.compact() },
            { _ = try await cache.forgetMessages(with: nil, olderThan: nil) },
        ])
        await #expect(throws: ExportError<Full>.client(.notSignedIn)) {
            try await cache.exportMessages(format: .text) { (_) throws(Full) in throw Full() }
        }
    }
}
