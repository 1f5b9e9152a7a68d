import Foundation
import Testing

/// Web Push between real processes on one machine: the server, the sender, and the absent receiver.
@Suite struct PushTests {
    private static let allowed = ["PUSH_ALLOW_PRIVATE": "1"]

    /// A process whose output is read line by line.
    private final class Listener {
        let process: ChildProcess
        private var rest = ""

        init(_ program: String, _ arguments: [String], _ environment: [String: String]) throws {
            process = try ChildProcess(program, arguments, environment: environment, hasInput: true)
        }

        /// The next line; nil at the end.
        func next() -> String? {
            while !rest.contains("\n") {
                let data = process.output.availableData
                guard !data.isEmpty else { return nil }
                rest += String(decoding: data, as: UTF8.self)
            }
            let line = rest.prefix { $0 != "\n" }
            rest = String(rest.dropFirst(line.count + 1))
            return String(line)
        }

        /// All remaining lines.
        func remaining() -> [String] {
            var lines: [String] = []
            while let line = next() { lines.append(line) }
            return lines
        }
    }

    private func listen(_ person: PersonAtHome, count: Int) throws -> Listener {
        let listener = try Listener(
            Programs.mychat, ["--language", "en", "--json", "push", "listen", "--count", "\(count)"],
            person.environment)
        let line = try #require(listener.next())
        #expect(line.contains(#""event":"listening""#), "\(line)")
        return listener
    }

    /// A misbehaving push service of the person.
    private func service(_ manner: String, for person: PersonAtHome) throws -> Listener {
        let program = URL(filePath: #filePath).appending(path: "../../../fixtures/push/service.py")
            .standardizedFileURL.path
        let service = try Listener(
            "python3", [program, person.url, person.email, "segredo-123", manner], person.environment)
        #expect(service.next() == "ready")
        return service
    }

    private func send(_ text: String, from sender: PersonAtHome, to receiver: PersonAtHome) throws {
        let sent = try sender.mychat(["send", receiver.email, text])
        #expect(sent.status == 0, "\(sent.errors)")
    }

    @Test func aMessageToSomeoneAwayIsShownOnTheirMachine() throws {
        let people = try TwoPeople(settings: Self.allowed)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let listener = try listen(bia, count: 2)
        let tested = try bia.mychat(["push", "test"])
        #expect(tested.status == 0, "\(tested.errors)")
        #expect(tested.output == "Notification sent\n")
        try send("olá, está aí? 👋", from: ana, to: bia)
        let lines = listener.remaining()
        #expect(listener.process.waitForEnd() == 0)
        try #require(lines.count == 2, "\(lines)")
        #expect(lines[0].contains(#""title":"🔔 Notificação de Teste""#), "\(lines[0])")
        #expect(lines[1].contains(#""title":"💬 Ana Lima""#), "\(lines[1])")
        #expect(lines[1].contains(#""body":"olá, está aí? 👋""#), "\(lines[1])")
        // The listener has ended its subscription.
        let late = try bia.mychat(["push", "test"])
        #expect(late.status != 0)
        #expect(late.errors.contains("No subscription works"), "\(late.errors)")
        #expect(server.stop() == 0)
    }

    /// For people: one line per push, and a program of their choice.
    @Test func notificationsAreHandedToAProgram() throws {
        let people = try TwoPeople(settings: Self.allowed)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let listener = try Listener(
            Programs.mychat,
            ["--language", "en", "push", "listen", "--count", "1", "--notify", "echo shown:"],
            bia.environment)
        let began = String(decoding: listener.process.errors.availableData, as: UTF8.self)
        #expect(began == "mychat: Listening for notifications; end with Ctrl-C\n")
        try send("oi", from: ana, to: bia)
        let lines = listener.remaining()
        #expect(listener.process.waitForEnd() == 0)
        #expect(lines.contains { $0.hasSuffix("  💬 Ana Lima: oi") }, "\(lines)")
        #expect(lines.contains("shown: 💬 Ana Lima oi"), "\(lines)")
        #expect(server.stop() == 0)
    }

    @Test func whatHasEndedIsForgotten() throws {
        let people = try TwoPeople(settings: Self.allowed)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let service = try service("gone", for: bia)
        try send("one", from: ana, to: bia)
        #expect(service.next() == "push")
        let listener = try listen(bia, count: 2)
        for text in ["two", "three"] { try send(text, from: ana, to: bia) }
        #expect(listener.remaining().count == 2)
        try service.process.input?.close()
        #expect(service.remaining() == [])
        #expect(server.stop() == 0)
    }

    /// The service accepts the push and does not answer; messages are still confirmed, and those of others arrive.
    @Test func aSilentServiceDelaysNothing() throws {
        let people = try TwoPeople(settings: Self.allowed)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        let service = try service("silent", for: bia)
        try send("one", from: ana, to: bia)
        #expect(service.next() == "push")
        let listener = try listen(bia, count: 2)
        for text in ["two", "three"] { try send(text, from: ana, to: bia) }
        #expect(listener.remaining().count == 2)
        #expect(listener.process.waitForEnd() == 0)
        #expect(server.stop() == 0)
        try service.process.input?.close()
        #expect(service.remaining() == [])
    }

    @Test func thisMachineIsNoPushServiceUnlessAllowed() throws {
        let people = try TwoPeople()
        let refused = try people.bia.mychat(["push", "listen", "--count", "1"])
        #expect(refused.status != 0)
        #expect(refused.errors.contains("The subscription could not be saved"), "\(refused.errors)")
        #expect(people.server.stop() == 0)
    }
}
