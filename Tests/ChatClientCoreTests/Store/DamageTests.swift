import ChatSQLite
import ChatWire
import Glibc
import TestSupport
import Testing

@testable import ChatClientCore

/// Really damaged caches, and places where nothing can be written.
@Suite struct DamageTests {
    private static let texts = ["primeira", "segunda \u{1F600}", "terceira"]

    /// A cache with a history, three unsent messages and a draft, all moved from the log into the file.
    private func makeCache(_ path: String, history: Int64 = 2000) throws {
        let store = try ChatStore(path: path, me: ana)
        let messages = (1...history).map { StoreChange.message(.sample($0, "mensagem \($0)"), from: .page) }
        _ = try store.apply(messages)
        for (index, text) in Self.texts.enumerated() { try store.enter(text, "t\(index)") }
        try store.conversations.setDraft("rascunho", for: caio)
    }

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try Self.bytes(of: path)
        let file = try #require(fopen(path, "r+"))
        defer { fclose(file) }
        body(&bytes)
        rewind(file)
        fwrite(bytes, 1, bytes.count, file)
        fflush(file)
        ftruncate(fileno(file), bytes.count)
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        let size = bytes.count
        let count = fread(&bytes, 1, size, file)
        #expect(count == size)
        return bytes
    }

    private func unsent(_ store: ChatStore) throws -> [String] {
        try store.timeline.unsent().map(\.row.content)
    }

    @Test(arguments: 0..<25)
    func whatWasEnteredIsSavedFromACacheWithADamagedBeginning(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        try makeCache(path)
        try change(path) { bytes in
            for _ in 0..<20 {
                bytes[Int.random(in: 0..<100, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
            }
        }
        let (store, _) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 5))
        #expect(try unsent(store) == Self.texts, "seed \(seed)")
        #expect(try store.conversations.draft(for: caio) == "rascunho")
    }

    @Test(arguments: [0, 5, 15]) func oneBitOfTheMagic(_ place: Int) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        try makeCache(path, history: 10)
        try change(path) { $0[place] ^= 4 }
        let (store, aside) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 5))
        #expect(aside?.rescued == Self.texts.count)
        #expect(try unsent(store) == Self.texts)
        let left = try #require(opendir(directory.path))
        defer { closedir(left) }
        var names: [String] = []
        while let entry = readdir(left) {
            names.append(
                withUnsafePointer(to: entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        #expect(!names.contains { $0.contains("mended") || $0.contains("model") }, "\(names)")
    }

    @Test func aCacheThatWasCutIsSetAsideAndTheOutboxSaved() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        try makeCache(path)
        try change(path) { $0.removeLast($0.count / 10) }
        let (store, aside) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 5))
        // If the cut removed nothing that a start reads, the damage shows during use, and the next start knows.
        if aside == nil {
            store.note(.corrupt(message: "x"))
            let (next, aside) = try CacheOpening.openOrSetAside(
                path: path, me: ana, at: Timestamp(seconds: 6))
            #expect(aside != nil)
            #expect(try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 7)).1 == nil)
            #expect(try unsent(next).allSatisfy { Self.texts.contains($0) })
        }
    }

    @Test func twoInOneSecondHaveNamesOfTheirOwn() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        for expected in ["5", "6"] {
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            try makeCache(path, history: 1)
            try change(path) { $0[0] ^= 1 }
            let (_, aside) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 5))
            #expect(aside?.path == "\(path).set-aside-\(expected)")
        }
    }

    @Test func aSchemaVersionBelowNothingIsDamage() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        do {
            let store = try ChatStore(path: path, me: ana)
            try store.enter("fica", "t")
            try store.database.execute("PRAGMA user_version=-7")
        }
        let (store, aside) = try CacheOpening.openOrSetAside(path: path, me: ana, at: Timestamp(seconds: 5))
        #expect(aside?.rescued == 1)
        #expect(try unsent(store) == ["fica"])
    }

    @Test(arguments: [false, true]) func whereNothingCanBeWrittenItIsReadAllTheSame(_ hasLog: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/cache.db"
        var writer: ChatStore?
        if hasLog {
            writer = try ChatStore(path: directory.path + "/other.db", me: ana)
            for (index, text) in Self.texts.enumerated() { try writer?.enter(text, "t\(index)") }
            // The state that a killed program leaves.
            for suffix in ["", "-wal"] {
                try Self.bytes(of: directory.path + "/other.db" + suffix).withUnsafeBytes { bytes in
                    let file = try #require(fopen(path + suffix, "w"))
                    defer { fclose(file) }
                    #expect(fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count)
                }
            }
        } else {
            try makeCache(path, history: 10)
        }
        let full = SQLiteError.full(message: "x")
        let store = try #require(ReadableCache.open(path, me: ana, full))
        #expect(try unsent(store) == Self.texts)
        #expect(store.writeRefusal == full)
        do {
            try store.conversations.setDraft("x", for: bia)
            Issue.record("it was written")
        } catch {
            #expect(store.reason(error) == full)
        }
        withExtendedLifetime(writer) {}
    }
}
