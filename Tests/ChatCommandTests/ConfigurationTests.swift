import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Foundation
import Logging
import TestSupport
import Testing

@testable import ChatCommand

@Suite("Configuration file")
struct ConfigurationTests {
    private static func parse(_ text: String) throws(ConfigurationError) -> ConfigurationFile {
        try ConfigurationFile.parse(
            Array(text.utf8), file: "config.toml", directory: "/etc/chat", home: "/home/ana")
    }

    /// The lines that report the file's problems.
    private static func problems(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test("An empty file configures nothing")
    func empty() throws {
        #expect(try Self.parse("") == ConfigurationFile())
        #expect(try Self.parse("# only a comment\n\n") == ConfigurationFile())
    }

    @Test("Every key is read")
    func everyKey() throws {
        let pin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        let file = try Self.parse(
            """
            server = "https://chat.example.org/base"
            email = "ana@exemplo.com"
            profile = "home"
            language = "pt_BR.UTF-8"
            theme = "light"
            color = "never"
            ascii = true
            mouse = false
            title = false
            bell = false
            notifications = "osc777"
            ambiguous_width = 2
            plain = true
            log_level = "debug"
            held_after = "1h30m"
            ca_file = "ca.pem"
            pins = ["\(pin)"]
            proxy = "socks5h://ana:p%40ss@proxy.example:9050"
            password_command = ["pass", "show", "chat"]
            token_command = "secret-tool lookup a b | head -1"
            [keys]
            next-unread = "f5"
            suspend = []
            """)
        #expect(file.general.server?.description == "https://chat.example.org/base")
        #expect(file.general.email == "ana@exemplo.com")
        #expect(file.profile == "home")
        #expect(file.language == .brazilianPortuguese)
        #expect(file.terminal.theme == .named(.light))
        #expect(file.colour == .never)
        #expect(file.ascii == true)
        #expect(!file.terminal.mouse && !file.terminal.title && !file.terminal.bell && file.plain == true)
        #expect(file.terminal.notifications == .osc777)
        #expect(file.terminal.ambiguousIsWide)
        var keys = KeyBindings()
        try keys.bind("next-unread", to: ["f5"])
        try keys.bind("suspend", to: [])
        #expect(file.terminal.keys == keys)
        #expect(file.logLevel == .debug)
        #expect(file.general.heldAfter == .seconds(5400))
        #expect(file.general.authorityFile == "/etc/chat/ca.pem")
        #expect(file.general.pins == [try PublicKeyPin(pin)])
        let credentials = ProxyServer.Credentials(user: "ana", password: "p@ss")
        let proxy = ProxyServer(
            .socks5(resolvesLocally: false), host: "proxy.example", port: 9050, credentials: credentials)
        #expect(file.general.proxy == .server(proxy))
        #expect(file.general.passwordCommand?.arguments == ["pass", "show", "chat"])
        #expect(
            file.general.tokenCommand?.arguments == ["/bin/sh", "-c", "secret-tool lookup a b | head -1"])
        #expect(file.profiles.isEmpty)
    }

    @Test("A profile's own keys go before the general ones, and concern no other profile")
    func profiles() throws {
        let file = try Self.parse(
            """
            server = "https://a.example"
            held_after = 60
            [profiles.work]
            server = "https://b.example"
            [profiles."home.2"]
            email = "ana@b.example"
            """)
        #expect(file.section(for: "work").server?.host == "b.example")
        #expect(file.section(for: "work").heldAfter == .seconds(60))
        #expect(file.section(for: "home.2").server?.host == "a.example")
        #expect(file.section(for: "home.2").email == "ana@b.example")
        #expect(file.section(for: "other").server?.host == "a.example")
        #expect(file.section(for: "other").email == nil)
    }

    @Test(
        "Paths are absolute, from home, or from the file's directory",
        arguments: [
            ("/ca.pem", "/ca.pem"), ("~/ca.pem", "/home/ana/ca.pem"), ("sub/ca.pem", "/etc/chat/sub/ca.pem"),
        ])
    func paths(written: String, read: String) throws {
        #expect(try Self.parse("ca_file = \"\(written)\"").general.authorityFile == read)
    }

    @Test("\"auto\" leaves the language to the locale")
    func automaticLanguage() throws {
        #expect(try Self.parse("language = \"auto\"").language == nil)
    }

    @Test(
        "Every mistake is reported with its line and column",
        arguments: [
            ("sever = \"a\"", "config.toml:1:1: unknown key 'sever'; did you mean 'server'?"),
            ("\n\n  zebra = 1", "config.toml:3:3: unknown key 'zebra'"),
            ("server = 5", "config.toml:1:10: 'server' takes a text in quotes, not a number"),
            ("ascii = \"yes\"", "config.toml:1:9: 'ascii' takes true or false, not a text"),
            ("pins = \"x\"", "config.toml:1:8: 'pins' takes a list of pins, not a text"),
            ("pins = [ 7 ]", "config.toml:1:8: 'pins' takes texts only, and one is a number"),
            (
                "pins = [\"short\"]",
                "config.toml:1:8: 'pins' holds 'short': a pin is sha256/ and 44 characters of Base64"
            ),
            (
                "server = \"ftp://x\"",
                "config.toml:1:10: 'server' is no server address: 'ftp' is not supported: use http:// or https://"
            ),
            ("email = \"ana\"", "config.toml:1:9: 'email' is no email address"),
            (
                "language = \"klingon\"",
                "config.toml:1:12: 'language' is one of \"auto\", \"en\", \"pt-BR\", \"es\""
            ),
            (
                "theme = \"pink\"",
                "config.toml:1:9: 'theme' is one of \"auto\", \"dark\", \"light\", \"contrast\", \"mono\""
            ),
            ("ambiguous_width = 3", "config.toml:1:19: 'ambiguous_width' is 1 or 2"),
            ("ambiguous_width = true", "config.toml:1:19: 'ambiguous_width' takes 1 or 2, not true or false"),
            (
                "notifications = \"loud\"",
                "config.toml:1:17: 'notifications' is one of \"auto\", \"off\", \"osc9\", \"osc777\", \"osc99\", \"desktop\""
            ),
            ("keys = 1", "config.toml:1:8: 'keys' takes a table, not a number"),
            (
                "[keys]\nnext-unred = \"f5\"",
                "config.toml:2:1: unknown key 'next-unred'; did you mean 'next-unread'?"
            ),
            (
                "[keys]\nquit = \"ctrl-foo\"",
                "config.toml:2:8: 'keys.quit' names no key with 'ctrl-foo': 'mychat keys' shows the names"
            ),
            (
                "[keys]\nquit = [\"f4\", \"q\"]",
                "config.toml:2:8: 'keys.quit' takes 'q', which is typed: it needs ctrl- or alt-"
            ),
            (
                "[keys]\nredraw = \"f5\"\nhelp = \"f5\"",
                "config.toml:3:8: 'keys.help' wants 'f5', which 'redraw' has already"
            ),
            ("[keys]\nquit = 4", "config.toml:2:8: 'keys.quit' takes a key, or a list of keys, not a number"),
            (
                "[cache]\nmax_size = \"5 apples\"",
                "config.toml:2:12: 'cache.max_size' is a size such as \"500MB\" or \"2GB\""
            ),
            ("[cache]\nkeeps = 1", "config.toml:2:1: unknown key 'keeps'; did you mean 'keep'?"),
            (
                "held_after = \"soon\"",
                "config.toml:1:14: 'held_after' is a length of time such as \"90s\", \"30m\" or \"24h\""
            ),
            (
                "held_after = 0",
                "config.toml:1:14: 'held_after' is a length of time such as \"90s\", \"30m\" or \"24h\""
            ),
            (
                "held_after = true",
                "config.toml:1:14: 'held_after' takes a length of time such as \"24h\", not true or false"
            ),
            (
                "proxy = \"https://u:secret@p\"",
                "config.toml:1:9: 'proxy' is no proxy: a proxy speaks http, socks5 or socks5h, not https"
            ),
            (
                "transport = \"udp\"",
                "config.toml:1:13: 'transport' is one of \"auto\", \"websocket\", \"polling\", \"upgrade\""
            ),
            ("password_command = []", "config.toml:1:20: 'password_command' is empty"),
            (
                "password_command = 1",
                "config.toml:1:20: 'password_command' takes a command: a line for the shell, or a list of words, not a number"
            ),
            ("ca_file = \"\"", "config.toml:1:11: 'ca_file' is empty"),
            ("profiles = 1", "config.toml:1:12: 'profiles' takes a table, not a number"),
            ("[profile.work]\n", "config.toml:1:2: 'profile' takes a text in quotes, not a table"),
            (
                "[profiles.work]\nserver = \"https://a\"\ntheme = \"dark\"",
                "config.toml:3:1: unknown key 'theme'"
            ),
            (
                "[profiles.work]\nhelds_after = \"1h\"",
                "config.toml:2:1: unknown key 'helds_after'; did you mean 'held_after'?"
            ),
            (
                "[profiles.\"a b\"]",
                "config.toml:1:11: 'profiles.a b' may hold letters, digits, '-', '_' and '.', and begins with a letter or digit"
            ),
            (
                "profiles = { work = { sever = \"a\" } }",
                "config.toml:1:23: unknown key 'sever'; did you mean 'server'?"
            ),
        ])
    func mistakes(text: String, line: String) {
        #expect(Self.problems(text) == [line])
    }

    @Test(
        "What is no TOML is reported where the parser stumbled",
        arguments: [
            ("server = ", 1), ("a = 1\nb == 2\n", 2), ("server = \"x", 1), ("[profiles", 1),
            ("a = 1\na = 2\n", 2),
            ("a = [ }", 1), ("\n[ ]", 2), ("[[]]", 1), ("a = [\n1,\n}", 3), ("[=", 1), ("a = [[], [ } ]]", 1),
            ("a = 2026-11-22Tx:12", 1), ("a = 1\nserver = example.org", 2), ("a = 07:4", 1),
            ("\u{FEFF}a = [ }", 1),
        ])
    func syntax(text: String, line: Int) {
        do {
            _ = try Self.parse(text)
            Issue.record("accepted")
        } catch .problems(let problems) {
            #expect(problems.count == 1)
            #expect(problems.first?.position.line == line)
            guard case .syntax = problems.first?.kind else {
                Issue.record("not a syntax problem: \(problems)")
                return
            }
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("All mistakes of a file come at once, in its order")
    func several() {
        let text = "zebra = 1\nlanguage = 3\n[profiles.work]\nsevrer = \"a\"\n"
        #expect(
            Self.problems(text) == [
                "config.toml:1:1: unknown key 'zebra'",
                "config.toml:2:12: 'language' takes a text in quotes, not a number",
                "config.toml:4:1: unknown key 'sevrer'; did you mean 'server'?",
            ])
    }

    @Test("Bytes that are no text are refused where they stand")
    func notText() {
        func position(_ bytes: [UInt8]) -> TextPosition? {
            do {
                _ = try ConfigurationFile.parse(bytes, file: "f")
                return nil
            } catch .problems(let problems) {
                #expect(problems.first?.kind == .notText)
                return problems.first?.position
            } catch {
                return nil
            }
        }
        #expect(position(Array("a = 1\nb".utf8) + [0xFF]) == TextPosition(line: 2, column: 2))
        #expect(position([0]) == TextPosition(line: 1, column: 1))
        #expect(position(Array("é".utf8.dropLast())) == TextPosition(line: 1, column: 1))
    }

    @Test("Whatever is cut out of a file, it is read or refused in order")
    func damaged() {
        let text = Array(
            """
            server = "https://chat.example.org"
            pins = [ "a", 'b', [1, {x = 2}] ] # comment
            multi = \"\"\"
            a = 1
            \"\"\"
            [profiles.work]
            ca_file = 'x'
            """.utf8)
        for start in 0..<text.count {
            for length in [1, 7, 40] {
                var cut = text
                cut.removeSubrange(start..<min(text.count, start + length))
                do {
                    _ = try ConfigurationFile.parse(cut, file: "f")
                } catch .problems(let problems) {
                    #expect(!problems.isEmpty)
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
    }

    @Test("Any words of TOML in any order are read or refused", arguments: [1, 2, 3, 4] as [UInt64])
    func random(seed: UInt64) {
        let words = [
            "a", "b.c", "=", " ", "\n", "\"x\"", "'y'", "\"\"\"", "'''", "[", "]", "{", "}", ",", "#", "1",
            "-", "+", ".",
            "_", "1.5", "true", "inf", "nan", "1979-05-27", "T07:32:00", "Z", "0x", "\\", "\\u00e9",
            "\\uD800", "\t",
            "\r", "\u{1}", "é", "😀", "1e5", "[[", "]]", "a = ", "[t]\n", "x.y = ", "profiles", "server",
            "pins = [",
        ]
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let count = Int.random(in: 1...14, using: &generator)
            let text = (0..<count).compactMap { _ in words.randomElement(using: &generator) }.joined()
            do {
                _ = try Self.parse(text)
            } catch .problems(let problems) {
                #expect(!problems.isEmpty, "seed \(seed): \(text.debugDescription)")
            } catch {
                Issue.record("seed \(seed): \(text.debugDescription): \(error)")
            }
        }
    }

    @Test("The example file is good, and names every key")
    func example() throws {
        let path = Fixtures.root + "/fixtures/config/config.toml"
        let file = try ConfigurationFile.load(path: path, isRequired: true, home: "/home/ana")
        #expect(file.profiles.keys.sorted() == ["home", "work"])
        #expect(file.general.authorityFile == "/home/ana/certificates/example-ca.pem")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let manual = try String(contentsOfFile: Fixtures.root + "/man/mychat.1", encoding: .utf8)
        for key in ConfigurationReader.keys where !["profiles", "keys", "cache"].contains(key) {
            #expect(text.contains("\(key) = "), "\(key) is not in the example")
            #expect(manual.contains(".It Cm \(key)\n"), "\(key) is not in the manual")
        }
        #expect(text.contains("[cache]") && manual.contains(".It Cm cache\n"))
        #expect(file.cacheLimits == CacheLimits(keep: .seconds(365 * 86_400), bytesMax: 500_000_000))
        #expect(text.contains("[keys]") && manual.contains(".It Cm keys\n"))
        #expect(file.terminal.keys != KeyBindings())
    }

    @Test("The file of the usual place may be missing, one that was named may not")
    func absence() throws {
        let path = "/nonexistent/config.toml"
        #expect(try ConfigurationFile.load(path: path, isRequired: false, home: nil) == ConfigurationFile())
        #expect(throws: ConfigurationError.unreadable(path: path, reason: "No such file or directory")) {
            try ConfigurationFile.load(path: path, isRequired: true, home: nil)
        }
        #expect(throws: ConfigurationError.unreadable(path: "/", reason: "Is a directory")) {
            try ConfigurationFile.load(path: "/", isRequired: false, home: nil)
        }
    }

    @Test("A file beyond the limit is not read")
    func tooLarge() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/config.toml"
        try Data(repeating: UInt8(ascii: "#"), count: ConfigurationFile.sizeMax + 1).write(
            to: URL(filePath: path))
        #expect(throws: ConfigurationError.tooLarge(path: path, limit: ConfigurationFile.sizeMax)) {
            try ConfigurationFile.load(path: path, isRequired: true, home: nil)
        }
    }
}

@Suite("Positions in TOML")
struct TOMLPositionsTests {
    @Test("Keys and values are found in every form of a document")
    func forms() {
        let positions = TOMLPositions(
            of: """
                a = 1
                  b.c = "x"   # a = 2
                'd e' = [ 1, "]", { f = 2 } ]
                g = { h = { i = 3 }, j = "}" }
                k = \"\"\"
                l = 1
                \"\"\"
                m = '''
                n''' # n
                [o.p]
                q = 1
                [[r]]
                s = 2
                """)
        func key(_ path: String...) -> TextPosition? { positions.keys[path] }
        func value(_ path: String...) -> TextPosition? { positions.values[path] }
        #expect(key("a") == TextPosition(line: 1, column: 1))
        #expect(value("a") == TextPosition(line: 1, column: 5))
        #expect(key("b") == TextPosition(line: 2, column: 3))
        #expect(key("b", "c") == TextPosition(line: 2, column: 5))
        #expect(value("b", "c") == TextPosition(line: 2, column: 9))
        #expect(key("d e") == TextPosition(line: 3, column: 1))
        #expect(key("d e", "f") == TextPosition(line: 3, column: 21))
        #expect(key("g", "h", "i") == TextPosition(line: 4, column: 13))
        #expect(key("g", "j") == TextPosition(line: 4, column: 22))
        #expect(key("l") == nil)
        #expect(key("m") == TextPosition(line: 8, column: 1))
        #expect(key("n") == nil)
        #expect(key("o", "p", "q") == TextPosition(line: 11, column: 1))
        #expect(key("r", "s") == TextPosition(line: 13, column: 1))
    }

    @Test(
        "Values outside of quotes are known by their form",
        arguments: [
            "true", "false", "inf", "-nan", "0", "+1_000", "-3.5e-7", "1e5", "0xDEAD_beef", "0o17", "0b1",
            "2026-11-22", "2026-11-22T07:49:12", "2026-11-22 07:49", "2026-11-22t07:49:12.5-03:00",
            "2026-11-22T07:49:12z", "07:49", "07:49:12.123",
        ])
    func scalars(text: String) {
        #expect(TOMLScalar.isWellFormed(text.unicodeScalars))
        #expect(TOMLPositions(of: "a = [\(text) , \(text)] # x").fault == nil)
        for wrong in [text + "x", "x" + text, text + "_", "--" + text, text + " 1"] {
            #expect(!TOMLScalar.isWellFormed(wrong.unicodeScalars), "\(wrong)")
        }
    }

    @Test(
        "What is no value is found before the parser sees it",
        arguments: [
            "", "-", "+true", "1__0", "1.", ".5", "1e", "0x", "1979-05-2", "1979-05-27T", "1979-05-27T7:00",
            "1979-05-27T07:00:00.", "1979-05-27T07:00+1", "07:49Z", "1979-05-27Z", "é", "\u{1}",
            "example.org",
        ])
    func noScalars(text: String) {
        #expect(!TOMLScalar.isWellFormed(text.unicodeScalars))
        let fault = TOMLPositions(of: "b = 1\na = \(text)\n").fault
        #expect(fault?.position == TextPosition(line: 2, column: 5), "\(text)")
    }

    @Test("A byte order mark is no part of the first key")
    func byteOrderMark() {
        let positions = TOMLPositions(of: "\u{FEFF}a = 1\n")
        #expect(positions.keys[["a"]] == TextPosition(line: 1, column: 1))
    }

    @Test("Columns count characters, not bytes")
    func columns() {
        let positions = TOMLPositions(of: "\"ção\" = { x = 1 }")
        #expect(positions.keys[["ção", "x"]] == TextPosition(line: 1, column: 11))
    }

    @Test("Deep nesting and unfinished values come to an end")
    func bounds() {
        let deep = "a = " + String(repeating: "[", count: 100_000)
        #expect(TOMLPositions(of: deep).keys[["a"]] == TextPosition(line: 1, column: 1))
        for text in [
            "a = \"", "a = {", "a = [", "a = \"\"\"", "a", "=", "]", "}", "a = {,,", "[", "[[", "\"", "a.",
        ] {
            _ = TOMLPositions(of: text)
        }
    }
}

@Suite("Lengths of time")
struct DurationTextTests {
    @Test(
        "Numbers with units, or seconds",
        arguments: [
            ("0", Duration.zero), ("5", .seconds(5)), ("90s", .seconds(90)), ("500ms", .milliseconds(500)),
            ("15m", .seconds(900)), ("15min", .seconds(900)), ("1h30m", .seconds(5400)),
            ("7d", .seconds(604_800)),
            ("1d1h1m1s1ms", .seconds(90_061) + .milliseconds(1)),
        ])
    func good(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.format(duration)) == duration)
    }

    @Test(
        "Everything else is none",
        arguments: [
            "", " ", "s", "-1", "1.5h", "5 s", "1h30", "1w", "99999999999", "999999999d", "1hh", "٣s", "+1",
            "1h ",
        ])
    func bad(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
