import Foundation
import Testing

/// `mychat doctor` with an obstacle in the way.
@Suite struct DoctorTests {
    /// A gateway in front of a server: it answers requests for a websocket with `answer`, or not at all.
    private final class Gateway {
        private let process: ChildProcess
        let url: String

        init(to server: ServerProcess, answer: String) throws {
            process = try ChildProcess(
                "python3", ["-c", Self.program, server.host, String(server.port), answer],
                environment: freshEnvironment(home: NSTemporaryDirectory()))
            var line = ""
            while !line.contains("\n") {
                let data = process.output.availableData
                try #require(!data.isEmpty, "the gateway ended")
                line += String(decoding: data, as: UTF8.self)
            }
            url = "http://127.0.0.1:" + line.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        deinit {
            kill(process.pid, SIGKILL)
            _ = process.waitForEnd()
        }

        private static let program = """
            import socket, sys, threading
            host, port, answer = sys.argv[1], int(sys.argv[2]), sys.argv[3]
            listener = socket.create_server(("127.0.0.1", 0))
            print(listener.getsockname()[1], flush=True)
            def pump(source, target):
                try:
                    while data := source.recv(65536): target.sendall(data)
                    target.shutdown(socket.SHUT_WR)
                except OSError: pass
            def serve(client):
                head = b""
                while b"\\r\\n\\r\\n" not in head:
                    data = client.recv(65536)
                    if not data: return
                    head += data
                if b"upgrade: websocket" in head.lower():
                    if not answer: return threading.Event().wait()
                    client.sendall(answer.encode()); client.close(); return
                server = socket.create_connection((host, port))
                server.sendall(head)
                threading.Thread(target=pump, args=(server, client), daemon=True).start()
                pump(client, server)
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()
            """
    }

    private func verdicts(_ result: CommandResult) throws -> [String: String] {
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let checks = json?["checks"] as? [[String: Any]] ?? []
        return Dictionary(
            checks.compactMap { check in
                (check["name"] as? String).map { ($0, check["verdict"] as? String ?? "") }
            }
        ) { first, _ in first }
    }

    @Test func aRefusedWebSocketIsAWarningWherePollingWorks() throws {
        let people = try TwoPeople()
        let gateway = try Gateway(
            to: people.server,
            answer: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let login = try run(
            Programs.mychat, ["--server", gateway.url, "login", people.ana.email, "--password-stdin"],
            environment: people.ana.environment, input: "segredo-123\n")
        #expect(login.status == 0, "\(login.errors)")
        let result = try people.ana.mychat(["--server", gateway.url, "--json", "doctor"])
        let verdicts = try verdicts(result)
        #expect(result.status == 0, "\(result.output) \(result.errors)")
        #expect(verdicts["websocket"] == "warning")
        #expect(verdicts["polling"] == "ok" && verdicts["login"] == "ok" && verdicts["link"] == "ok")
        // When no other transport is allowed, this is a failure.
        let only = try run(
            Programs.mychat, ["--server", gateway.url, "--json", "doctor"],
            environment: people.ana.environment.merging(["MYCHAT_TRANSPORT": "websocket"]) { $1 })
        #expect(only.status == 69, "\(only.output)")
        #expect(people.server.stop() == 0)
    }

    @Test func aStoppedProgramThatHasTheLinkIsNoticed() throws {
        let people = try TwoPeople()
        let watch = try ChildProcess(
            Programs.mychat, ["--json", "watch"], environment: people.ana.environment)
        var seen = ""
        while !seen.contains("\"state\":\"online\"") {
            let data = watch.output.availableData
            try #require(!data.isEmpty, "the watch ended: \(seen)")
            seen += String(decoding: data, as: UTF8.self)
        }
        #expect(try people.ana.mychat(["doctor"]).status == 0)
        kill(watch.pid, SIGSTOP)
        let result = try people.ana.mychat(["doctor"])
        #expect(result.status == 69)
        #expect(
            result.errors.contains("(process \(watch.pid)) has the link and is stopped"), "\(result.errors)")
        // The command does not wait for something that cannot arrive.
        let queued = try people.ana.mychat(["send", "bia", "later", "--queue", "--timeout", "1h"])
        #expect(queued.status == 0, "\(queued.errors)")
        kill(watch.pid, SIGCONT)
        kill(watch.pid, SIGTERM)
        _ = watch.waitForEnd()
        #expect(people.server.stop() == 0)
    }

    /// A lack of descriptors is reported, whatever it is that cannot be opened.
    @Test(arguments: [3, 4, 6, 10, 16])
    func tooFewOpenFilesAreSaid(limit: Int) throws {
        let home = try TemporaryDirectory()
        let result = try run(
            "sh", ["-c", "ulimit -n \(limit); exec '\(Programs.mychat)' whoami"],
            environment: freshEnvironment(home: home.path))
        #expect(result.status == 74 || result.status == 127, "\(result.status) \(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
}
