import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The program as people and scripts run it.
@Suite struct ServerProgramTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func itServesWithNothingConfiguredAndStopsOnASignal() throws {
        try inDirectory { directory in
            let program = try ServerProgram(["--port", "0"], directory: directory)
            let port = try program.port()
            #expect(try HTTPTestClient(port: port).get("/health").status == 200)
            #expect(
                FileManager.default.fileExists(atPath: directory + "/.local/share/mychat-server/mychat.db"))
            program.signal(SIGTERM)
            let end = program.end()
            #expect(end.status == 0)
            #expect(!end.wasKilled)
            #expect(end.errors.contains("stopping"))
        }
    }

    /// The signals that stop other daemons stop this one, with a goodbye. None has its default effect.
    @Test(arguments: [SIGHUP, SIGQUIT, SIGPWR, SIGXCPU, SIGINT])
    func signalsThatEndADaemonStopTheServer(signal: Int32) throws {
        try inDirectory { directory in
            let program = try ServerProgram(["--port", "0"], directory: directory)
            let client = try SocketTestClient(port: try program.port())
            #expect(try client.next().hasPrefix("0{"))
            program.signal(signal)
            #expect(try client.frame() == .closed(code: 1001))
            // Service managers and closing terminals send SIGHUP after the first signal.
            program.signal(SIGHUP)
            let end = program.end()
            #expect(end.status == 0 && !end.wasKilled, "\(end.errors)")
            #expect(end.errors.contains("stopping"))
        }
    }

    /// Signals that ask other daemons for something else are ignored and logged.
    @Test func otherSignalsAreIgnored() throws {
        try inDirectory { directory in
            let program = try ServerProgram(["--port", "0"], directory: directory)
            let port = try program.port()
            let signals = [
                SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGSTKFLT, SIGXFSZ,
                SIGPIPE, SIGWINCH,
                34, 64,
            ]
            for signal in signals {
                program.signal(signal)
                // A connection for each: the server closes one that waits for long, as it may on a loaded machine.
                #expect(try HTTPTestClient(port: port).get("/health").status == 200)
            }
            program.signal(SIGTERM)
            let end = program.end()
            #expect(end.status == 0 && !end.wasKilled)
            #expect(end.errors.contains("signal=\(SIGUSR1)"), "\(end.errors)")
        }
    }

    @Test(arguments: [SIGHUP, SIGQUIT, SIGTERM])
    func theDemonstrationLeavesNothingAfterASignal(signal: Int32) throws {
        try inDirectory { directory in
            let program = try ServerProgram(["demo", "--ready-json"], directory: directory)
            _ = try #require(program.nextLine())
            program.signal(signal)
            #expect(program.end().status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    /// Under nohup, closing the terminal has no effect.
    @Test func anIgnoredHangUpStaysIgnored() throws {
        try inDirectory { directory in
            let program = try ServerProgram(
                ["-c", "trap '' HUP; exec '\(ServerProgram.path)' --port 0"], directory: directory,
                program: "/bin/sh")
            let http = try HTTPTestClient(port: try program.port())
            program.signal(SIGHUP)
            #expect(try http.get("/health").status == 200)
            program.signal(SIGTERM)
            let end = program.end()
            #expect(end.status == 0)
            #expect(!end.errors.contains("signal=\(SIGHUP)\n"), "\(end.errors)")
        }
    }

    /// A child process that inherited the listener would keep the port.
    @Test func noListenerIsInherited() throws {
        try inDirectory { directory in
            let program = try ServerProgram(["--port", "0"], directory: directory)
            let port = try program.port()
            let client = try SocketTestClient(port: port)
            #expect(try client.next().hasPrefix("0{"))
            let path = "/proc/\(program.processID)/"
            // Compared by inode, because the program may have inherited sockets of the tests.
            let own = try sockets(at: port, in: path)
            let sockets = try FileManager.default.contentsOfDirectory(atPath: path + "fd").filter { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path + "fd/" + name)
                return target.map(own.contains) == true
            }
            #expect(sockets.count >= 2)
            for socket in sockets {
                let flags = try String(contentsOfFile: path + "fdinfo/" + socket, encoding: .utf8)
                    .split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
                let value = try #require(flags.flatMap { Int32($0, radix: 8) })
                #expect(value & O_CLOEXEC != 0, "\(socket)")
            }
            program.signal(SIGTERM)
            #expect(program.end().status == 0)
        }
    }

    /// The sockets at a port, named as in /proc/PID/fd.
    private func sockets(at port: Int, in process: String) throws -> [String] {
        // The kernel returns the table in pieces of a page, and Foundation stops reading a file after the
        // first piece.
        let file = try #require(FileHandle(forReadingAtPath: process + "net/tcp"))
        var table = Data()
        while let piece = try file.read(upToCount: 4096), !piece.isEmpty { table += piece }
        return String(decoding: table, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[1].hasSuffix(":" + hexadecimal(port)), fields[9] != "0" else {
                return nil
            }
            return "socket:[\(fields[9])]"
        }
    }

    /// A port as /proc/net/tcp writes it.
    private func hexadecimal(_ port: Int) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    @Test func itReadsItsSettingsFromTheFile() throws {
        try inDirectory { directory in
            try "PORT=0\nCONN_URL=sqlite:data/x.db # here\nBCRYPT_COST=4\n"
                .write(toFile: directory + "/.env", atomically: true, encoding: .utf8)
            let program = try ServerProgram([], directory: directory)
            _ = try program.port()
            program.signal(SIGINT)
            #expect(program.end().status == 0)
            #expect(FileManager.default.fileExists(atPath: directory + "/data/x.db"))
            #expect(FileManager.default.fileExists(atPath: directory + "/data/x.db.jwt-secret"))
        }
    }

    @Test(arguments: [
        (["--port", "http"], "", "PORT (from the command line)"),
        ([], "PORT=0\nnonsense\n", ".env: line 2: expected KEY=value"),
        ([], "COMPAT=imitation\n", "COMPAT (.env, line 1)"),
        (["--env-file", "nowhere"], "", "cannot read nowhere: there is no such file"),
        (["--database", "/proc/self/x.db"], "PORT=0", "choose another"),
    ])
    func aWrongSettingIsOneClearLine(arguments: [String], file: String, words: String) throws {
        try inDirectory { directory in
            if !file.isEmpty {
                try file.write(toFile: directory + "/.env", atomically: true, encoding: .utf8)
            }
            let program = try ServerProgram(arguments, directory: directory)
            let end = program.end()
            #expect(end.status == 1)
            #expect(end.errors.contains(words), "\(end.errors)")
            #expect(end.errors.filter { $0 == "\n" }.count == 1, "\(end.errors)")
        }
    }

    @Test func aPortInUseIsReportedWithAdvice() throws {
        try inDirectory { directory in
            let first = try ServerProgram(["--port", "0"], directory: directory)
            let port = try first.port()
            let second = try ServerProgram(
                ["--port", String(port), "--database", directory + "/other.db"], directory: directory)
            let end = second.end()
            #expect(end.status == 1)
            #expect(end.errors.contains("port \(port) on 127.0.0.1 is in use"))
            first.signal(SIGTERM)
            #expect(first.end().status == 0)
        }
    }

    @Test func theDemonstrationPrintsItsAccountsAndEndsWithItsInput() throws {
        try inDirectory { directory in
            let program = try ServerProgram(
                ["demo", "--ready-json", "--exit-with-stdin"], directory: directory)
            let ready = try JSONValue(parsing: try #require(program.nextLine()))
            let url = try #require(ready["url"]?.stringValue)
            let port = try #require(Int(url.split(separator: ":").last ?? ""))
            let accounts = try #require(ready["accounts"]?.arrayValue)
            #expect(accounts.count == 5)
            let http = try HTTPTestClient(port: port)
            for account in accounts {
                let answer = try http.post(
                    "/api/auth/login",
                    ["email": account["email"] ?? .null, "password": account["password"] ?? .null])
                #expect(answer.status == 200)
                #expect(answer.json?["data"]?["user"]?["id"] == account["id"])
                #expect(answer.json?["data"]?["user"]?["name"] == account["name"])
            }
            program.endInput()
            #expect(program.end().status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    /// After a kill -9, each confirmed message is stored once. An unconfirmed one may be sent again with its
    /// temp_id.
    @Test(arguments: 0..<3)
    func aKillLosesNoConfirmedMessage(round: Int) throws {
        try inDirectory { directory in
            let arguments = ["--port", "0", "--database", directory + "/chat.db", "--bcrypt-cost", "4"]
            let program = try ServerProgram(arguments, directory: directory)
            let port = try program.port()
            let http = try HTTPTestClient(port: port)
            let (ana, bia) = (try register("ana", http), try register("bia", http))
            let client = try SocketTestClient(port: port)
            try client.signIn(ana.token)

            let total = 400
            let frames = (0..<total).map { number in
                let fields = #""receiver_id":\#(bia.id),"content":"\#(number)","temp_id":"t\#(number)""#
                return #"42\#(number)["send_message",{\#(fields)}]"#
            }
            try client.send(together: frames)
            var confirmed: Set<Int> = []
            let enough = 20 + 90 * round
            while confirmed.count < enough {
                let frame = try client.next()
                guard frame.hasPrefix("43"), let number = Int(frame.dropFirst(2).prefix { $0 != "[" }) else {
                    continue
                }
                #expect(frame.contains(#""success":true"#))
                confirmed.insert(number)
            }
            program.signal(SIGKILL)
            // An answer that had left the server before it died counts as a confirmation too.
            while let frame = try? client.frame(), case .text(let text) = frame {
                guard text.hasPrefix("43"), let number = Int(text.dropFirst(2).prefix { $0 != "[" }) else {
                    continue
                }
                confirmed.insert(number)
            }
            #expect(program.end().wasKilled)

            let again = try ServerProgram(arguments, directory: directory)
            let second = try HTTPTestClient(port: try again.port())
            let stored = try contents(of: bia, token: ana.token, second)
            #expect(stored.count == Set(stored).count)
            #expect(confirmed.isSubset(of: Set(stored)), "lost: \(confirmed.subtracting(stored).sorted())")
            for number in 0..<total where !confirmed.contains(number) {
                let answer = try second.post(
                    "/api/messages/send",
                    [
                        "receiver_id": .integer(bia.id.rawValue), "content": "\(number)",
                        "temp_id": "t\(number)",
                    ], token: ana.token)
                #expect(answer.status == 201)
            }
            #expect(try contents(of: bia, token: ana.token, second).sorted() == Array(0..<total))
            again.signal(SIGTERM)
            #expect(again.end().status == 0)
        }
    }

    private func register(_ name: String, _ http: HTTPTestClient) throws -> Account {
        let answer = try http.post(
            "/api/auth/register",
            ["name": .string(name), "email": .string(name + "@ex.com"), "password": "secret1"])
        return Account(
            id: UserID(try #require(answer.json?["data"]?["user"]?["id"]?.integerValue)), name: name,
            email: name + "@ex.com", token: try #require(answer.json?["data"]?["token"]?.stringValue))
    }

    /// All messages of the conversation, page by page.
    private func contents(of contact: Account, token: String, _ http: HTTPTestClient) throws -> [Int] {
        var found: [Int] = []
        var before = ""
        while true {
            let page = try http.get(
                "/api/messages/conversation/\(contact.id)?limit=200&peek=1\(before)", token: token)
            let messages = try #require(page.json?["data"]?["messages"]?.arrayValue)
            guard let last = messages.last?["id"] else { return found }
            found += messages.compactMap { Int($0["content"]?.stringValue ?? "") }
            before = "&before_id=\(last)"
        }
    }
}
