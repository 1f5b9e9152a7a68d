import ArgumentParser
import ChatClientCore
import ChatCrypto
import ChatNet
import ChatServerLite
import ChatTUI
import ChatWire
import Foundation
import Logging
import Testing

// Swift Testing has an ExitStatus too.
import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("The command line")
struct CommandLineTests {
    private let directory: ScratchDirectory

    init() throws {
        directory = try ScratchDirectory()
    }

    @Test("Arguments that are no UTF-8 are refused, and nothing is done")
    func argumentsThatAreNoText() async throws {
        let home = try ScratchDirectory()
        let broken = Array("caf".utf8) + [0xE9]
        func run(_ words: [UInt8]...) async -> Run {
            let output = MemoryOutput()
            let runner = CommandRunner(environment: home.environment, input: MemoryInput(), output: output)
            let status = await runner.run(ProgramArguments(bytes: words))
            return Run(status: status, output: output.standardOutput, error: output.standardError)
        }
        let send = await run(Array("send".utf8), Array("bia".utf8), broken)
        #expect(send.status == ExitStatus.invalidInput.rawValue)
        #expect(send.error == "mychat: not sent: no UTF-8 ('caf\u{FFFD}')\n")
        for words in [
            "contacts add bia --name", "search", "history", "contacts find", "delete --conversation",
        ] {
            let other = await run(Array("--json".utf8), Array(words.utf8), broken)
            #expect(other.status == ExitStatus.invalidInput.rawValue, "\(words)")
            #expect(other.json?["error"]?["kind"]?.stringValue == "invalid-input")
        }
        #expect(await run(Array("--version".utf8)).status == 0)
        #expect(await run(Array("help".utf8), Array("café".utf8)).status != ExitStatus.invalidInput.rawValue)
    }

    @Test("Global options stand before or after the command")
    func globalOptions() throws {
        for arguments in [
            ["--json", "--server", "a.example", "whoami"], ["whoami", "--json", "--server", "a.example"],
        ] {
            let command = try #require(try MyChat.parseAsRoot(arguments) as? WhoAmI)
            #expect(command.global.json)
            #expect(command.global.flags.server == "a.example")
        }
        let contacts = try #require(try MyChat.parseAsRoot(["--json", "contacts"]) as? Contacts.List)
        #expect(contacts.global.json)
        let open = try #require(try MyChat.parseAsRoot(["--profile", "work"]) as? MyChat)
        #expect(open.global.profile == "work")
    }

    @Test("Each command takes what is its own")
    func arguments() throws {
        let send = try #require(
            try MyChat.parseAsRoot(["send", "bia", "oi", "--timeout", "500ms", "--queue"]) as? Send)
        #expect(send.who == "bia")
        #expect(send.text == "oi")
        #expect(send.timeout.duration == .milliseconds(500))
        #expect(send.queue)
        let dashes = try #require(try MyChat.parseAsRoot(["send", "bia", "--", "--json"]) as? Send)
        #expect(dashes.text == "--json")
        #expect(!dashes.global.json)
        let stdin = try #require(try MyChat.parseAsRoot(["send", "bia", "-"]) as? Send)
        #expect(stdin.text == "-")
        let history = try #require(
            try MyChat.parseAsRoot(["history", "bia", "-l", "3", "--offline"]) as? History)
        #expect(history.limit == 3)
        #expect(history.offline)
    }

    @Test("The version and the help go to standard output with status 0")
    func help() async {
        let version = await Run.mychat("--version", in: directory)
        #expect(version.status == 0)
        #expect(version.output == ProgramVersion.text + "\n")
        for arguments in [["--help"], ["help"], ["send", "--help"], ["help", "send"]] {
            let output = MemoryOutput()
            let runner = CommandRunner(environment: [:], input: MemoryInput(), output: output)
            #expect(await runner.run(arguments) == 0)
            #expect(output.standardOutput.contains("USAGE: mychat"))
            #expect(output.standardError.isEmpty)
        }
    }

    @Test(
        "A command line that is not understood gives one line and status 64",
        arguments: [
            ["send"], ["sned", "bia"], ["--nonsense"], ["send", "bia", "oi", "extra"],
            ["history", "bia", "--limit", "0"],
            ["history", "bia", "--limit", "many"], ["send", "bia", "oi", "--timeout", "soon"],
            ["contacts", "lst"],
            ["--color", "pink", "status"], ["--log-level", "loud", "status"],
            ["--server", "ftp://x", "status"],
            ["--language", "tlh", "status"], ["--profile", "../x", "status"], ["whoami", "\u{1B}[31m"],
        ])
    func usage(arguments: [String]) async {
        let output = MemoryOutput()
        let runner = CommandRunner(environment: directory.environment, input: MemoryInput(), output: output)
        #expect(await runner.run(arguments) == ExitStatus.usage.rawValue)
        #expect(output.standardOutput.isEmpty)
        let error = output.standardError
        #expect(error.hasPrefix("mychat: ") && error.hasSuffix("\n"))
        #expect(error.dropLast().contains("\n") == false, "\(error)")
        #expect(!error.contains("\u{1B}"))
    }

    @Test("A misspelt command is guessed")
    func guess() async {
        #expect(
            await Run.mychat("sned", "bia", in: directory).error.hasSuffix("Did you mean: mychat send?\n"))
        #expect(await Run.mychat("send", in: directory).error.hasSuffix("See: mychat send --help\n"))
    }

    @Test("Mistakes in the configuration stop every command but the demonstration's start")
    func brokenConfiguration() async throws {
        try directory.write(configuration: "sever = 'x'\nlanguage = 3\n")
        let run = await Run.mychat("status", "--offline", in: directory)
        #expect(run.status == ExitStatus.configuration.rawValue)
        #expect(
            run.error == """
                mychat: config.toml:1:1: unknown key 'sever'; did you mean 'server'?
                config.toml:2:12: 'language' takes a text in quotes, not a number

                """)
        let demo = await Run.mychat(
            "demo", in: directory, environment: ["MYCHAT_SERVER": "/nonexistent/server"])
        #expect(demo.status == ExitStatus.configuration.rawValue)
        #expect(demo.error.contains("/nonexistent/server"))
    }

    @Test(
        "Without an account, what needs one says how to sign in",
        arguments: [
            ["whoami"], ["send", "bia", "oi"], ["history", "bia"], ["contacts"], ["contacts", "find", "bi"],
            ["contacts", "add", "7"],
        ])
    func signedOut(arguments: [String]) async {
        let output = MemoryOutput()
        let runner = CommandRunner(environment: directory.environment, input: MemoryInput(), output: output)
        #expect(await runner.run(arguments) == ExitStatus.unauthorized.rawValue)
        #expect(output.standardError == "mychat: nobody is signed in. Sign in with: mychat login\n")
    }

    @Test("A failure is an object too when JSON is asked for")
    func failureAsJSON() async throws {
        let run = await Run.mychat("whoami", "--json", in: directory)
        #expect(run.status == 77)
        #expect(
            run.json == [
                "schema": 1, "command": "whoami", "ok": false,
                "error": [
                    "kind": "unauthorized", "code": 77, "message": "nobody is signed in",
                    "advice": "Sign in with: mychat login",
                ],
            ])
        let usage = await Run.mychat("send", "--json", in: directory)
        #expect(usage.json?["error"]?["kind"]?.stringValue == "usage")
        #expect(usage.json?["error"]?["code"]?.integerValue == 64)
    }

    @Test("The language comes from the flag, the environment, the file, the locale")
    func language() async throws {
        func words(_ arguments: [String], _ environment: [String: String]) async -> String {
            let output = MemoryOutput()
            let runner = CommandRunner(
                environment: directory.environment.merging(environment) { $1 }, input: MemoryInput(),
                output: output)
            _ = await runner.run(arguments + ["whoami"])
            return output.standardError.contains("ninguém") ? "pt" : "en"
        }
        #expect(await words([], [:]) == "en")
        #expect(await words([], ["LC_ALL": "pt_BR.UTF-8"]) == "pt")
        try directory.write(configuration: "language = \"pt-BR\"")
        #expect(await words([], [:]) == "pt")
        #expect(await words([], ["MYCHAT_LANGUAGE": "en"]) == "en")
        #expect(await words(["--language", "pt"], ["MYCHAT_LANGUAGE": "en"]) == "pt")
    }

    @Test("Asking is in vain without a terminal; the password then has another way")
    func noTerminal() async {
        let email = await Run.mychat("login", in: directory)
        #expect(email.status == 64)
        #expect(email.error == "mychat: there is no terminal to ask for the email address on\n")
        let password = await Run.mychat("login", "ana@exemplo.com", in: directory)
        #expect(password.status == 64)
        #expect(password.error.contains("--password-stdin"))
    }

    @Test("A new password is asked for twice, and has to be the same", arguments: [("a", "b")])
    func twice(one: String, other: String) async {
        let input = MemoryInput(answers: ["Ana", "ana@exemplo.com", one, other])
        let run = await Run.mychat("register", in: directory, input: input)
        #expect(run.status == ExitStatus.invalidInput.rawValue)
        #expect(input.questions == ["Name: ", "Email: ", "secret Password: ", "secret Password again: "])
    }

    @Test(
        "What is no text is not sent", arguments: [[0xFF, 0xFE], [0x61, 0x00, 0x62], [0xC3]] as [[UInt8]])
    func binary(bytes: [UInt8]) async {
        let run = await Run.mychat("send", "bia", in: directory, input: MemoryInput(bytes: bytes))
        #expect(run.status == ExitStatus.invalidInput.rawValue)
        #expect(run.error == "mychat: not sent: no UTF-8\n")
    }

    @Test("Nobody listens: status 69 and one line")
    func refused() async {
        let run = await Run.mychat(
            "login", "ana@exemplo.com", "--password-stdin", "--server", "http://127.0.0.1:1", in: directory,
            input: MemoryInput("secret\n"))
        #expect(run.status == ExitStatus.network.rawValue)
        #expect(
            run.error
                == "mychat: connection refused by 127.0.0.1:1. Is the server running, and is the port right?\n"
        )
    }

    @Test("An unusable data directory: status 74 and one line")
    func unusableDirectory() async throws {
        try "".write(toFile: directory.path + "/data", atomically: true, encoding: .utf8)
        let run = await Run.mychat("status", "--offline", in: directory)
        #expect(run.status == ExitStatus.storage.rawValue)
        #expect(run.error.contains(directory.path + "/data"))
        #expect(run.error.dropLast().contains("\n") == false)
    }

    @Test("The program's own secrets come from the configured command")
    func passwordCommand() async throws {
        try directory.write(
            configuration: """
                server = "http://127.0.0.1:1"
                email = "ana@exemplo.com"
                password_command = "echo sesame; exit 3"
                """)
        let failed = await Run.mychat("login", in: directory)
        #expect(failed.status == ExitStatus.unauthorized.rawValue)
        #expect(failed.error.contains("exit status 3"))
        #expect(!failed.error.contains("sesame\n"))
        try directory.write(
            configuration: """
                server = "http://127.0.0.1:1"
                email = "ana@exemplo.com"
                password_command = ["printf", "sesame\\nmore\\n"]
                """)
        #expect(await Run.mychat("login", in: directory).status == ExitStatus.network.rawValue)
    }
}

@Suite("Settings")
struct SettingsTests {
    private func resolve(
        flags: (inout SettingsFlags) -> Void = { _ in }, environment: [String: String] = [:],
        file: String = ""
    ) throws -> Settings {
        var given = SettingsFlags()
        flags(&given)
        let directory = try ScratchDirectory()
        return try Settings.resolve(
            flags: given, environment: environment,
            file: try ConfigurationFile.parse(Array(file.utf8), file: "f"),
            directories: .xdg(environment: directory.environment))
    }

    @Test("Flags go before the environment, that before the file, that before the default")
    func precedence() throws {
        let file = "server = 'https://file.example'\nprofile = 'filed'"
        let environment = ["MYCHAT_URL": "https://env.example", "MYCHAT_PROFILE": "env"]
        let all = try resolve(
            flags: {
                $0.server = "https://flag.example"; $0.profile = "flag"
            }, environment: environment, file: file)
        #expect(all.server.host == "flag.example" && all.serverSource == .flag && all.profile == "flag")
        let two = try resolve(environment: environment, file: file)
        #expect(two.server.host == "env.example" && two.serverSource == .environment && two.profile == "env")
        let one = try resolve(file: file)
        #expect(one.server.host == "file.example" && one.serverSource == .file && one.profile == "filed")
        let none = try resolve()
        #expect(none.server.description == Settings.standardServer && none.serverSource == .standard)
        #expect(none.profile == "default")
        #expect(none.heldAfter == .seconds(86400))
        #expect(none.logLevel == .notice)
        #expect(
            none.colour == .automatic && none.terminal.theme == .automatic && !none.terminal.ascii
                && !none.plain)
    }

    @Test("Empty variables are none")
    func emptyVariables() throws {
        let settings = try resolve(
            environment: [
                "MYCHAT_URL": "", "MYCHAT_PROFILE": "", "MYCHAT_TOKEN": "", "NO_COLOR": "", "MYCHAT_LOG": "",
            ])
        #expect(settings.serverSource == .standard)
        #expect(settings.token == nil)
        #expect(settings.colour == .automatic)
    }

    @Test("A token from the environment has a profile of its own, unless one is named")
    func token() throws {
        #expect(try resolve(environment: ["MYCHAT_TOKEN": "t"]).profile == "token")
        #expect(try resolve(environment: ["MYCHAT_TOKEN": "t", "MYCHAT_PROFILE": "work"]).profile == "work")
        #expect(try resolve(environment: ["MYCHAT_TOKEN": "t"]).token == "t")
    }

    @Test("NO_COLOR counts unless a flag says otherwise")
    func colour() throws {
        #expect(try resolve(environment: ["NO_COLOR": "1"], file: "color = 'always'").colour == .never)
        #expect(try resolve(flags: { $0.colour = .always }, environment: ["NO_COLOR": "1"]).colour == .always)
        #expect(try resolve(file: "color = 'always'").colour == .always)
    }

    @Test("Variables that mean nothing are named")
    func badVariables() throws {
        func fault(_ environment: [String: String]) -> String? {
            do {
                _ = try resolve(environment: environment)
                return nil
            } catch SettingsError.badValue(let name, .environment, _) {
                return name
            } catch {
                return "\(error)"
            }
        }
        for (name, value) in [
            ("MYCHAT_URL", "ftp://x"), ("MYCHAT_PROFILE", "a/b"), ("MYCHAT_LOG", "loud"),
            ("MYCHAT_LANGUAGE", "tlh"),
        ] {
            #expect(fault([name: value]) == name)
        }
    }

    @Test("The server of the last sign-in is remembered for its profile only")
    func remembered() throws {
        let directory = try ScratchDirectory()
        let directories = ClientDirectories.xdg(environment: directory.environment)
        let server = try ServerURL("https://remembered.example/base")
        try RememberedServer(directories: directories, profile: "work").save(server)
        var flags = SettingsFlags()
        flags.profile = "work"
        let work = try Settings.resolve(flags: flags, environment: directory.environment)
        #expect(work.server == server && work.serverSource == .remembered)
        #expect(
            try Settings.resolve(flags: SettingsFlags(), environment: directory.environment).serverSource
                == .standard)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: directory.path + "/state/mychat/servers/work")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try "nonsense://".write(
            toFile: directory.path + "/state/mychat/servers/work", atomically: true, encoding: .utf8)
        #expect(
            try Settings.resolve(flags: flags, environment: directory.environment).serverSource == .standard)
    }
}

@Suite("Exit status")
struct ExitStatusTests {
    @Test("The codes are part of the interface: they never change")
    func codes() {
        let codes = Dictionary(uniqueKeysWithValues: ExitStatus.allCases.map { ($0.name, $0.rawValue) })
        #expect(
            codes == [
                "success": 0, "refused": 1, "usage": 64, "invalid-input": 65, "unknown-recipient": 67,
                "network": 69,
                "internal": 70, "storage": 74, "queued": 75, "unexpected-answer": 76, "unauthorized": 77,
                "configuration": 78, "timeout": 124,
            ])
    }

    @Test("The manual lists each code with its kind")
    func manual() throws {
        let manual = try String(contentsOfFile: Fixtures.root + "/man/mychat.1", encoding: .utf8)
        for status in ExitStatus.allCases {
            #expect(manual.contains(".It \(status.rawValue)\n\(status.name)"), "\(status)")
        }
    }

    @Test("The manual lists each command and each option")
    func manualOfCommands() throws {
        let manual = try String(contentsOfFile: Fixtures.root + "/man/mychat.1", encoding: .utf8)
        let names = MyChat.configuration.subcommands.compactMap { $0.configuration.commandName }
        for name in names + Contacts.configuration.subcommands.compactMap({ $0.configuration.commandName }) {
            #expect(manual.contains(name), "\(name)")
        }
        for type in MyChat.configuration.subcommands + Contacts.configuration.subcommands {
            let help = type.helpMessage(columns: 200)
            for word in help.split(whereSeparator: \.isWhitespace) where word.hasPrefix("--") {
                let option = word.dropFirst(2).prefix { $0.isLetter || $0 == "-" }
                #expect(manual.contains("Fl -\(option)") || manual.contains(", -\(option)"), "--\(option)")
            }
        }
    }

    @Test(
        "Every failure of the client has its kind, in both languages",
        arguments: [
            (ChatError.notSignedIn, ExitStatus.unauthorized), (.unauthorized(message: "x"), .unauthorized),
            (.refused(status: 400, message: "x"), .refused),
            (.unavailable(status: 503, retryAfter: nil), .network),
            (.network(.hostNotFound(host: "x")), .network), (.network(.refused(endpoint: "x:1")), .network),
            (.network(.timeout(phase: .connect, endpoint: "x:1")), .timeout),
            (.network(.tls(.notTLS, endpoint: "x:1")), .network), (.unexpectedAnswer("x"), .unexpectedAnswer),
            (.timeout, .timeout), (.invalid(.emptyMessage), .invalidInput),
            (.invalid(.messageTooLong(length: 6000, limit: 5000)), .invalidInput),
            (.invalid(.ownAccount), .unknownRecipient), (.invalid(.queryTooShort), .invalidInput),
            (.invalid(.ofAnotherAccount(TempID("t"))), .refused),
            (.invalid(.forSomebodyElse(TempID("t"))), .refused),
            (.invalid(.malformedToken), .unauthorized), (.file(path: "/x", code: 13), .storage),
        ])
    func clientErrors(error: ChatError, status: ExitStatus) {
        let english = Language.english.commands.failure(error)
        let portuguese = Language.brazilianPortuguese.commands.failure(error)
        #expect(english.status == status)
        #expect(portuguese.status == status)
        #expect(!english.message.isEmpty && !english.line.contains("\n"))
        if error != .file(path: "/x", code: 13) { #expect(english.message != portuguese.message) }
    }

    @Test("What the bundled server refuses is said in the reader's language", arguments: Refusal.allCases)
    func translatedRefusals(refusal: Refusal) {
        let error = ChatError.refused(status: 400, message: refusal.message)
        let lines = Language.allCases.map { $0.commands.failure(error).line }
        #expect(Set(lines).count == Language.allCases.count)
        #expect(Language.brazilianPortuguese.commands.failure(error).message.contains(refusal.message))
    }

    @Test("What a server says cannot reach the terminal's controls")
    func sanitised() {
        let failure = Language.english.commands.failure(
            .refused(status: 400, message: "a\u{1B}]52;c;x\u{7}\nb"))
        #expect(!failure.line.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("Message and advice make one line")
    func line() {
        #expect(CommandFailure(.usage, "wrong", advice: "Do this").line == "wrong. Do this")
        #expect(CommandFailure(.usage, "what?", advice: "Do this").line == "what? Do this")
        #expect(CommandFailure(.usage, "wrong").line == "wrong")
    }
}
