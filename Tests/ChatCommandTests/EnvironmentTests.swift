import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Foundation
import Testing

import enum ChatCommand.ExitStatus

@testable import ChatCommand

@Suite("The environment")
struct EnvironmentTests {
    @Test("What people read is in the character set of the locale, as far as it has it")
    func charsets() throws {
        func encoded(_ locale: String, _ text: String) -> [UInt8]? {
            OutputCharset(environment: ["LANG": locale])?.encoded(text)
        }
        for locale in ["pt_BR.UTF-8", "pt_BR.utf8", "C.UTF-8", "C", "POSIX", "pt_BR", "", "pt_BR.UTF-8@euro"]
        {
            #expect(OutputCharset(environment: ["LANG": locale]) == nil, "\(locale)")
        }
        #expect(encoded("pt_BR.ISO-8859-1", "Olá\n") == [0x4F, 0x6C, 0xE1, 0x0A])
        #expect(
            encoded("pt_BR.ISO-8859-1", "é “á” …") == [0xE9] + Array(" \"".utf8) + [0xE1]
                + Array("\" ...".utf8))
        #expect(encoded("de_DE.ISO-8859-15@euro", "€") == [0xA4])
        #expect(encoded("xx.NO-SUCH-SET", "Olá 日") == Array("Ola ??".utf8))
        #expect(encoded("xx.UTF-8//IGNORE", "á") == Array("a".utf8))
        #expect(encoded("en_US.ANSI_X3.4-1968", "Olá ✓") == Array("Ola v".utf8))
        let both = OutputCharset(environment: ["LANG": "pt_BR.ISO-8859-1", "LC_ALL": "pt_BR.UTF-8"])
        #expect(both == nil)
    }

    @Test("On a screen that is not UTF-8 nothing but ASCII is drawn, unless the person says otherwise")
    func asciiScreens() throws {
        func ascii(_ locale: String, _ file: String = "") throws -> Bool {
            try Settings.resolve(
                flags: SettingsFlags(), environment: ["LANG": locale],
                file: ConfigurationFile.parse(Array(file.utf8), file: "config.toml"),
                directories: .xdg(environment: [:])
            ).terminal.ascii
        }
        #expect(try ascii("pt_BR.ISO-8859-1"))
        #expect(try !ascii("pt_BR.UTF-8"))
        #expect(try !ascii("C"))
        #expect(try !ascii("pt_BR.ISO-8859-1", "ascii = false"))
    }

    @Test("Without a home nothing is kept, and nothing is made")
    func homeless() async throws {
        let directory = try ScratchDirectory()
        let absent = directory.path + "/absent"
        let environment = [
            "HOME": absent, "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "XDG_STATE_HOME": "relative",
        ]
        func run(_ words: String...) async -> Run {
            let output = MemoryOutput()
            let runner = CommandRunner(
                environment: directory.environment.merging(environment) { $1 },
                input: MemoryInput("segredo\n"), output: output)
            return Run(
                status: await runner.run(words), output: output.standardOutput, error: output.standardError)
        }
        for words in [["login", "ana@exemplo.com", "--password-stdin"], ["whoami"], ["outbox"]] {
            let output = MemoryOutput()
            let runner = CommandRunner(
                environment: directory.environment.merging(environment) { $1 },
                input: MemoryInput("segredo\n"), output: output)
            #expect(await runner.run(words) == ExitStatus.configuration.rawValue, "\(words)")
            #expect(
                output.standardError.contains("the home directory '\(absent)' does not exist"), "\(words)")
        }
        #expect(await run("keys", "--list").status == 0)
        #expect(await run("completions", "bash").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    @Test("A variable that means nothing stops only commands that need it, and is named")
    func oddVariables() async throws {
        let home = try ScratchDirectory()
        for (name, value) in [
            ("MYCHAT_URL", "ftp://x"), ("MYCHAT_PROFILE", "a/b"), ("MYCHAT_TRANSPORT", "pigeon"),
        ] {
            let odd = [name: value]
            for command in [["keys", "--list"], ["completions", "zsh"]] {
                let output = MemoryOutput()
                let runner = CommandRunner(
                    environment: home.environment.merging(odd) { $1 }, input: MemoryInput(), output: output)
                #expect(await runner.run(command) == 0, "\(name) \(command) \(output.standardError)")
            }
            let whoami = await Run.mychat("whoami", in: home, environment: odd)
            #expect(whoami.status == ExitStatus.configuration.rawValue)
            #expect(whoami.error.contains(name))
        }
        let offline = await Run.mychat(
            "status", "--offline", in: home, environment: ["MYCHAT_TRANSPORT": "pigeon", "all_proxy": "x://"])
        #expect(offline.error == "")
    }

    @Test("A stale variable of OpenSSL is named where trust fails")
    func staleTrust() {
        #expect(StaleTrust(environment: [:]) == nil)
        let stale = StaleTrust(environment: ["SSL_CERT_FILE": "/no/such/\u{1B}file.pem"])
        #expect(stale?.name == "SSL_CERT_FILE")
        #expect(stale?.path == "/no/such/␛file.pem")
        var strings = Language.english.commands
        strings.trustAdvice = stale.map { strings.staleTrust($0.name, CleanLine($0.path)) }
        let error = ChatError.network(
            .tls(.unknownIssuer(issuer: "x", pin: nil), endpoint: "chat.example:443"))
        #expect(strings.failure(error).advice?.contains("SSL_CERT_FILE names '/no/such/") == true)
    }
}
