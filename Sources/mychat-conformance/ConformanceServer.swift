import ArgumentParser
import ChatServerLite
import ChatWire
import Glibc
import Logging

/// `mychat-conformance serve`
///
/// A plain WebSocket echo at `/`, an Engine.IO echo at `/engine.io/`, and at `/socket.io/` the namespaces and events
/// that the Socket.IO protocol suite expects. The suite also expects the strict policy and the short times.
struct ConformanceServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the echoes that the suites talk to, until a signal.")

    @Option(help: "The port on 127.0.0.1, 0 for any.")
    var port = 0

    @Option(help: "A PEM file with a certificate; then the suites connect through TLS.")
    var tlsCert: String?

    @Option(help: "A PEM file with its key.")
    var tlsKey: String?

    func run() async throws {
        let tls = tlsCert.map { TLSFiles(certificate: $0, key: tlsKey ?? $0) }
        let logger = Logger(label: "mychat-conformance") { _ in SwiftLogNoOpLogHandler() }
        let server = try await RealtimeServer.start(
            host: "127.0.0.1", port: port, tls: tls, tickInterval: .milliseconds(5), logger: logger,
            paths: Self.paths)
        let scheme = tls == nil ? "http" : "https"
        print("mychat-conformance listening on \(scheme)://127.0.0.1:\(server.port)")
        fflush(nil)
        await server.waitForEnd()
    }

    static func paths(_ sessions: EngineSessions) -> [String: RealtimePath] {
        let settings = EngineGateway.Settings(
            pingInterval: .milliseconds(300), pingTimeout: .milliseconds(200), maxPayload: 1_000_000,
            policy: .strict, backlogBytes: 16 << 20)
        let limits = WebSocketHandler.Limits(message: .standard, backlogBytes: 128 << 20)
        return [
            "/": .webSocket(limits) { WebSocketEcho() },
            "/engine.io": .engine(
                EngineGateway(settings: settings, sessions: sessions) { EngineEcho(handshake: $0) }),
            "/socket.io": .engine(
                EngineGateway(settings: settings, sessions: sessions) { SocketEcho(handshake: $0) }),
        ]
    }
}
