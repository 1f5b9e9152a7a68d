import ArgumentParser
import ChatClientCore
import ChatWire
import Glibc
import Logging

/// `mychat-conformance talk`
///
/// Two new people talk through a server with the client's core: presence, messages both ways with their
/// confirmations, typing, and disconnecting.
struct Talk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "talk", abstract: "Have two people talk with the client's core, each over a transport.")

    @Option(help: "The server, as http://HOST:PORT.")
    var url: String

    @Option(help: "The first person's transport: websocket, polling or upgrade.")
    var first: TransportPreference

    @Option(help: "The second person's transport.")
    var second: TransportPreference

    func run() async throws {
        let server = try ServerURL(url)
        let ana = try await Talker(server, "Ana", over: first)
        let bia = try await Talker(server, "Bia", over: second)
        _ = try await ana.client.contacts.add(bia.id)
        _ = try await bia.client.contacts.add(ana.id)
        await ana.client.connect()
        try await ana.until("online") { await $0.linkState == .online }
        await bia.client.connect()
        try await bia.until("online") { await $0.linkState == .online }
        try await ana.until("sees the other come") { try await $0.conversations().first?.presence == .online }

        await ana.client.open(bia.id)
        await bia.client.open(ana.id)
        var said: [String] = []
        for number in 0..<5 {
            for (one, other, text) in [
                (ana, bia, "olá \(number) 👋"),
                (bia, ana, "oi \(number)\n" + String(repeating: "x", count: 4000)),
            ] {
                try await one.say(text, to: other)
                said.append(text)
                let expected = said
                let peer = one.id
                try await other.until("has “\(text.prefix(8))”") {
                    try await $0.timeline(with: peer, limit: 50).rows.map(\.content) == expected
                }
            }
        }
        await bia.client.typing(true, to: ana.id)
        try await ana.until("sees the other type") { try await $0.conversations().first?.isTyping == true }
        for talker in [ana, bia] {
            try await talker.until("uses its transport") {
                await $0.isOverWebSocket == talker.isWebSocketWanted
            }
        }
        await bia.client.disconnect()
        try await ana.until("sees the other go") { try await $0.conversations().first?.presence == .offline }
        await ana.client.disconnect()
        print("OK")
    }
}

/// `mychat-conformance refusal`
struct Refusal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refusal", abstract: "Show a server a wrong token, and succeed when it lets nobody in.")

    @Option(help: "The server, as http://HOST:PORT.")
    var url: String

    @Option(help: "The transport: websocket, polling or upgrade.")
    var transport: TransportPreference

    func run() async throws {
        let ana = try await Talker(ServerURL(url), "Ana", over: transport)
        let spoilt = try ana.withSpoiltToken()
        await spoilt.client.connect()
        try await spoilt.until("refused") { await $0.linkState == .refused }
        await spoilt.client.disconnect()
        print("OK")
    }
}

extension TransportPreference: ExpressibleByArgument {}

/// One person with their own client and their own directory below `TMPDIR`, which stays there.
final class Talker: Sendable {
    struct TimeIsUp: Error, CustomStringConvertible {
        var description: String
    }

    let client: ChatClient
    let id: UserID
    private let name: String
    private let root: String
    private let transport: TransportPreference

    /// A new account on the server.
    convenience init(_ server: ServerURL, _ name: String, over transport: TransportPreference) async throws {
        let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(place)/mychat-conformance-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TimeIsUp(description: "no directory can be made") }
        let root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let client = try Self.client(server, root, transport)
        var generator = SystemRandomNumberGenerator()
        let email = "\(String(generator.next(), radix: 36))@exemplo.com"
        let account = try await client.register(name: name, email: email, password: "segredo1")
        self.init(client, account.user.id, name, root, transport)
    }

    private init(
        _ client: ChatClient, _ id: UserID, _ name: String, _ root: String, _ transport: TransportPreference
    ) {
        self.client = client
        self.id = id
        self.name = name
        self.root = root
        self.transport = transport
    }

    private static func client(
        _ server: ServerURL, _ root: String, _ transport: TransportPreference
    ) throws -> ChatClient {
        try ChatClient(
            configuration: ClientConfiguration(
                server: server, directories: ClientDirectories(root: root), transport: transport,
                logger: Logger(label: "mychat-conformance") { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Whether everything goes over a WebSocket in the end.
    var isWebSocketWanted: Bool { transport != .polling }

    /// Sends a message and waits for the server's confirmation.
    func say(_ text: String, to other: Talker) async throws {
        let tempID = try await client.send(text, to: other.id)
        guard case .sent = try await client.outbox.outcome(of: tempID, timeout: .seconds(20)) else {
            throw TimeIsUp(description: "\(name): “\(text.prefix(8))” was not sent")
        }
    }

    /// Polls until the condition holds. Nothing announces the upgrade of a link.
    func until(_ what: String, _ condition: (ChatClient) async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition(client) {
            guard ContinuousClock.now < end else { throw TimeIsUp(description: "\(name) never \(what)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The same person with a token that no server has issued.
    func withSpoiltToken() throws -> Talker {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(root + "/data/*/*/account.json", 0, nil, &found) == 0, let path = found.gl_pathv[0],
            let file = fopen(path, "r+")
        else { throw TimeIsUp(description: "the account's file is not where it was") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        guard case .object(var account) = try JSONValue(parsing: bytes) else {
            throw TimeIsUp(description: "the account's file is none")
        }
        account["token"] = "wrong"
        let spoilt = JSONValue.object(account).serialized()
        rewind(file)
        ftruncate(fileno(file), 0)
        fwrite(spoilt, 1, spoilt.count, file)
        fflush(file)
        return Talker(
            try Self.client(client.configuration.server, root, transport), id, name, root, transport)
    }
}
