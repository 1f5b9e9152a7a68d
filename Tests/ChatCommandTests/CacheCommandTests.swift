import ChatServerLite
import ChatWire
import Foundation
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("mychat cache")
struct CacheCommandTests {
    @Test("The cache is checked, compacted, exported and forgotten, also without a server")
    func life() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        _ = try await Person("Bia Souza", "bia@exemplo.com", at: server.url)
        try #require(await ana.mychat("contacts", "add", "bia@exemplo.com").status == 0)
        for text in ["um\u{1B}[31m", "dois\nlinhas"] {
            try #require(await ana.mychat("send", "bia", text).status == 0)
        }
        await server.server.stop()
        #expect(await ana.mychat("send", "bia", "por enviar", "--queue", "--timeout", "0s").status == 0)

        let check = await ana.mychat("cache", "check", "--json")
        #expect(check.status == 0, "\(check.error)")
        #expect(check.json?["sound"]?.boolValue == true)
        #expect(check.json?["messages"]?.integerValue == 3)
        #expect(check.json?["unsent"]?.integerValue == 1)
        let compact = await ana.mychat("cache", "compact", "--json")
        #expect(compact.status == 0, "\(compact.error)")
        #expect(compact.json?["bytes_after"]?.integerValue ?? 0 > 0)

        try await export(ana)
        #expect(await ana.mychat("cache", "forget").status == ExitStatus.usage.rawValue)
        let young = await ana.mychat("cache", "forget", "--older-than", "1d", "--json")
        #expect(young.json?["forgotten"]?.integerValue == 0, "\(young.error)")
        let forgotten = await ana.mychat("cache", "forget", "bia", "--json")
        #expect(forgotten.json?["forgotten"]?.integerValue == 2, "\(forgotten.error)")
        let left = await ana.mychat("cache", "check", "--json")
        #expect(left.json?["messages"]?.integerValue == 1)
        #expect(left.json?["unsent"]?.integerValue == 1)
    }

    private func export(_ ana: Person) async throws {
        let lines = await ana.mychat("cache", "export")
        let objects = try lines.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(objects.map { $0["text"]?.stringValue } == ["um\u{1B}[31m", "dois\nlinhas", "por enviar"])
        #expect(objects.map { $0["state"]?.stringValue } == ["sent", "sent", "queued"])
        let text = await ana.mychat("cache", "export", "bia", "--format", "text")
        #expect(text.output.hasPrefix("== Bia Souza ==\n"))
        #expect(!text.output.contains("\u{1B}"))
        #expect(text.output.contains("Ana Lima: dois\n    linhas\n"))

        let path = ana.home.path + "/export.md"
        let file = await ana.mychat("cache", "export", "bia", "--format", "markdown", "--output", path)
        #expect(file.status == 0, "\(file.error)")
        #expect(file.output == "")
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(written.hasPrefix("# Bia Souza\n\n**Ana Lima** "))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let nowhere = await ana.mychat("cache", "export", "--output", ana.home.path + "/no/where")
        #expect(nowhere.status == ExitStatus.storage.rawValue, "\(nowhere.error)")
    }

    @Test("A cache that was set aside is told of")
    func setAside() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        let before = await ana.mychat("cache", "check", "--json")
        #expect(before.json?["set_aside"]?.arrayValue?.count == 0, "\(before.output)")
        let files = try #require(FileManager.default.enumerator(atPath: ana.home.path))
        let name = try #require(files.compactMap { $0 as? String }.first { $0.hasSuffix("/cache.db") })
        let path = ana.home.path + "/" + name
        try Data("no database at all ".utf8).write(to: URL(filePath: path))
        let check = await ana.mychat("cache", "check", "--json")
        #expect(check.status == 0, "\(check.error)")
        #expect(check.json?["sound"]?.boolValue == true)
        let aside = try #require(check.json?["set_aside"]?.arrayValue?.first?.stringValue, "\(check.output)")
        #expect(aside.hasPrefix(path + ".set-aside-"))
        #expect(try String(contentsOfFile: aside, encoding: .utf8) == "no database at all ")
        // Later too, as long as it exists.
        let again = await ana.mychat("cache", "check")
        #expect(again.output.contains("was set aside with all that is in it: \(aside)"), "\(again.output)")
    }

    @Test("Nobody's cache is no cache")
    func nobody() async throws {
        let home = try ScratchDirectory()
        let run = await Run.mychat("cache", "check", in: home, input: MemoryInput(""))
        #expect(run.status == ExitStatus.unauthorized.rawValue)
    }
}
