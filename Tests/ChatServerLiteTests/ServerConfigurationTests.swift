import ChatSQLite
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct ServerConfigurationTests {
    /// A configuration from settings, with all its paths in a fresh directory.
    private func configuration(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String = ""
    ) throws -> (ServerConfiguration, directory: String) {
        let directory = try TestServer.makeDirectory()
        let settings = ServerSettings(
            flags: flags, environment: environment, file: try EnvironmentFile(parsing: Array(file.utf8)))
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let configuration = try ServerConfiguration(
            settings: settings, databasePath: directory + "/mychat.db", logger: .quiet)
        return (configuration, directory)
    }

    @Test func noSettingIsRequired() throws {
        let (configuration, directory) = try configuration()
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 5000)
        #expect(configuration.databasePath == directory + "/mychat.db")
        #expect(configuration.bcryptCost == 12)
        #expect(configuration.tokenAlgorithm == .hs256)
        #expect(configuration.tokenLifetime == .seconds(86_400))
        #expect(configuration.allowedOrigins == .any)
        #expect(configuration.tokenSecret.count >= 32)
        #expect(configuration.behaviour == .extended)
        #expect(configuration.durability == .full)
        #expect(configuration.changeRetention.age == .seconds(90 * 86_400))
    }

    @Test func flagsPrecedeTheEnvironmentAndTheFile() throws {
        let file = "PORT=1\nHOST=file.example\nBCRYPT_COST=5\n"
        let (configuration, _) = try configuration(
            flags: ["PORT": "3"],
            environment: ["PORT": "2", "HOST": "environment.example", "BCRYPT_COST": ""],
            file: file)
        #expect(configuration.port == 3)
        #expect(configuration.host == "environment.example")
        #expect(configuration.bcryptCost == 5)
    }

    @Test func readsEverySetting() throws {
        let secret = "a secret of thirty-two characters at least"
        let (configuration, directory) = try configuration(
            file: """
                JWT_SECRET_KEY="\(secret)"
                JWT_ALGORITHM=hs512
                JWT_EXPIRATION_HOURS=2
                FRONTEND_URL="https://chat.example.org/, http://localhost:8000"
                DURABILITY=Normal
                SYNC_HISTORY_DAYS=7
                SYNC_HISTORY_ENTRIES=5000
                FLASK_DEBUG=True
                FLASK_ENV=production
                """)
        #expect(configuration.tokenSecret == Array(secret.utf8))
        #expect(configuration.tokenAlgorithm == .hs512)
        #expect(configuration.tokenLifetime == .seconds(7200))
        #expect(configuration.allowedOrigins == .only(["https://chat.example.org", "http://localhost:8000"]))
        #expect(configuration.durability == .normal)
        #expect(configuration.changeRetention == ChangeRetention(age: .seconds(7 * 86_400), entries: 5000))
        #expect(configuration.isDebugging)
        #expect(!FileManager.default.fileExists(atPath: directory + "/mychat.db.jwt-secret"))
    }

    @Test(arguments: [
        ("PORT", "http"), ("PORT", "65536"), ("PORT", "-1"), ("BCRYPT_COST", "3"), ("BCRYPT_COST", "32"),
        ("JWT_EXPIRATION_HOURS", "0"), ("JWT_EXPIRATION_HOURS", "1e3"), ("JWT_ALGORITHM", "none"),
        ("FRONTEND_URL", "chat.example.org"), ("FLASK_DEBUG", "perhaps"), ("COMPAT", "imitation"),
        ("DURABILITY", "none"), ("SYNC_HISTORY_DAYS", "-1"), ("SYNC_HISTORY_ENTRIES", "10"),
    ])
    func aWrongValueIsReportedWithItsSource(key: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(file: "# first\n\(key)=\(value)\n")
        }
        guard case .invalidValue(let setting, let source, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(setting == key)
        #expect(source == ".env, line 2")
    }

    @Test(arguments: ["short", "your-secret-key-change-in-production", String(repeating: "ab", count: 40)])
    func productionRefusesAWeakSecret(secret: String) {
        #expect(throws: ConfigurationError.self) {
            try configuration(environment: ["FLASK_ENV": "production", "JWT_SECRET_KEY": secret])
        }
        #expect(throws: Never.self) { try configuration(environment: ["JWT_SECRET_KEY": secret]) }
    }

    @Test func theSecretIsGeneratedOnceAndKeptPrivate() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/mychat.db"
        let first = try ServerConfiguration(
            settings: ServerSettings(), databasePath: path, logger: .quiet)
        let second = try ServerConfiguration(
            settings: ServerSettings(), databasePath: path, logger: .quiet)
        #expect(first.tokenSecret == second.tokenSecret)
        let mode = try FileManager.default.attributesOfItem(atPath: path + ".jwt-secret")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func anEmptiedSecretFileIsNotUsed() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/x.db"
        try "short\n".write(toFile: path + ".jwt-secret", atomically: true, encoding: .utf8)
        #expect(throws: ConfigurationError.self) {
            try ServerConfiguration(settings: ServerSettings(), databasePath: path, logger: .quiet)
        }
    }

    @Test func aNamedFileMustExist() {
        #expect(throws: ConfigurationError.self) {
            try ServerSettings.load(
                flags: [:], environment: [:], file: "/nonexistent/.env", logger: .quiet)
        }
    }

    @Test(arguments: [
        (String?.none, "https://a.example"), ("https://b.example", "https://b.example"),
        ("https://evil.example", "https://a.example"),
    ])
    func onlyListedOriginsAreAllowed(origin: String?, header: String) throws {
        let origins = try AllowedOrigins(parsing: "https://a.example, https://b.example/")
        #expect(origins.headerValue(for: origin) == header)
        #expect(origins.allows(origin) == (origin != "https://evil.example"))
    }

    /// Origins as browsers write them: RFC 6454 section 6.2.
    @Test(arguments: [
        ("https://chat.example.com:443", ["https://chat.example.com"]),
        ("http://chat.example.com:80/", ["http://chat.example.com"]),
        ("https://chat.example.com:", ["https://chat.example.com"]),
        ("http://a.example:0443", ["http://a.example:443"]), ("HTTPS://A.Example", ["https://a.example"]),
        ("https://a.example/path?x=1#y", ["https://a.example"]),
        ("https://a.example?x", ["https://a.example"]),
        (
            "https://a.example; http://b.example  https://c.example",
            ["https://a.example", "http://b.example", "https://c.example"]
        ),
        ("https://[2001:DB8:0:0:0:0:0:1]:443", ["https://[2001:db8::1]"]),
        ("http://[::ffff:1.2.3.4]:8080", ["http://[::ffff:102:304]:8080"]),
        ("http://127.0.0.1:3000", ["http://127.0.0.1:3000"]),
        ("https://xn--bcher-kva.example", ["https://xn--bcher-kva.example"]),
        ("https://B\u{DC}cher.example:443", ["https://xn--bcher-kva.example"]),
        ("http://localhost:5173", ["http://localhost:5173"]),
    ])
    func originsAreNormalisedAsInBrowsers(text: String, origins: [String]) throws {
        #expect(try AllowedOrigins(parsing: text) == .only(origins))
    }

    @Test(arguments: [
        "a.com", "https://*.chat.example", "ftp://a.example", "https://", "https://user@a.example",
        "https://a.example:99999", "https://a.example:x", "https://\u{2603}.example", "https://a..b",
        "https://a.example.", "https://[::1", "https://[::1%25eth0]", "https://[::1]x", "https://[1::2::3]",
        "http://127.1", "http://0x7f.0.0.1", "http://1.2.3.256", "https:/a.example", "null",
        "https://a b%20c",
        "https://a\\b", "http://127.000.0.1", "https://a.example,b.example",
    ])
    func invalidOriginsAreRefused(text: String) {
        #expect(throws: OriginProblem.self) { try AllowedOrigins(parsing: text) }
    }

    @Test func aStarAllowsAll() throws {
        let origins = try AllowedOrigins(parsing: "https://a.example,*")
        #expect(origins == .any)
        #expect(origins.headerValue(for: "https://x.example") == "*")
    }
}
