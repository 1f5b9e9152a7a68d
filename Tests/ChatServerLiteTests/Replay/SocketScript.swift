import ChatWire

/// A recorded realtime case as a list of steps: the actions of its clients, and what each connection must
/// receive before the next action.
struct SocketScript {
    enum Step {
        case open(String, target: String, headers: [(String, String)])
        /// A refused handshake.
        case refusedOpen(String, target: String, HTTPAnswer)
        case send(String, String)
        case close(String)
        /// A long polling request. The packets of a GET's answer follow as arrivals.
        case request(String, HTTPExchange)
        case expect(String, Arrival)
        /// Waits for the server's heartbeat, whenever it comes.
        case ping(String)
        /// REST calls that the recorder made during a case: A sends to B, B reads all of A's messages, and A
        /// lists the conversation with B.
        case restSend(recorded: JSONValue)
        case restRead(recorded: JSONValue)
        case rows(recorded: [JSONValue])
    }

    enum Arrival: Equatable {
        case frame(RecordedFrame)
        case closed(code: Int64, reason: String)
    }

    struct HTTPAnswer {
        let status: Int64
        let headers: [(name: String, value: String)]
        var body: String
    }

    struct HTTPExchange {
        let method: String
        let target: String
        let headers: [(String, String)]
        let body: String?
        var answer: HTTPAnswer

        /// Whether the answer contains packets. They arrive in order, however they are spread over GETs.
        var bringsPackets: Bool { method == "GET" && answer.status == 200 && !target.contains("&j=") }
    }

    let name: String
    var steps: [Step]

    /// - Parameters:
    ///   - recorded: cases that were recorded at the same time, in the order of the recording.
    ///   - others: people who were online but take no part. Their arrivals and departures are not expected.
    init(_ name: String, _ recorded: [JSONValue], without others: Set<Int64> = []) {
        self.name = name
        let events = recorded.flatMap { $0["events"]?.arrayValue ?? [] }
            .sorted { ($0["t"]?.doubleValue ?? 0) < ($1["t"]?.doubleValue ?? 0) }
        steps = []
        var open: [String: Int] = [:]
        for event in events {
            let key = event["conn"]?.stringValue ?? ""
            switch event["dir"]?.stringValue {
            case "out": if let step = Self.action(key, event) { append(step, &open) }
            case "in": arrive(key, event, &open)
            default: steps += Self.note(event)
            }
        }
        steps.removeAll { step in
            guard let frame = step.frame, frame.isPresence else { return false }
            return others.contains(frame.payload["user_id"]?.integerValue ?? 0)
        }
    }

    private mutating func append(_ step: Step, _ open: inout [String: Int]) {
        if case .request(let key, _) = step { open[key] = steps.count }
        steps.append(step)
    }

    private static func action(_ key: String, _ event: JSONValue) -> Step? {
        if let url = event["ws_open"]?.stringValue {
            return .open(key, target: target(of: url), headers: fields(event["request_headers"]))
        }
        if event["ws_close"] != nil { return .close(key) }
        if let frame = event["frame"]?.stringValue { return .send(key, full(frame)) }
        guard let request = event["http"]?.stringValue?.split(separator: " "), request.count == 2 else {
            return nil
        }
        return .request(
            key,
            HTTPExchange(
                method: String(request[0]), target: String(request[1]), headers: fields(event["headers"]),
                body: event["body"]?.stringValue, answer: HTTPAnswer(status: 0, headers: [], body: "")))
    }

    private mutating func arrive(_ key: String, _ event: JSONValue, _ open: inout [String: Int]) {
        if let frame = event["frame"]?.stringValue { return expect(key, [frame]) }
        if let close = event["ws_close"] {
            let arrival = Arrival.closed(
                code: close[0]?.integerValue ?? 0, reason: close[1]?.stringValue ?? "")
            return steps.append(.expect(key, arrival))
        }
        guard let status = event["http_status"]?.integerValue, status != 101 else { return }
        let answer = HTTPAnswer(
            status: status,
            headers: (event["headers"]?.arrayValue ?? []).map {
                ($0[0]?.stringValue ?? "", $0[1]?.stringValue ?? "")
            },
            body: event["body"]?.stringValue ?? "")
        if let request = event["request"]?.stringValue {
            return steps.append(
                .refusedOpen(key, target: Self.target(of: String(request.dropFirst("GET ".count))), answer))
        }
        guard let index = open.removeValue(forKey: key), case .request(_, var exchange) = steps[index] else {
            return
        }
        exchange.answer = answer
        steps[index] = .request(key, exchange)
        if exchange.bringsPackets {
            expect(key, answer.body.split(separator: "\u{1E}").map(String.init))
        }
    }

    private mutating func expect(_ key: String, _ frames: [String]) {
        steps += frames.map { $0 == "2" ? .ping(key) : .expect(key, .frame(RecordedFrame($0))) }
    }

    private static func note(_ event: JSONValue) -> [Step] {
        if let recorded = event["rest_response"] { return [.restSend(recorded: recorded)] }
        if let recorded = event["rest_mark_read"] { return [.restRead(recorded: recorded)] }
        return event["rows"]?.arrayValue.map { [.rows(recorded: $0)] } ?? []
    }

    private static func target(of url: String) -> String {
        String(url.dropFirst("ws://".count).drop { $0 != "/" })
    }

    private static func fields(_ json: JSONValue?) -> [(String, String)] {
        (json?.objectValue?.members ?? []).map { ($0.key, $0.value.stringValue ?? "") }
    }

    /// The full frame for one that the recording shortened to `START...(LENGTH)`.
    private static func full(_ frame: String) -> String {
        let parts = frame.split(separator: "...(", maxSplits: 1)
        guard parts.count == 2, frame.hasSuffix(")"), let length = Int(parts[1].dropLast()),
            let letter = parts[0].last
        else { return frame }
        let ending = "\",\"temp_id\":\"t\"}]"
        return parts[0] + String(repeating: letter, count: length - parts[0].count - ending.count) + ending
    }
}

extension SocketScript.Step {
    /// The connection of the step; nil for steps without one.
    var key: String? {
        switch self {
        case .open(let key, _, _), .refusedOpen(let key, _, _), .send(let key, _), .close(let key),
            .request(let key, _), .expect(let key, _), .ping(let key):
            key
        case .restSend, .restRead, .rows: nil
        }
    }

    /// The frame that arrives, if any.
    var frame: RecordedFrame? {
        guard case .expect(_, .frame(let frame)) = self else { return nil }
        return frame
    }

    var isArrival: Bool {
        switch self {
        case .expect, .ping: true
        default: false
        }
    }

    /// The packets that the client sends in this step.
    var sent: [String] {
        switch self {
        case .send(_, let frame): [frame]
        case .request(_, let exchange) where exchange.method == "POST":
            (exchange.body ?? "").split(separator: "\u{1E}").map(String.init)
        default: []
        }
    }
}
