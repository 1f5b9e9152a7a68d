import ChatWire

private struct WebSocketRun {
    var events: [WebSocketEvent] = []
    var output: [UInt8] = []
    var state: WebSocketConnection.State = .open
}

private let webSocketLimits = WebSocketLimits(messageLength: 1500, fragmentCount: 12)

private func run(_ pieces: [[UInt8]], role: WebSocketRole) -> WebSocketRun {
    var connection = WebSocketConnection(
        role: role, limits: webSocketLimits, maskingKeysFrom: RepeatingGenerator())
    var run = WebSocketRun()
    for piece in pieces {
        connection.receive(piece)
        while let event = connection.nextEvent() { run.events.append(event) }
        run.output += connection.takeOutput()
    }
    connection.receiveEndOfInput()
    while let event = connection.nextEvent() { run.events.append(event) }
    run.output += connection.takeOutput()
    run.state = connection.state
    require(!connection.send(text: "late"), "an ended connection sends nothing")
    return run
}

/// A connection of this role; every event is sent back and read at the other end.
func checkWebSocket(_ input: [UInt8], role: WebSocketRole) {
    let whole = run([input], role: role)
    let cut = run(input.map { [$0] }, role: role)
    requireEqual(whole.events, cut.events, "bytes may be cut anywhere")
    requireEqual(whole.output, cut.output, "the output does not depend on how bytes are cut")
    requireEqual(whole.state, cut.state, "nor does the state")

    for (index, event) in whole.events.enumerated() {
        let isLast = index == whole.events.count - 1
        switch event {
        case .text(let bytes):
            require(String(validating: bytes, as: UTF8.self) != nil, "text is UTF-8")
            require(bytes.count <= webSocketLimits.messageLength, "the limit of a message holds")
        case .binary(let bytes):
            require(bytes.count <= webSocketLimits.messageLength, "the limit of a message holds")
        case .ping(let bytes), .pong(let bytes): require(bytes.count <= 125, "control frames are short")
        case .close: require(isLast && whole.state == .closed, "a close is the last event")
        case .failure(let error):
            require(isLast && whole.state == .failed(error), "a failure is the last event")
        }
    }
    checkResending(whole.events, as: role)
}

private func checkResending(_ events: [WebSocketEvent], as role: WebSocketRole) {
    var sender = WebSocketConnection(role: role, maskingKeysFrom: RepeatingGenerator())
    var receiver = WebSocketConnection(role: role.peer, answersPings: false)
    var sent: [WebSocketEvent] = []
    for event in events {
        switch event {
        case .text(let bytes): sender.send(text: bytes)
        case .binary(let bytes): sender.send(binary: bytes)
        case .ping(let bytes): sender.ping(bytes)
        case .pong(let bytes): sender.pong(bytes)
        case .close(let code, let reason): sender.close(code: code ?? .noStatusReceived, reason: reason)
        case .failure: continue
        }
        // A reason without a code is not sent, and a close without a code has none.
        sent.append(event)
    }
    receiver.receive(sender.takeOutput())
    var received: [WebSocketEvent] = []
    while let event = receiver.nextEvent() { received.append(event) }
    requireEqual(sent, received, "what is sent is received")
}

/// Both handshakes, with a request and a response that were read from the same bytes.
func checkWebSocketHandshake(_ input: [UInt8]) {
    var generator = RepeatingGenerator()
    guard let client = try? WebSocketClientHandshake(target: "/", subprotocols: ["chat"], using: &generator)
    else { fatalError("a plain handshake can be made") }
    var parser = HTTPResponseParser(method: .get)
    guard let response = try? parser.receive(input) else { return }
    let chosen = try? client.check(response)
    require(chosen == nil || chosen == .some(nil) || chosen == "chat", "only what was offered is chosen")

    // The same fields as a request: the result is either an acceptance or a refusal.
    let request = HTTPRequest(method: .get, target: "/", headers: response.headers)
    do throws(WebSocketHandshakeError) {
        let answer = try WebSocketServerHandshake.accept(request, subprotocols: ["chat"])
        requireEqual(answer.status, 101, "what is accepted is answered with 101")
        require(WebSocketServerHandshake.isRequested(by: request), "only what asks is accepted")
    } catch {
        require(
            (400..<500).contains(WebSocketServerHandshake.refusal(for: error).status),
            "a refusal is the client's fault")
    }
}
