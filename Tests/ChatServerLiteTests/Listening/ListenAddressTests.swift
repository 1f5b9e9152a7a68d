import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Where the server listens, from its settings and from the service manager.
@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:5000", ListenAddress.tcp(host: "127.0.0.1", port: 5000, isSecure: false)),
        ("https://chat.example.org:443/", .tcp(host: "chat.example.org", port: 443, isSecure: true)),
        ("[::1]:0", .tcp(host: "::1", port: 0, isSecure: true)),
        ("unix:/run/mychat.sock", .unix(path: "/run/mychat.sock", mode: 0o660)),
        ("unix:chat.sock?mode=600", .unix(path: "chat.sock", mode: 0o600)),
    ])
    func anAddress(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text[...], isSecure: true) == address)
    }

    @Test(arguments: [
        "", "localhost", "http://localhost", "::1:5000", "a:99999", "a:b", ":5000", "unix:", "unix:a?mode=9",
        "unix:a?x", "unix:" + String(repeating: "a", count: 108),
    ])
    func noAddress(text: String) {
        #expect(throws: ListenAddressProblem.self) { try ListenAddress(parsing: text[...], isSecure: false) }
    }

    private func configuration(_ flags: [String: String]) throws -> ServerConfiguration {
        let settings = ServerSettings(
            flags: flags.merging(["JWT_SECRET_KEY": "q8Zr2vTn6XwLk4BdYm9HsPc3JfGu7EaV"]) { $1 })
        return try ServerConfiguration(
            settings: settings, databasePath: "/nonexistent/x.db", logger: .quiet)
    }

    @Test func aListReplacesHostAndPort() throws {
        let keys = ["VAPID_PRIVATE_KEY": VAPIDKey().secretText]
        let one = try configuration(keys.merging(["HOST": "::1", "PORT": "1"]) { $1 })
        #expect(one.addresses == [.tcp(host: "::1", port: 1, isSecure: false)])
        let files = ["TLS_CERT_FILE": "a", "TLS_KEY_FILE": "b"]
        var two = try configuration(
            keys.merging(files) { $1 }.merging(["LISTEN": "http://a:1, b:2\tunix:c"]) { $1 })
        #expect(two.tls == TLSFiles(certificate: "a", key: "b"))
        #expect(
            two.addresses == [
                .tcp(host: "a", port: 1, isSecure: false), .tcp(host: "b", port: 2, isSecure: true),
                .unix(path: "c", mode: 0o660),
            ])
        two.listen = []
        two.handedSockets = [HandedSocket(descriptor: 3, isSecure: nil)]
        #expect(two.addresses.isEmpty)
    }

    @Test(arguments: [
        ["LISTEN": "https://a:1"], ["LISTEN": "a"], ["TLS_CERT_FILE": "a"], ["TLS_KEY_FILE": "a"],
    ])
    func wrongSettings(flags: [String: String]) {
        #expect(throws: ConfigurationError.self) { try configuration(flags) }
    }

    @Test func handedSocketsAreForOneProcess() {
        let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "http:https:x"]
        #expect(
            HandedSocket.all(environment: environment, process: 7) == [
                HandedSocket(descriptor: 3, isSecure: false), HandedSocket(descriptor: 4, isSecure: true),
                HandedSocket(descriptor: 5, isSecure: nil),
            ])
        #expect(HandedSocket.all(environment: environment, process: 8).isEmpty)
        #expect(HandedSocket.all(environment: ["LISTEN_PID": "7", "LISTEN_FDS": "-1"], process: 7).isEmpty)
        #expect(HandedSocket.all(environment: [:]).isEmpty)
    }

    @Test func theWatchdogIsForOneProcess() {
        var environment = ["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"]
        #expect(ServiceManager(environment: environment, process: 7)?.watchdogInterval == .seconds(3))
        #expect(ServiceManager(environment: environment, process: 8)?.watchdogInterval == nil)
        environment["NOTIFY_SOCKET"] = "vsock:1"
        #expect(ServiceManager(environment: environment, process: 7) == nil)
    }
}
