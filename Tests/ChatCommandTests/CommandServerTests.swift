import ChatNet
import ChatServerLite
import ChatWire
import Foundation
import Logging
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("Commands against a server")
struct CommandServerTests {
    @Test("From registering to reading the answer")
    func twoPeople() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        let bia = try await Person("Bia Souza", "bia@exemplo.com", at: server.url)

        let who = await ana.mychat("whoami", "--json")
        #expect(who.json?["account"]?["email"]?.stringValue == "ana@exemplo.com")
        #expect(who.json?["server"]?.stringValue == server.url)
        #expect(who.json?["expires_at"]?.stringValue?.hasSuffix("Z") == true)

        let found = await ana.mychat("contacts", "find", "souza", "--json")
        #expect(found.json?["people"]?[0]?["name"]?.stringValue == "Bia Souza")
        let added = await ana.mychat("contacts", "add", "bia@exemplo.com")
        #expect(added.output == "Bia Souza is now among your contacts\n", "\(added.error)")
        let list = await ana.mychat("contacts")
        #expect(list.output.contains("Bia Souza") && list.output.contains("bia@exemplo.com"))

        let sent = await ana.mychat("send", "bia", "Olá! 👋", "--json")
        #expect(sent.status == 0, "\(sent.error)")
        #expect(sent.json?["state"]?.stringValue == "sent")
        #expect(sent.json?["to"]?["name"]?.stringValue == "Bia Souza")
        #expect(sent.json?["message_id"]?.integerValue != nil)
        #expect(sent.json?["temp_id"]?.stringValue?.count == 32)
        let piped = await ana.mychat("send", "Bia", "-", input: "linha 1\nlinha 2\n")
        #expect(piped.output.hasPrefix("Sent to Bia Souza (message "), "\(piped.error)")

        // The final line break is not part of the text, and so not too much.
        for ending in ["", "\n", "\r\n"] {
            let long = await ana.mychat(
                "send", "bia", "-", input: String(repeating: "0", count: 5000) + ending)
            #expect(long.status == 0, "\(long.error)")
        }
        let tooLong = await ana.mychat("send", "bia", "-", input: String(repeating: "0", count: 5001) + "\n")
        #expect(tooLong.status == ExitStatus.invalidInput.rawValue)
        let all = await bia.mychat("history", "ana@exemplo.com", "--json")
        let longOnes = all.json?["messages"]?.arrayValue?.filter { $0["content"]?.stringValue?.count == 5000 }
        #expect(longOnes?.count == 3)
        for one in longOnes ?? [] {
            let id = one["id"]?.integerValue ?? 0
            #expect(await ana.mychat("delete", "\(id)", "--yes").status == 0)
        }

        let read = await bia.mychat("history", "ana@exemplo.com", "--json")
        #expect(read.status == 0, "\(read.error)")
        #expect(read.json?["up_to_date"]?.boolValue == true)
        let messages = read.json?["messages"]?.arrayValue ?? []
        #expect(messages.map { $0["content"]?.stringValue } == ["Olá! 👋", "linha 1\nlinha 2"])
        #expect(
            messages.allSatisfy { $0["state"]?.stringValue == "received" && $0["mine"]?.boolValue == false })
        // Looking at it does not mark it as read.
        let status = await bia.mychat("status", "--json")
        #expect(status.json?["unread"]?.integerValue == 2, "\(status.output)")
        #expect(status.json?["reachable"]?.boolValue == true)
        #expect(status.json?["server_from"]?.stringValue == "remembered")

        let cached = await bia.mychat("history", "Ana Lima", "--offline", "--limit", "1", "--json")
        #expect(cached.json?["messages"]?.arrayValue?.count == 1)
        #expect(cached.json?["has_older"]?.boolValue == true)

        // Another device of hers knows nobody yet, and asks the server.
        let laptop = try ScratchDirectory()
        let login = await Run.mychat(
            "login", "ana@exemplo.com", "--password-stdin", "--server", server.url, in: laptop,
            input: MemoryInput("secret-Ana Lima\n"))
        #expect(login.status == 0, "\(login.error)")
        #expect(await Run.mychat("send", "bia", "do laptop", in: laptop).status == 0)

        let out = await ana.mychat("logout")
        #expect(out.output == "Signed out\n")
        #expect(await ana.mychat("whoami").status == ExitStatus.unauthorized.rawValue)
        let back = await ana.mychat("login", "ana@exemplo.com", "--password-stdin", input: "secret-Ana Lima")
        #expect(back.output.hasPrefix("Signed in as Ana Lima <ana@exemplo.com>"), "\(back.error)")
        await server.server.stop()
    }

    @Test("Where the account is signed in, and how that is ended")
    func sessions() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        var devices: [ScratchDirectory] = []
        for _ in 0..<3 {
            let device = try ScratchDirectory()
            let login = await Run.mychat(
                "login", "ana@exemplo.com", "--password-stdin", "--server", server.url, in: device,
                input: MemoryInput("secret-Ana Lima\n"))
            #expect(login.status == 0, "\(login.error)")
            devices.append(device)
        }
        func sessions() async -> [JSONValue] {
            await ana.mychat("sessions", "--json").json?["sessions"]?.arrayValue ?? []
        }
        let all = await sessions()
        #expect(all.count == 4 && all.filter { $0["current"]?.boolValue == true }.count == 1)
        #expect(
            all.allSatisfy { $0["agent"]?.stringValue?.hasPrefix("mychat/\(ProgramVersion.text)") == true })
        #expect(all.allSatisfy { $0["address"]?.stringValue?.hasPrefix("127.") == true })
        let text = await ana.mychat("sessions", "list")
        #expect(text.output.split(separator: "\n").filter { $0.contains("this one") }.count == 1)

        let first = await Run.mychat("sessions", "list", "--json", in: devices[0])
        let current = first.json?["sessions"]?.arrayValue?.first { $0["current"]?.boolValue == true }
        let id = try #require(current?["id"]?.integerValue)
        let ended = await ana.mychat("sessions", "end", "\(id)", "--json")
        #expect(ended.status == 0 && ended.json?["ended"]?.integerValue == id, "\(ended.error)")
        let again = await ana.mychat("sessions", "end", "\(id)")
        #expect(again.status == ExitStatus.refused.rawValue)
        #expect(again.error == "mychat: the server says: There is no such session\n")
        let refused = await Run.mychat("sessions", in: devices[0])
        #expect(refused.status == ExitStatus.unauthorized.rawValue)
        #expect(refused.error.contains("This session was ended. Please sign in again."), "\(refused.error)")

        // Who signs out ends the own session, and the others go on.
        let out = await Run.mychat("logout", "--json", in: devices[1])
        #expect(out.json?["session_ended"]?.boolValue == true, "\(out.error)")
        #expect(await sessions().count == 2)
        let others = await ana.mychat("sessions", "end-others")
        #expect(others.output == "1 other session was ended\n")
        #expect(await Run.mychat("sessions", in: devices[2]).status == ExitStatus.unauthorized.rawValue)
        #expect(await sessions().count == 1)

        await server.server.stop()
        let offline = await ana.mychat("logout", "--json")
        #expect(offline.status == 0 && offline.json?["session_ended"]?.boolValue == false)
        #expect(offline.json?["was_signed_in"]?.boolValue == true)
    }

    @Test("A server without sessions is told apart")
    func sessionsOfTheOriginal() async throws {
        let server = try await TestServer(behaviour: .original)
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        for run in [
            await ana.mychat("sessions", "end", "1"), await ana.mychat("sessions", "end-others"),
        ] {
            #expect(run.status == ExitStatus.refused.rawValue && run.error.contains("does not know sessions"))
        }
        let list = await ana.mychat("sessions")
        #expect(list.status == ExitStatus.refused.rawValue)
        #expect(list.error == "mychat: the server does not know sessions\n")
        let out = await ana.mychat("logout", "--json")
        #expect(out.json?["session_ended"] == .null)
        await server.server.stop()
    }

    @Test("What a server refuses has its status and its words")
    func refusals() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        _ = try await Person("Bia Souza", "bia@exemplo.com", at: server.url)
        _ = try await Person("Bia Souza", "bia2@exemplo.com", at: server.url)

        let password = await ana.mychat("login", "ana@exemplo.com", "--password-stdin", input: "wrong-one\n")
        #expect(password.status == ExitStatus.unauthorized.rawValue)
        #expect(password.error == "mychat: the server says: Wrong email or password\n")
        let twice = await ana.mychat(
            "register", "ana@exemplo.com", "--name", "Ana", "--password-stdin", input: "secret-2\n")
        #expect(twice.status == ExitStatus.refused.rawValue)
        #expect(twice.error == "mychat: the server says: This email address has an account already\n")

        let stranger = await ana.mychat("send", "bia", "oi")
        #expect(stranger.status == ExitStatus.unknownRecipient.rawValue)
        #expect(stranger.error.contains("Did you mean 'Bia Souza'"), "\(stranger.error)")
        let ambiguous = await ana.mychat("send", "Bia Souza", "oi")
        #expect(ambiguous.status == ExitStatus.unknownRecipient.rawValue)
        #expect(ambiguous.error.contains("bia2@exemplo.com"))
        let nobody = await ana.mychat("send", "zebra", "oi", "--json")
        #expect(nobody.status == ExitStatus.unknownRecipient.rawValue)
        #expect(nobody.json?["error"]?["kind"]?.stringValue == "unknown-recipient")
        #expect(await ana.mychat("send", "1", "oi").status == ExitStatus.unknownRecipient.rawValue)

        #expect(
            await ana.mychat("send", "bia@exemplo.com", " \n ").status == ExitStatus.invalidInput.rawValue)
        let long = await ana.mychat("send", "bia@exemplo.com", String(repeating: "é", count: 5001))
        #expect(long.status == ExitStatus.invalidInput.rawValue)
        #expect(long.error.contains("5001"))
        let absent = await ana.mychat("send", "#4711", "oi")
        #expect(absent.status == ExitStatus.refused.rawValue)
        #expect(absent.error == "mychat: the server refused the message: There is no such recipient\n")
        #expect(await ana.mychat("contacts", "find", "x").status == ExitStatus.invalidInput.rawValue)
        await server.server.stop()
    }

    @Test("Without the server messages stay, in order, and go out once with the next connection")
    func outbox() async throws {
        let first = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: first.url)
        let bia = try await Person("Bia Souza", "bia@exemplo.com", at: first.url)
        #expect(await ana.mychat("contacts", "add", "bia@exemplo.com").status == 0)
        let port = first.server.port
        await first.server.stop()

        let queued = await ana.mychat("send", "bia", "um", "--queue", "--json")
        #expect(queued.status == 0, "\(queued.error)")
        #expect(queued.json?["state"]?.stringValue == "queued")
        let waited = await ana.mychat("send", "bia", "dois", "--timeout", "300ms", "--json")
        #expect(waited.status == ExitStatus.queued.rawValue, "\(waited.error)")
        #expect(waited.json?["state"]?.stringValue == "queued")
        #expect(waited.error.contains("do not send it again"))
        let status = await ana.mychat("status", "--json")
        #expect(status.status == ExitStatus.network.rawValue)
        #expect(status.json?["outbox"]?["queued"]?.integerValue == 2)
        let history = await ana.mychat("history", "bia", "--json")
        #expect(history.status == 0)
        #expect(history.json?["up_to_date"]?.boolValue == false)
        #expect(
            history.json?["messages"]?.arrayValue?.map { $0["state"]?.stringValue } == ["queued", "queued"])
        #expect(history.error.contains("shown from the cache"))

        let second = try await TestServer(host: first.host, port: port, directory: first.directory)
        let third = await ana.mychat("send", "bia", "três")
        #expect(third.status == 0, "\(third.error)")
        let read = await bia.mychat("history", "ana@exemplo.com", "--json")
        #expect(
            read.json?["messages"]?.arrayValue?.map { $0["content"]?.stringValue } == ["um", "dois", "três"],
            "\(read.output) \(read.error)")
        await second.server.stop()
    }

    @Test("A token from the environment acts for its account and leaves the own one alone")
    func token() async throws {
        let server = try await TestServer()
        let ana = try await Person("Ana Lima", "ana@exemplo.com", at: server.url)
        _ = try await Person("Bia Souza", "bia@exemplo.com", at: server.url)
        let token = try await Self.token("bia@exemplo.com", "secret-Bia Souza", at: server.url)
        let environment = ["MYCHAT_TOKEN": token, "MYCHAT_URL": server.url]
        let asBia = await ana.mychat("whoami", "--json", environment: environment)
        #expect(asBia.json?["account"]?["email"]?.stringValue == "bia@exemplo.com", "\(asBia.error)")
        #expect(asBia.json?["profile"]?.stringValue == "token")
        let asAna = await ana.mychat("whoami", "--json")
        #expect(asAna.json?["account"]?["email"]?.stringValue == "ana@exemplo.com")
        let bad = await ana.mychat(
            "whoami", environment: ["MYCHAT_TOKEN": "a.b.c", "MYCHAT_URL": server.url])
        #expect(bad.status == ExitStatus.unauthorized.rawValue, "\(bad.error)")

        // The same with a program of the person.
        let home = try ScratchDirectory()
        try home.write(configuration: "server = '\(server.url)'\ntoken_command = ['printf', '\(token)']")
        let sent = await Run.mychat("send", "ana@exemplo.com", "oi", in: home)
        #expect(sent.status == 0, "\(sent.error)")
        await server.server.stop()
    }

    private static func token(_ email: String, _ password: String, at url: String) async throws -> String {
        let thread = IOThread()
        let call = API.login(email: email, password: password)
        var headers = HTTPHeaders()
        try headers.add("Content-Type", "application/json")
        let request = HTTPRequest(
            method: call.method, target: call.path, headers: headers, body: call.body?.serialized() ?? [])
        let response = try await HTTPClient(thread: thread, configuration: NetConfiguration())
            .execute(request, at: try ServerURL(url))
        let answer = try JSONValue(parsing: response.body)
        return try #require(answer["data"]?["token"]?.stringValue)
    }
}
