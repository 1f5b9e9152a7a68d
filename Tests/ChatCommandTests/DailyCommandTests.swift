import ChatServerLite
import ChatWire
import Foundation
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("Commands of every day, against a server")
struct DailyCommandTests {
    /// A server with Ana and Bia, who are each other's contacts.
    private static func twoFriends() async throws -> (server: TestServer, ana: Person, bia: Person) {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        let bia = try await Person("Bia Souza", "bia@exemplo.com", at: server.url)
        try #require(await ana.mychat("contacts", "add", "bia@exemplo.com").status == 0)
        try #require(await bia.mychat("contacts", "add", "ana@exemplo.com").status == 0)
        return (server, ana, bia)
    }

    @Test("What is unread comes from the cache; reading it is told to the other side")
    func unreadAndRead() async throws {
        let (server, ana, bia) = try await Self.twoFriends()
        #expect(await bia.mychat("send", "ana", "um").status == 0)
        #expect(await bia.mychat("send", "ana", "dois").status == 0)

        #expect(await ana.mychat("unread").output == "Nothing unread\n")
        let fresh = await ana.mychat("unread", "--refresh", "--json")
        #expect(fresh.json?["unread"]?.integerValue == 2, "\(fresh.error)")
        #expect(fresh.json?["up_to_date"]?.boolValue == true)
        #expect(fresh.json?["conversations"]?[0]?["with"]?["name"]?.stringValue == "Bia Souza")
        #expect(await ana.mychat("unread").output.hasPrefix("2  Bia Souza"))

        let read = await ana.mychat("read", "bia", "--json")
        #expect(read.status == 0, "\(read.error)")
        #expect(read.json?["marked"]?.integerValue == 2)
        #expect(read.json?["told"]?.boolValue == true)
        let seen = await bia.mychat("history", "ana", "--json")
        #expect(
            seen.json?["messages"]?.arrayValue?.map { $0["state"]?.stringValue } == ["read", "read"],
            "\(seen.output)")
        #expect(await ana.mychat("read", "bia").output == "Nothing unread of Bia Souza\n")

        #expect(await bia.mychat("send", "ana", "três").status == 0)
        #expect(await ana.mychat("unread", "--refresh").status == 0)
        await server.server.stop()
        let later = await ana.mychat("read", "bia", "--json")
        #expect(later.status == ExitStatus.queued.rawValue, "\(later.error)")
        #expect(later.json?["told"]?.boolValue == false)
        #expect(await ana.mychat("unread").output == "Nothing unread\n")
        #expect(await ana.mychat("read", "bia", "--queue").status == 0)
    }

    @Test("A search finds words without regard to case and accents, in all conversations or in one")
    func search() async throws {
        let (server, ana, bia) = try await Self.twoFriends()
        #expect(await ana.mychat("send", "bia", "Reunião às três, com CAFÉ").status == 0)
        #expect(await bia.mychat("send", "ana", "o café já está pronto\u{1B}]0;x\u{7}").status == 0)
        #expect(await ana.mychat("unread", "--refresh").status == 0)
        let found = await ana.mychat("search", "caf", "--json")
        #expect(found.status == 0, "\(found.error)")
        #expect(
            found.json?["hits"]?.arrayValue?.map { $0["with"]?["name"]?.stringValue }
                == ["Bia Souza", "Bia Souza"])
        #expect(found.json?["hits"]?[0]?["message"]?["mine"]?.boolValue == false)
        #expect(found.json?["has_more"]?.boolValue == false)
        let one = await ana.mychat("search", "reuniao", "cafe", "--with", "bia", "--color", "always")
        #expect(one.output.contains("\u{1B}[1mReunião\u{1B}[0m"), "\(one.output)")
        let plain = await ana.mychat("search", "pronto")
        #expect(plain.output.contains("pronto") && !plain.output.contains("\u{1B}"))
        #expect(await ana.mychat("search", "inexistente").output == "Nothing found\n")
        #expect(await ana.mychat("search").status == ExitStatus.usage.rawValue)
        await server.server.stop()
    }

    @Test("A watch tells what comes, whoever holds the connection, and ends after as many as asked")
    func watch() async throws {
        let (server, ana, bia) = try await Self.twoFriends()
        async let watch = ana.mychat("watch", "--json", "--count", "2", "--mark-read")
        #expect(await bia.mychat("send", "ana", "primeira").status == 0)
        #expect(await bia.mychat("send", "ana", "segunda\u{1B}[31m").status == 0)
        let run = await watch
        #expect(run.status == 0, "\(run.error)")
        let events = try run.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(events.allSatisfy { $0["schema"]?.integerValue == 1 && $0["command"] == "watch" })
        let messages = events.filter { $0["event"] == "message" }
        #expect(
            messages.map { $0["message"]?["content"]?.stringValue } == ["primeira", "segunda\u{1B}[31m"])
        #expect(messages.allSatisfy { $0["with"]?["email"] == "bia@exemplo.com" })

        async let text = bia.mychat("watch", "--count", "1", "--only", "message", "--with", "ana")
        #expect(await ana.mychat("send", "bia", "vermelha\u{1B}[31m").status == 0)
        let lines = await text
        #expect(lines.status == 0, "\(lines.error)")
        #expect(lines.output.contains("Ana Lima  vermelha") && !lines.output.contains("\u{1B}"))
        await server.server.stop()
    }

    @Test("Unsent messages are listed, sent on request, and taken back")
    func outbox() async throws {
        let (first, ana, bia) = try await Self.twoFriends()
        let port = first.server.port
        await first.server.stop()
        #expect(await ana.mychat("send", "bia", "fica", "--queue").status == 0)
        #expect(await ana.mychat("send", "bia", "sai", "--queue").status == 0)
        let list = await ana.mychat("outbox", "--json")
        let entries = list.json?["messages"]?.arrayValue ?? []
        #expect(entries.map { $0["content"]?.stringValue } == ["fica", "sai"], "\(list.error)")
        #expect(entries.allSatisfy { $0["state"] == "queued" && $0["to"]?["name"] == "Bia Souza" })
        let last = try #require(entries.last?["temp_id"]?.stringValue)
        let shown = String(last.prefix(8))
        #expect(await ana.mychat("outbox").output.contains(shown))

        let unknown = await ana.mychat("outbox", "cancel", "zzz")
        #expect(unknown.status == ExitStatus.invalidInput.rawValue)
        #expect(unknown.error.contains("mychat outbox list"))
        #expect(await ana.mychat("outbox", "cancel").status == ExitStatus.usage.rawValue)
        #expect(await ana.mychat("outbox", "cancel", "--all", shown).status == ExitStatus.usage.rawValue)
        #expect(await ana.mychat("outbox", "cancel", shown).output.contains("sai"))
        #expect(await ana.mychat("outbox", "retry", "--all").status == ExitStatus.queued.rawValue)
        #expect(await ana.mychat("outbox", "retry", "--all", "--queue").status == 0)

        let second = try await TestServer(host: first.host, port: port, directory: first.directory)
        let sent = await ana.mychat("outbox", "retry", "--all", "--json")
        #expect(sent.status == 0, "\(sent.error)")
        #expect(sent.json?["messages"]?[0]?["state"]?.stringValue == "sent")
        #expect(sent.json?["messages"]?[0]?["id"]?.integerValue != nil)
        #expect(await ana.mychat("outbox").output == "Everything is sent\n")
        let got = await bia.mychat("history", "ana", "--json")
        #expect(got.json?["messages"]?.arrayValue?.map { $0["content"]?.stringValue } == ["fica"])
        await second.server.stop()
    }

    @Test("Contacts are renamed and removed; own messages and conversations are deleted, after a question")
    func contactsAndDeletions() async throws {
        let (server, ana, bia) = try await Self.twoFriends()
        let renamed = await ana.mychat("contacts", "rename", "bia", "Bia (mercado)")
        #expect(renamed.output == "Bia Souza is now called Bia (mercado)\n", "\(renamed.error)")
        #expect(await ana.mychat("contacts").output.contains("Bia (mercado)"))

        let sent = await ana.mychat("send", "bia", "engano", "--json")
        let id = try #require(sent.json?["message_id"]?.integerValue)
        let got = await bia.mychat("send", "ana", "oi", "--json")
        let other = try #require(got.json?["message_id"]?.integerValue)
        #expect(await ana.mychat("unread", "--refresh").status == 0)

        // Without a terminal to ask on, after a no, for somebody else's message and for a missing one, nothing
        // happens.
        let unasked = await ana.mychat("delete", "\(id)")
        #expect(unasked.status == ExitStatus.usage.rawValue && unasked.error.contains("--yes"))
        #expect(await ana.mychat("delete", "\(id)", answers: ["n"]).status == ExitStatus.refused.rawValue)
        #expect(await ana.mychat("delete", "\(other)", "--yes").status == ExitStatus.invalidInput.rawValue)
        #expect(
            await ana.mychat("delete", "\(id)", "999", "--yes").status == ExitStatus.invalidInput.rawValue)
        #expect(await ana.mychat("delete").status == ExitStatus.usage.rawValue)
        #expect(await bia.mychat("history", "ana", "--json").json?["messages"]?.arrayValue?.count == 2)

        let deleted = await ana.mychat("delete", "\(id)", answers: ["sim"])
        #expect(deleted.output == "1 message deleted for both sides\n", "\(deleted.error)")
        let left = await bia.mychat("history", "ana", "--json")
        #expect(left.json?["messages"]?.arrayValue?.map { $0["content"]?.stringValue } == ["oi"])
        let all = await ana.mychat("delete", "--conversation", "bia", "--yes", "--json")
        #expect(all.status == 0 && all.json?["told"]?.boolValue == true, "\(all.error)")
        #expect(await bia.mychat("history", "ana", "--json").json?["messages"]?.arrayValue?.count == 0)

        let removed = await ana.mychat("contacts", "remove", "bia@exemplo.com", "--json")
        #expect(removed.status == 0, "\(removed.error)")
        #expect(await ana.mychat("contacts").output == "No contacts yet\n")
        await server.server.stop()
        let later = await bia.mychat("contacts", "rename", "ana", "Aninha", "--json")
        #expect(later.status == ExitStatus.queued.rawValue, "\(later.output)")
        #expect(later.json?["queued"]?.boolValue == true)
        #expect(await bia.mychat("contacts", "--offline").output.contains("Aninha"))
    }

    @Test("The doctor examines each step, and says which one is ill")
    func doctor() async throws {
        let (server, ana, _) = try await Self.twoFriends()
        let well = await ana.mychat("doctor", "--json")
        #expect(well.status == 0, "\(well.output) \(well.error)")
        let checks = well.json?["checks"]?.arrayValue ?? []
        #expect(
            checks.map { $0["name"]?.stringValue }
                == Examination.allCases.filter { $0 != .login && $0 != .link }.map(\.rawValue)
                + ["login", "link"])
        #expect(
            checks.allSatisfy { $0["verdict"] == "ok" || $0["name"] == "tls" }, "\(well.output)")
        let text = await ana.mychat("doctor", "--language", "pt-BR")
        #expect(text.output.contains("✓  relógio"), "\(text.output)")
        await server.server.stop()

        let ill = await ana.mychat("doctor", "--json")
        #expect(ill.status == ExitStatus.network.rawValue)
        let verdicts = ill.json?["checks"]?.arrayValue?.map { $0["verdict"]?.stringValue }
        #expect(
            verdicts == ["ok", "ok", "failed"] + Array(repeating: "skipped", count: 8), "\(ill.output)")
        let nobody = await Run.mychat(
            "doctor", "--server", "https://no-such-host.invalid", in: try ScratchDirectory())
        #expect(nobody.status == ExitStatus.network.rawValue)
        #expect(nobody.output.contains("✗  DNS"), "\(nobody.output)")
    }

    @Test("A doctor who finds another kind of server says so")
    func doctorElsewhere() async throws {
        let peer = try ScriptedHTTPServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        let run = await Run.mychat("doctor", "--server", peer.url, in: try ScratchDirectory())
        #expect(run.status == ExitStatus.unexpectedAnswer.rawValue, "\(run.output)")
        #expect(run.output.contains("✗  API") && run.output.contains("✗  websocket"), "\(run.output)")
        peer.stop()
    }

    @Test("Completions for each shell; they offer contacts, but nothing that a shell would expand")
    func completions() async throws {
        for shell in ["bash", "zsh", "fish"] {
            let run = await Run.mychat("completions", shell, in: try ScratchDirectory())
            #expect(run.status == 0 && run.output.contains("mychat"), "\(shell): \(run.error)")
        }
        let wrong = await Run.mychat("completions", "tcsh", in: try ScratchDirectory())
        #expect(wrong.status == ExitStatus.usage.rawValue)
        #expect(ContactCompletion.isHarmless("Bia Souza") && ContactCompletion.isHarmless("joão@exemplo.com"))
        for name in ["Bia 🎉", "👩‍💻 Ana", "❤️", "日本", "Zoë"] {
            #expect(ContactCompletion.isHarmless(name), "\(name)")
        }
        for harmful in [
            "a\u{A0}b", "a\u{2003}b", "\u{3164}", "a\u{200D}b", "a\u{2028}b", "🎉$x", "a\tb", "$(reboot)",
            "`x`", "a;b", "-rf", "a\nb", "'", "", "a\u{202E}b", "*",
        ] {
            #expect(!ContactCompletion.isHarmless(harmful), "\(harmful)")
        }
        let flags = ContactCompletion.flags(in: ["mychat", "--profile=work", "send", "--server", "a.example"])
        #expect(flags.profile == "work" && flags.server == "a.example")
    }
}
