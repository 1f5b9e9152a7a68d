import ArgumentParser
import ChatNet
import ChatWire

/// `mychat-conformance autobahn-client`
struct AutobahnClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autobahn-client",
        abstract: "Run every case of an Autobahn fuzzing server with the client's own websocket.")

    @Option(help: "The fuzzing server, as http://HOST:PORT.")
    var url: String

    @Option(help: "The name under which the results are reported.")
    var agent = "mychat-client"

    func run() async throws {
        let server = try ServerURL(url)
        let thread = IOThread()
        let answer = try await echo(server, "/getCaseCount", thread)
        guard let count = Int(String(decoding: answer, as: UTF8.self)), count > 0 else {
            throw ValidationError("\(url) is no Autobahn fuzzing server")
        }
        for number in 1...count {
            _ = try await echo(server, "/runCase?case=\(number)&agent=\(agent)", thread)
        }
        _ = try await echo(server, "/updateReports?agent=\(agent)", thread)
        print("\(count) cases have run")
    }

    /// Echoes each message until the server ends the connection; returns the last text.
    private func echo(_ server: ServerURL, _ path: String, _ thread: IOThread) async throws -> [UInt8] {
        let client = try await WebSocketClient.connect(
            to: server, path: path, configuration: NetConfiguration(), thread: thread)
        var last: [UInt8] = []
        while let event = await client.nextEvent() {
            switch event {
            case .text(let bytes):
                last = bytes
                // A case may end the connection at any moment; that is not a failure of the run.
                try? await client.send(text: bytes)
            case .binary(let bytes): try? await client.send(binary: bytes)
            case .ping, .pong, .close, .failure: break
            }
        }
        await client.close()
        return last
    }
}
