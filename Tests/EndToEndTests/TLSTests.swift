import Foundation
import Testing

/// The client and the server with a certificate of the server's own, trusted by its pin.
@Suite struct TLSTests {
    @Test("Messages over TLS", arguments: ["websocket", "polling", "upgrade"])
    func messages(transport: String) throws {
        let directory = try TemporaryDirectory()
        let files = ["cert": directory.path + "/cert.pem", "key": directory.path + "/key.pem"]
        let made = try run(
            Programs.server,
            ["certificate", "127.0.0.1", "--cert", files["cert"] ?? "", "--key", files["key"] ?? ""],
            environment: freshEnvironment(home: directory.path))
        #expect(made.status == 0, "\(made.errors)")
        let pins = try #require(made.output.split(separator: "\n").first { $0.hasPrefix("pins = ") })
        let server = try ServerProcess(
            directory: directory.path,
            settings: [
                "HOST": "127.0.0.1", "TLS_CERT_FILE": files["cert"] ?? "", "TLS_KEY_FILE": files["key"] ?? "",
            ])
        for name in ["ana@exemplo.com", "bia@exemplo.com"] {
            let folder = try directory.subdirectory(name) + "/.config/mychat"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "\(pins)\ntransport = \"\(transport)\"\n".write(
                toFile: folder + "/config.toml", atomically: true, encoding: .utf8)
        }
        let ana = try PersonAtHome(name: "Ana", email: "ana@exemplo.com", server: server, in: directory)
        let bia = try PersonAtHome(name: "Bia", email: "bia@exemplo.com", server: server, in: directory)
        #expect(ana.url == "https://127.0.0.1:\(server.port)")
        try ana.add(bia)
        let sent = try ana.mychat(["send", bia.email, "olá"])
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(try bia.history(with: ana) == ["olá"])
    }

    @Test func aServerWithAnotherKeyIsRefused() throws {
        let directory = try TemporaryDirectory()
        let files = (cert: directory.path + "/cert.pem", key: directory.path + "/key.pem")
        let made = try run(
            Programs.server, ["certificate", "127.0.0.1", "--cert", files.cert, "--key", files.key],
            environment: freshEnvironment(home: directory.path))
        #expect(made.status == 0, "\(made.errors)")
        let server = try ServerProcess(
            directory: directory.path,
            settings: ["HOST": "127.0.0.1", "TLS_CERT_FILE": files.cert, "TLS_KEY_FILE": files.key])
        let result = try run(
            Programs.mychat, ["--language", "en", "register", "a@ex.com", "--name", "A", "--password-stdin"],
            environment: freshEnvironment(home: directory.path, adding: ["MYCHAT_URL": server.url]),
            input: "segredo-123\n")
        #expect(result.status != 0)
        #expect(result.errors.contains("self-signed"), "\(result.errors)")
    }
}
