import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The file of the secrets, and what is judged guessable.
@Suite struct TokenSecretTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func aSecretIsAddedAndTakenAway() throws {
        try inDirectory { directory in
            let file = TokenSecretsFile(besides: directory + "/x.db")
            #expect(try file.read() == [])
            let first = try #require(try file.readOrMake(logger: .quiet).first)
            #expect(try file.readOrMake(logger: .quiet) == [first] && first.createdAt == nil)
            let second = try file.rotate(now: now)
            let third = try file.rotate(now: now)
            #expect(try mode(file.path) == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["x.db.jwt-secret"])
            let keys = TokenKey.sorted(kept: try file.read(), configured: nil)
            #expect(keys.map(\.id) == [third.id, second.id, first.id])
            #expect(throws: TokenSecretsFile.Failure.signs(id: third.id)) {
                try file.retire(third.id, configured: nil)
            }
            #expect(throws: TokenSecretsFile.Failure.unknown(id: "x")) {
                try file.retire("x", configured: nil)
            }
            try file.retire(first.id, configured: nil)
            #expect(TokenKey.sorted(kept: try file.read(), configured: nil) == [third, second])
        }
    }

    @Test func thereIsABound() throws {
        try inDirectory { directory in
            let file = TokenSecretsFile(besides: directory + "/x.db")
            for _ in 0..<TokenSecretsFile.countMax { _ = try file.rotate(now: now) }
            #expect(throws: TokenSecretsFile.Failure.tooMany) { try file.rotate(now: now) }
            #expect(try file.read().count == TokenSecretsFile.countMax)
        }
    }

    /// A rotated secret is newer than the one of the settings, and that one than the first start's.
    @Test func theSecretOfTheSettingsIsOneOfThem() throws {
        try inDirectory { directory in
            let path = directory + "/x.db"
            let file = TokenSecretsFile(besides: path)
            let made = try #require(try file.readOrMake(logger: .quiet).first)
            let text = "dGhlIHNlY3JldCBvZiB0aGUgc2V0dGluZ3Mh7f"
            let settings = ServerSettings(environment: ["JWT_SECRET_KEY": text])
            let configured = TokenKey(secret: Array(text.utf8))
            func keys() throws -> [TokenKey] {
                try ServerConfiguration(settings: settings, databasePath: path, logger: .quiet).tokenKeys
            }
            #expect(try keys() == [configured, made])
            let secrets = TokenSecrets(settings: settings, databasePath: path)
            #expect(try secrets.report().entries.map(\.isConfigured) == [true, false])
            let id = try secrets.rotate(now: now)
            #expect(try keys().map(\.id) == [id, configured.id, made.id])
            #expect(throws: TokenSecretsFile.Failure.configured(id: configured.id)) {
                try secrets.retire(configured.id)
            }
            try secrets.retire(made.id)
            #expect(try keys().map(\.id) == [id, configured.id])
            let report = try secrets.report()
            #expect(report.text.hasPrefix("\(id)  2027-01-15T08:00:00Z  signs\n\(configured.id)  "))
            #expect(report.json.contains(#"{"kid":"\#(configured.id)","created_at":null,"signs":false"#))
            for secret in try keys() {
                let text = String(decoding: secret.secret, as: UTF8.self)
                #expect(!report.text.contains(text) && !report.json.contains(text))
            }
        }
    }

    @Test(arguments: [
        "short", String(repeating: "x", count: 2000), "",
        String(repeating: String(repeating: "a1B2c3D4", count: 5) + "\n", count: 17),
    ])
    func aFileThatHoldsNoSecretsIsRefused(content: String) throws {
        try inDirectory { directory in
            let file = TokenSecretsFile(besides: directory + "/x.db")
            try content.write(toFile: file.path, atomically: true, encoding: .utf8)
            #expect(throws: TokenSecretsFile.Failure.self) { try file.read() }
        }
    }

    /// What people wrote by hand for earlier versions.
    @Test func aSecretMayContainBlanks() throws {
        let file = TokenSecretsFile(besides: "x")
        let text = "four words that i chose at random myself"
        #expect(try file.parse(Array(text.utf8)) == [TokenKey(secret: Array(text.utf8))])
        #expect(
            try file.parse(Array((text + " 2027-01-15T08:00:00\n").utf8))
                == [TokenKey(secret: Array(text.utf8), createdAt: now)])
    }

    // MARK: Guessable secrets

    @Test(arguments: [
        "secret", "changeme", "your-secret-key-change-in-production",
        "0123456789012345678901234567890123456789",
        "abcdefghijklmnopqrstuvwxyz0123456789", String(repeating: "ab", count: 40),
        String(repeating: "Xy7$kQ2p", count: 6), "qwertyuiopasdfghjklzxcvbnm123456",
        "this-is-a-very-long-secret-key-for-jwt-tokens", "sua_chave_secreta_super_segura_aqui_1234",
        "my-super-secret-jwt-key-must-be-at-least-32-characters", "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
        "dGhpcyBpcyBzaG9ydA", "11111111112222222222333333333344444444445555",
    ])
    func theseCanBeGuessed(secret: String) {
        #expect(SecretStrength.weakness(of: secret) != nil)
    }

    @Test(arguments: [
        "3f8a1c9e7b2d4f60a5c8e1937bd24f6e", "correct horse battery staple ripple anvil",
        "Zx8Kq2LmP0vRt7Wy3Bn6Cd1Fg4Hj9Sa5", "81346027591846203957182640395718",
        "mychat-token-9f2c7e51b8d04a6398fe1c5d7b20a4e6", "kJ8#mP2$vL9@nQ4!xR7&wT1%zB5^cY3*",
    ])
    func theseCannot(secret: String) {
        #expect(SecretStrength.weakness(of: secret) == nil)
    }

    @Test func freshSecretsAreStrong() throws {
        for _ in 0..<200 {
            let bytes = (0..<24).map { _ in UInt8.random(in: 0...255) }
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(SecretStrength.weakness(of: hex) == nil, "\(hex)")
        }
    }

    @Test(arguments: [
        (["HOST": "127.0.0.1"], false), ([:], false), (["HOST": "::1"], false), (["HOST": "0.0.0.0"], true),
        (["HOST": "::"], true), (["HOST": "192.0.2.1"], true), (["LISTEN": "unix:/run/x"], false),
        (["LISTEN": "127.0.0.1:0,0.0.0.0:0"], true), (["FLASK_ENV": "production"], true),
        (["FLASK_ENV": " Production "], true), (["FLASK_ENV": "PROD"], true),
        (["FLASK_ENV": "development"], false), (["HOST": "0.0.0.0", "COMPAT": "original"], true),
    ])
    func aGuessableSecretIsRefusedWhereOthersReachTheServer(
        settings: [String: String], isRefused: Bool
    ) throws {
        try inDirectory { directory in
            let log = LogRecords()
            func configure(_ secret: String) throws {
                _ = try ServerConfiguration(
                    settings: ServerSettings(
                        environment: settings.merging(["JWT_SECRET_KEY": secret]) { $1 }),
                    databasePath: directory + "/x.db", logger: log.logger)
            }
            try configure("3f8a1c9e7b2d4f60a5c8e1937bd24f6e")
            #expect(log.lines == [])
            if isRefused {
                #expect(
                    throws: ConfigurationError.weakSecret(
                        source: "from the environment", reason: "a documented example")
                ) { try configure("secret") }
            } else {
                try configure("secret")
                #expect(log.lines.count == 1 && log.lines[0].contains("JWT_SECRET_KEY"))
            }
        }
    }

    // MARK: The program

    /// Nobody is signed out by a rotation; who has a token of a retired secret is.
    @Test func aRunningServerTakesTheSecretsOver() throws {
        try inDirectory { directory in
            let database = directory + "/chat.db"
            let program = try ServerProgram(["--port", "0", "--database", database], directory: directory)
            let port = try program.port()
            func run(_ arguments: String...) throws -> (line: String?, status: Int32) {
                let tool = try ServerProgram(
                    ["secret"] + arguments + ["--database", database], directory: directory)
                let line = tool.nextLine()
                return (line, tool.end().status)
            }
            func kid(_ token: String) throws -> String {
                let head = try #require(token.split(separator: ".").first)
                let json = try JSONValue(parsing: try Base64URL.decode(Array(head.utf8)))
                return try #require(json["kid"]?.stringValue)
            }
            let http = try HTTPTestClient(port: port)
            let account: JSONValue = ["name": "Ana", "email": "ana@x.org", "password": "secret1"]
            let answer = try http.post("/api/auth/register", account)
            let old = try #require(answer.json?["data"]?["token"]?.stringValue)
            let socket = try SocketTestClient(port: port)
            try socket.signIn(old)
            let oldKey = try kid(old)
            #expect(try run("list").line?.hasPrefix(oldKey) == true)

            let rotated = try run("rotate")
            #expect(rotated.status == 0)
            var fresh = old
            while try kid(fresh) == oldKey {
                let answer = try http.post("/api/auth/login", account)
                fresh = try #require(answer.json?["data"]?["token"]?.stringValue)
            }
            let freshKey = try kid(fresh)
            #expect(rotated.line?.hasPrefix(freshKey) == true)
            #expect(try http.get("/api/auth/me", token: old).status == 200)
            #expect(try socket.settle() == [])

            #expect(try run("retire", freshKey).status == 1)
            #expect(try run("retire", oldKey).status == 0)
            while try http.get("/api/auth/me", token: old).status == 200 {}
            #expect(try socket.event().name == "error")
            #expect(try socket.next() == "41")
            #expect(try http.get("/api/auth/me", token: fresh).status == 200)
            program.signal(SIGTERM)
            #expect(program.end().status == 0)
        }
    }
}
