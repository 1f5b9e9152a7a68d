import ChatServerLite
import ChatWire
import Foundation
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("A server that is not the one of before")
struct FormerServerTests {
    /// The server's directory, and its database as it was at some time, to be restored.
    private struct Backup {
        let directory: ScratchDirectory
        let copy: ScratchDirectory

        init(of directory: ScratchDirectory) throws {
            self.directory = directory
            copy = try ScratchDirectory()
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                try FileManager.default.copyItem(
                    atPath: directory.path + "/" + name, toPath: copy.path + "/copy-" + name)
            }
        }

        static func empty(_ directory: ScratchDirectory) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                try FileManager.default.removeItem(atPath: directory.path + "/" + name)
            }
        }

        func putBack() throws {
            try Self.empty(directory)
            for name in try FileManager.default.contentsOfDirectory(atPath: copy.path)
            where name.hasPrefix("copy-") {
                try FileManager.default.copyItem(
                    atPath: copy.path + "/" + name, toPath: directory.path + "/" + name.dropFirst(5))
            }
        }
    }

    @Test(
        "What a restored server has lost waits, and is sent again once",
        arguments: [ServerBehaviour.extended, .original], [false, true])
    func backup(behaviour: ServerBehaviour, biaWritesFirst: Bool) async throws {
        let first = try await TestServer(behaviour: behaviour)
        let port = first.server.port
        func start() async throws -> TestServer {
            try await TestServer(
                host: first.host, port: port, directory: first.directory, behaviour: behaviour)
        }
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: first.url)
        let bia = try await Person("Bia Souza", "bia@exemplo.com", at: first.url)
        #expect(await ana.mychat("contacts", "add", "bia@exemplo.com").status == 0)
        #expect(await ana.mychat("send", "bia", "um").status == 0)
        await first.server.stop()
        let backup = try Backup(of: first.directory)

        let second = try await start()
        for text in ["dois", "três"] { #expect(await ana.mychat("send", "bia", text).status == 0) }
        await second.server.stop()
        try backup.putBack()

        let third = try await start()
        if biaWritesFirst { #expect(await bia.mychat("send", "ana@exemplo.com", "da Bia").status == 0) }
        let sent = await ana.mychat("send", "bia", "quatro")
        #expect(sent.status == 0, "\(sent.error)")
        _ = await ana.mychat("history", "bia")
        let outbox = await ana.mychat("outbox", "--json")
        let waiting = outbox.json?["messages"]?.arrayValue ?? []
        #expect(waiting.map { $0["content"]?.stringValue } == ["dois", "três"], "\(outbox.output)")
        #expect(waiting.allSatisfy { $0["held"] == "gone_from_server" })
        let again = await ana.mychat("outbox", "retry", "--all")
        #expect(again.status == 0, "\(again.error)")
        let read = await bia.mychat("history", "ana@exemplo.com", "--json")
        let texts = read.json?["messages"]?.arrayValue?.map { $0["content"]?.stringValue }
        #expect(texts == (biaWritesFirst ? ["um", "da Bia"] : ["um"]) + ["quatro", "dois", "três"])
        #expect(await ana.mychat("outbox", "--json").json?["messages"]?.arrayValue?.isEmpty == true)
        await third.server.stop()
    }

    @Test(
        "A token that speaks for somebody else by now sends nothing",
        arguments: [ServerBehaviour.extended, .original])
    func madeAnew(behaviour: ServerBehaviour) async throws {
        let first = try await TestServer(behaviour: behaviour)
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: first.url)
        _ = try await Person("Bia Souza", "bia@exemplo.com", at: first.url)
        #expect(await ana.mychat("contacts", "add", "bia@exemplo.com").status == 0)
        #expect(await ana.mychat("send", "bia", "um").status == 0)
        await first.server.stop()
        try Backup.empty(first.directory)

        let second = try await TestServer(
            host: first.host, port: first.server.port, directory: first.directory, behaviour: behaviour)
        // The former ids belong to other people; the first token is older than this second account.
        _ = try await Person("Zeca", "zeca@exemplo.com", at: second.url)
        let beto = try await Person("Beto", "beto@exemplo.com", at: second.url)
        let sent = await ana.mychat("send", "bia@exemplo.com", "segredo", "--timeout", "10s")
        #expect(sent.status == ExitStatus.unauthorized.rawValue, "\(sent.output) \(sent.error)")
        let theirs = await beto.mychat("history", "zeca@exemplo.com", "--json")
        #expect(theirs.json?["messages"]?.arrayValue?.isEmpty ?? true, "\(theirs.output)")
        let kept = await ana.mychat("history", "bia@exemplo.com", "--json")
        #expect(kept.status == 0, "\(kept.error)")
        let texts = kept.json?["messages"]?.arrayValue?.map { $0["content"]?.stringValue }
        #expect(texts == ["um", "segredo"], "\(kept.output)")
        await second.server.stop()
    }
}
