import ChatWire
import Foundation

@testable import ChatServerLite
@testable import ServerTestSupport

/// Plays scripts against a server over real connections.
///
/// It waits for everything that was recorded between two actions. To prove that nothing else arrives, it asks
/// a question whose answer must come last. So the speed of either server does not matter.
final class SocketPlayer {
    /// The people of the recording by their letters. Here they have the recorded ids and names.
    struct People {
        let port: Int
        /// Maps recorded tokens to current ones.
        var tokens: [String: String] = [:]
        var ids: [String: Int64] = [:]

        func withTokens(_ text: String) -> String {
            tokens.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        }

        /// The current token of the person with this letter.
        var byLetter: [String: String] = [:]
    }

    let people: People
    private(set) var world: RecordedWorld
    /// Whether a server's ping is answered at once. Otherwise the script says when.
    private let answersPings: Bool
    /// The limits that the handshake must announce when the server's heartbeat is faster than recorded.
    private let limits: ServerLimits

    private var connections: [String: Connection] = [:]
    private var sessions: [String: String] = [:]
    private var found: [String] = []
    private var unfinished: [(name: String, connections: [String: Connection])] = []

    /// A connection with the frames that are expected on it and those that arrived.
    private final class Connection {
        var client: SocketTestClient?
        /// The connection of the waiting GET, and the request to repeat.
        var poll: HTTPTestClient?
        var exchange: SocketScript.HTTPExchange?
        var target = ""
        var expected: [SocketScript.Arrival] = []
        var arrived: [SocketScript.Arrival] = []
        var expectedPings = 0
        var pings = 0
        /// Whether events on this connection are acknowledged.
        var isConnected = false
        var isEnded = false

        var isWaiting: Bool { !isEnded && (arrived.count < expected.count || pings < expectedPings) }
    }

    init(people: People, world: RecordedWorld, limits: ServerLimits, answersPings: Bool = true) {
        self.people = people
        self.world = world
        self.limits = limits
        self.answersPings = answersPings
    }

    /// Plays a script. Heartbeats that are expected at its end are left to ``finish()``.
    ///
    /// - Returns: the differences, in words.
    func play(_ script: SocketScript) -> [String] {
        connections = [:]
        found = []
        do {
            try playSteps(of: script)
        } catch {
            found.append("\(error)")
            compareAll()
        }
        return found
    }

    private func playSteps(of script: SocketScript) throws {
        var acting: String?
        for (index, step) in script.steps.enumerated() {
            if !step.isArrival {
                try settle()
                // The server handles two connections in no certain order, unless the player waits for one of
                // them.
                if let acting, acting != step.key { try pass(connections[acting]) }
                acting = step.key ?? acting
            }
            try carryOut(step, followedBy: script.steps[(index + 1)...])
        }
        if waitsForPingsOnly {
            return unfinished.append((script.name, connections))
        }
        try settle()
        for connection in connections.values { try pass(connection) }
        compareAll()
    }

    /// Waits for all heartbeats that scripts have left for the end.
    func finish() -> [String] {
        var all: [String] = []
        for (name, connections) in unfinished {
            self.connections = connections
            found = []
            do { try settle() } catch { found.append("\(error)") }
            compareAll()
            all += found.map { "\(name): \($0)" }
        }
        unfinished = []
        return all
    }

    private var waitsForPingsOnly: Bool {
        connections.values.contains { $0.poll != nil && $0.isWaiting }
    }

    // MARK: Steps

    private func carryOut(_ step: SocketScript.Step, followedBy rest: ArraySlice<SocketScript.Step>) throws {
        let connection = step.key.map { self.connection($0) } ?? Connection()
        switch step {
        case .open(_, let target, let headers):
            connection.client = try SocketTestClient(
                port: people.port, target: path(target), headers: headers)
        case .refusedOpen(let key, let target, let answer):
            try refusedOpen(key, target, answer)
        case .send(_, let frame):
            try send(frame, on: connection)
        case .close:
            try connection.client?.closeTransport()
        case .request(let key, let exchange):
            try request(key, exchange, on: connection, followedBy: rest)
        case .expect(_, let arrival):
            connection.expected.append(arrival)
        case .ping:
            connection.expectedPings += 1
        case .restSend, .restRead, .rows:
            for connection in connections.values { try pass(connection) }
            try askByREST(step)
        }
    }

    private func connection(_ key: String) -> Connection {
        if let known = connections[key] { return known }
        let connection = Connection()
        connections[key] = connection
        return connection
    }

    private func send(_ frame: String, on connection: Connection) throws {
        try connection.client?.send(people.withTokens(frame))
        // The recorder kept only texts. It did not see the bytes that belong to a binary event.
        if frame.hasPrefix("451-") { try connection.client?.send(binary: Array("attachment".utf8)) }
        if frame == "41" || frame.hasPrefix(#"42["connect""#) || frame.hasPrefix(#"42["disconnect""#) {
            connection.isConnected = false
        }
    }

    private func refusedOpen(_ key: String, _ target: String, _ answer: SocketScript.HTTPAnswer) throws {
        let handshake = try WebSocketClientHandshake(target: target)
        let client = try HTTPTestClient(port: people.port)
        try client.sendRaw(try handshake.request.serialized(authority: "localhost"))
        compare(answer, try client.receive(answerTo: .get), at: key)
    }

    // MARK: Long polling

    private func request(
        _ key: String, _ exchange: SocketScript.HTTPExchange, on connection: Connection,
        followedBy rest: ArraySlice<SocketScript.Step>
    ) throws {
        if exchange.bringsPackets {
            let next = rest.first { $0.key == key }
            guard next?.isArrival == true else { return }
            connection.exchange = exchange
            return try beginPoll(on: connection)
        }
        let client = try HTTPTestClient(port: people.port)
        try write(exchange, to: client)
        guard let method = HTTPMethod(rawValue: exchange.method) else { return }
        compare(exchange.answer, try client.receive(answerTo: method), at: "\(key) \(exchange.method)")
    }

    private func write(_ exchange: SocketScript.HTTPExchange, to client: HTTPTestClient) throws {
        let body = Array(people.withTokens(exchange.body ?? "").utf8)
        var head = "\(exchange.method) \(path(exchange.target)) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in exchange.headers { head += "\(name): \(value)\r\n" }
        if exchange.body != nil { head += "Content-Length: \(body.count)\r\n" }
        try client.sendRaw(Array((head + "\r\n").utf8) + body)
    }

    private func beginPoll(on connection: Connection) throws {
        guard let exchange = connection.exchange else { return }
        let client = try HTTPTestClient(port: people.port)
        try write(exchange, to: client)
        connection.poll = client
    }

    /// Takes the packets of one answer, and polls again when more are expected.
    private func takePoll(_ key: String, _ connection: Connection) throws {
        if connection.poll == nil { try beginPoll(on: connection) }
        guard let poll = connection.poll, let exchange = connection.exchange else { return }
        let answer = try poll.receive(answerTo: .get)
        connection.poll = nil
        let head = SocketScript.HTTPAnswer(status: 200, headers: exchange.answer.headers, body: answer.text)
        compare(head, answer, at: "\(key) GET")
        guard answer.status == 200 else {
            connection.isEnded = true
            return
        }
        for packet in answer.text.split(separator: "\u{1E}") { try take(String(packet), on: connection) }
        if connection.isWaiting { try beginPoll(on: connection) }
    }

    /// The path with the current token and session instead of the recorded ones.
    private func path(_ recorded: String) -> String {
        sessions.reduce(people.withTokens(recorded)) {
            $0.replacingOccurrences(of: "sid=\($1.key)", with: "sid=\($1.value)")
        }
    }

    // MARK: Arrivals

    /// Waits until everything expected has arrived.
    private func settle() throws {
        for (key, connection) in connections {
            while connection.isWaiting {
                if connection.exchange != nil {
                    try takePoll(key, connection)
                } else {
                    try take(on: connection)
                }
            }
        }
    }

    private static let question = "4299999[\"message_read\",{\"sender_id\":99999999}]"
    private static let answer = "4399999[]"

    /// Waits until the server has handled everything that the connection has sent. Stored events take another
    /// path, so the question takes it too.
    private func pass(_ connection: Connection?) throws {
        guard let connection, !connection.isEnded, let client = connection.client else { return }
        if connection.isConnected { try client.send(Self.question) } else { try client.ping() }
        while try !take(on: connection) {}
    }

    /// Takes one frame.
    ///
    /// - Returns: whether it is the answer that ``pass(_:)`` waits for, or the last frame.
    @discardableResult
    private func take(on connection: Connection) throws -> Bool {
        guard let client = connection.client else { return true }
        switch try client.frame() {
        case .text(Self.answer), .pong: return true
        case .text(let text): try take(text, on: connection)
        case .closed(let code):
            connection.isEnded = true
            connection.arrived.append(.closed(code: Int64(code ?? 1005), reason: client.closeReason))
            return true
        }
        return false
    }

    private func take(_ text: String, on connection: Connection) throws {
        if text == "2" {
            connection.pings += 1
            // A frame that has not come after this many heartbeats will not come.
            guard connection.pings < 30 else { throw TCPTestConnection.Failure.timeout }
            if answersPings { try connection.client?.send("3") }
            return
        }
        let frame = RecordedFrame(text)
        if frame.isConnected { connection.isConnected = true }
        if text == "41" { connection.isConnected = false }
        if connection.expected.indices.contains(connection.arrived.count),
            case .frame(let recorded) = connection.expected[connection.arrived.count]
        {
            learn(recorded, frame)
        }
        connection.arrived.append(.frame(frame))
    }

    private func learn(_ recorded: RecordedFrame, _ actual: RecordedFrame) {
        if recorded.isHandshake, let before = recorded.json?["sid"]?.stringValue,
            let today = actual.json?["sid"]?.stringValue
        {
            sessions[before] = today
        }
        guard let before = recorded.message?["id"]?.integerValue, !world.knows(.message, before),
            let today = actual.message?["id"]?.integerValue
        else { return }
        world.learn(.message, before, is: today)
    }

    // MARK: Comparing

    private func compareAll() {
        for (key, connection) in connections.sorted(by: { $0.key < $1.key }) {
            for (index, pair) in zip(connection.expected, connection.arrived).enumerated() {
                compare(pair.0, pair.1, at: "\(key)[\(index)]")
            }
            for missing in connection.expected.dropFirst(connection.arrived.count) {
                found.append("\(key): \(missing) did not come")
            }
            for added in connection.arrived.dropFirst(connection.expected.count) {
                found.append("\(key): \(added) came besides")
            }
        }
    }

    private func compare(
        _ recorded: SocketScript.Arrival, _ actual: SocketScript.Arrival, at place: String
    ) {
        guard case .frame(let before) = recorded, case .frame(let today) = actual else {
            if recorded != actual { found.append("\(place): \(recorded) became \(actual)") }
            return
        }
        guard before.prefix == today.prefix, let left = before.json, let right = today.json else {
            if before != today { found.append("\(place): \(before) became \(today)") }
            return
        }
        found += differences(before, left, right).map {
            "\(place) \(before.eventName ?? before.prefix) \($0)"
        }
    }

    private func differences(_ frame: RecordedFrame, _ left: JSONValue, _ right: JSONValue) -> [String] {
        if frame.isHandshake { return world.differences(ofToday(left), named(left, right)) }
        if frame.isConnected { return world.differences(left, named(left, right)) }
        guard let event = frame.eventName, left[0] == right[0] else { return world.differences(left, right) }
        return world.differences(left[1] ?? .null, right[1] ?? .null, in: event)
    }

    /// The actual value with the recorded session name, if it has a session name.
    private func named(_ recorded: JSONValue, _ actual: JSONValue) -> JSONValue {
        guard var object = actual.objectValue, object["sid"]?.stringValue?.isEmpty == false else {
            return actual
        }
        object["sid"] = recorded["sid"]
        return .object(object)
    }

    private func ofToday(_ handshake: JSONValue) -> JSONValue {
        guard var object = handshake.objectValue else { return handshake }
        object["pingInterval"] = .integer(limits.pingInterval.nanoseconds / 1_000_000)
        object["pingTimeout"] = .integer(limits.pingTimeout.nanoseconds / 1_000_000)
        return .object(object)
    }

    private func compare(
        _ recorded: SocketScript.HTTPAnswer, _ actual: HTTPTestClient.Answer, at place: String
    ) {
        if recorded.status != Int64(actual.status) {
            found.append("\(place): HTTP \(recorded.status) became \(actual.status)")
        }
        found += HTTPFields.differences(recorded.headers, actual.response.headers).map { "\(place): \($0)" }
        let (before, today) = (Self.nameless(recorded.body), Self.nameless(actual.text))
        if before != today { found.append("\(place): \(before) became \(today)") }
    }

    /// Hides session names and heartbeat intervals, which differ.
    private static func nameless(_ body: String) -> String {
        body.replacing(/sid\\?":\\?"[^"\\]+/, with: "sid").replacing(
            /ping(Interval|Timeout)\\?":\d+/, with: "ping")
    }

    // MARK: REST

    private func askByREST(_ step: SocketScript.Step) throws {
        let http = try HTTPTestClient(port: people.port)
        let (a, b) = (people.ids["A"] ?? 0, people.ids["B"] ?? 0)
        switch step {
        case .restSend(let recorded):
            let content = recorded["data"]?["message"]?["content"] ?? .null
            let answer = try http.post(
                "/api/messages/send", ["receiver_id": .integer(b), "content": content],
                token: people.byLetter["A"])
            let (before, today) = (
                recorded["data"]?["message"]?["id"], answer.json?["data"]?["message"]?["id"]
            )
            if let before = before?.integerValue, let today = today?.integerValue {
                world.learn(.message, before, is: today)
            }
            found += world.differences(recorded, answer.json ?? .null, at: "the send by REST")
        case .restRead(let recorded):
            let answer = try http.put("/api/messages/mark-read/\(a)", token: people.byLetter["B"])
            found += world.differences(recorded, answer.json ?? .null, at: "the reading by REST")
        case .rows(let recorded):
            let answer = try http.get(
                "/api/messages/conversation/\(b)?limit=200", token: people.byLetter["A"])
            let messages = answer.json?["data"]?["messages"]?.arrayValue ?? []
            found += world.differences(
                .array(recorded.map(Self.object)), .array(messages.map(Self.row)), at: "the conversation",
                in: "messages")
        default: break
        }
    }

    private static let columns = ["id", "sender_id", "receiver_id", "content", "is_read"]

    private static func object(_ row: JSONValue) -> JSONValue {
        .object(
            JSONObject(
                zip(columns, row.arrayValue ?? []).map { JSONObject.Member(key: $0, value: $1) }))
    }

    /// A message in the recorder's form, which has only the beginning of each text.
    private static func row(_ message: JSONValue) -> JSONValue {
        .object(
            JSONObject(
                columns.map { column in
                    let value = message[column] ?? .null
                    guard let text = value.stringValue else {
                        return JSONObject.Member(key: column, value: value)
                    }
                    return JSONObject.Member(key: column, value: .string(String(text.prefix(30))))
                }))
    }
}
