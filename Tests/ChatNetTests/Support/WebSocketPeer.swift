import ChatWire

/// The server's end of a WebSocket over a ``Peer``, made of the same machine in the server role.
final class WebSocketPeer {
    let peer: Peer
    let requestHead: String
    private var machine = WebSocketConnection(role: .server)
    private let pieceLength: Int

    /// Answers the handshake; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - early: messages that go out together with the answer.
    ///   - pieceLength: the number of bytes in one segment.
    init?(_ peer: Peer, early: [String] = [], subprotocols: [String] = [], pieceLength: Int = .max) {
        guard let head = peer.readHead(), let request = Self.request(head),
            let response = try? WebSocketServerHandshake.accept(request, subprotocols: subprotocols)
        else { return nil }
        self.peer = peer
        self.pieceLength = pieceLength
        requestHead = head
        for text in early { machine.send(text: text) }
        peer.write(response.serializedHead() + machine.takeOutput(), pieceLength: pieceLength)
    }

    func send(_ text: String) {
        machine.send(text: text)
        flush()
    }

    func send(binary: [UInt8]) {
        machine.send(binary: binary)
        flush()
    }

    func ping(_ payload: [UInt8]) {
        machine.ping(payload)
        flush()
    }

    func close(_ code: WebSocketCloseCode, _ reason: String = "") {
        machine.close(code: code, reason: reason)
        flush()
    }

    /// The next event; `nil` when the connection is over.
    func nextEvent() -> WebSocketEvent? {
        while true {
            if let event = machine.nextEvent() {
                flush()
                return event
            }
            guard machine.transportAction == .keepOpen else { return nil }
            if let bytes = peer.read() { machine.receive(bytes) } else { machine.receiveEndOfInput() }
        }
    }

    /// Echoes every message until the end, and returns the last event.
    @discardableResult
    func echo() -> WebSocketEvent? {
        var last: WebSocketEvent?
        while let event = nextEvent() {
            last = event
            switch event {
            case .text(let bytes): machine.send(text: bytes)
            case .binary(let bytes): machine.send(binary: bytes)
            default: break
            }
            flush()
        }
        return last
    }

    private func flush() {
        peer.write(machine.takeOutput(), pieceLength: pieceLength)
    }

    /// Parses the head of a request.
    static func request(_ head: String) -> HTTPRequest? {
        let lines = head.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3, let method = HTTPMethod(rawValue: String(words[0])) else { return nil }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            try? headers.add(String(parts[0]), String(parts.dropFirst().first ?? ""))
        }
        return HTTPRequest(method: method, target: String(words[1]), headers: headers)
    }
}
