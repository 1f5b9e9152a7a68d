import ChatWire

func checkEnginePacket(_ input: [UInt8]) {
    guard let packet = try? EnginePacket(text: input[...]) else { return }
    if case .open(let handshake) = packet {
        require(handshake.maxPayload > 0 && !handshake.sid.isEmpty, "a handshake has what it needs")
        require(handshake.pingInterval > .zero && handshake.pingTimeout > .zero, "times are positive")
        require(handshake.pingInterval <= .seconds(86400), "times are believable")
    }
    requireEqual(try? EnginePacket(packet.frame), packet, "what is written is read again")
}

/// The first bytes choose the role and the policy; the rest are calls.
func checkEngineSession(_ input: [UInt8]) {
    var script = Script(input)
    let choice = script.byte() ?? 0
    let handshake = EngineHandshake(sid: "fuzz", maxPayload: 200)
    var session = EngineSession(
        role: choice & 1 == 0 ? .client(openTimeout: .seconds(20)) : .server(handshake),
        policy: choice & 2 == 0 ? .recorded : .strict)
    var now = MonotonicInstant(nanoseconds: 0)
    var isOver = false
    var wasOpened = false

    func look(at actions: [EngineSession.Action]) {
        require(!isOver || actions.isEmpty, "nothing follows the end: \(actions)")
        for action in actions {
            require(!isOver, "the end is the last action")
            switch action {
            case .opened:
                require(choice & 1 == 0 && !wasOpened, "a client opens once")
                wasOpened = true
            case .transmit(let frame):
                require((try? EnginePacket(frame)) != nil, "what is sent can be read")
            case .message: break
            case .closed: isOver = true
            }
        }
        requireEqual(session.isClosed, isOver, "the end is told")
    }

    look(at: session.start(now: now))
    while let call = script.byte() {
        switch call % 7 {
        case 0, 1: look(at: session.receive(text: script.bytes(), now: now))
        case 2: look(at: session.receive(binary: script.bytes(), now: now))
        case 3:
            now = now.advanced(by: script.duration())
            let isDue = session.deadline.map { now >= $0 } ?? false
            let actions = session.tick(now: now)
            require(isDue || actions.isEmpty, "what is not due is not done")
            require(!isDue || !actions.isEmpty, "what is due is done")
            look(at: actions)
        case 4: look(at: session.send(.text(Array("4".utf8) + script.bytes())))
        case 5: look(at: session.close())
        default: look(at: session.transportClosed())
        }
        if let deadline = session.deadline {
            require(!session.isClosed, "what is over waits for nothing")
            require(deadline <= now.advanced(by: .seconds(3 * 86400)), "deadlines are near")
        }
    }
}

func checkPollingPayload(_ input: [UInt8]) {
    let tight = try? PollingPayload.decode(input[...], bytesMax: 300, packetsMax: 6)
    guard let packets = try? PollingPayload.decode(input[...], bytesMax: 1 << 20) else {
        require(tight == nil, "tighter limits take no more")
        return
    }
    if let tight {
        requireEqual(tight, packets, "limits change nothing of what they let through")
    } else {
        require(input.count > 300 || packets.count > 6, "limits refuse nothing else")
    }
    // A binary frame has only its base64 form, and a handshake only its five members, so the second writing equals
    // the first.
    let written = PollingPayload.encode(packets.map(\.frame))
    let again = try? PollingPayload.decode(written[...], bytesMax: 1 << 21)
    requireEqual(again, packets, "what is written is read again")
}

/// Both ends' transports, called in any order.
func checkEngineTransport(_ input: [UInt8]) {
    var script = Script(input)
    (script.byte() ?? 0) & 1 == 0 ? checkServerTransport(&script) : checkClientTransport(&script)
}

private func checkServerTransport(_ script: inout Script) {
    let choice = script.byte() ?? 0
    var transport = EngineServerTransport(
        choice & 1 == 0 ? .polling : .webSocket, maxPayload: 200,
        policy: choice & 2 == 0 ? .recorded : .strict,
        queuedBytesMax: 2000)
    var now = MonotonicInstant(nanoseconds: 0)
    var isPollOpen = false
    var lossCount = 0
    func look(at actions: [EngineServerTransport.Action]) {
        for action in actions {
            switch action {
            case .answerPoll(let body):
                require(isPollOpen, "only an open GET is answered")
                isPollOpen = false
                require(!body.isEmpty, "an answer has a packet")
            case .lost: lossCount += 1
            default: break
            }
        }
        require(lossCount <= 1, "a client is lost once")
    }
    while let call = script.byte() {
        switch call % 9 {
        case 0: look(at: transport.transmit(.text(Array("4".utf8) + script.bytes())))
        case 1: look(at: transport.transmit(.binary(Array(script.bytes()))))
        case 2:
            // A second GET is rejected and ends the first, which may be answered in the process.
            let wasOpen = isPollOpen
            isPollOpen = true
            let actions = transport.pollRequested()
            look(at: actions)
            if actions.contains(.rejectPoll) { isPollOpen = false }
            require(!wasOpen || !isPollOpen || transport.isWebSocket, "a second GET does not wait")
        case 3:
            isPollOpen = false
            look(at: transport.pollAborted())
        case 4: look(at: transport.posted(script.bytes()))
        case 5: look(at: transport.webSocketOpened(now: now))
        case 6:
            guard let packet = try? EnginePacket(text: script.bytes()) else { continue }
            look(at: transport.receive(packet))
        case 7: look(at: transport.webSocketClosed())
        default:
            now = now.advanced(by: script.duration())
            look(at: transport.tick(now: now))
            if call >= 250 { look(at: transport.end()) }
        }
    }
}

private func checkClientTransport(_ script: inout Script) {
    let choice = script.byte() ?? 0
    var transport = EngineClientTransport(
        choice & 1 == 0 ? .webSocket : .polling(upgrades: choice & 2 == 0), upgradeTimeout: .seconds(5))
    var now = MonotonicInstant(nanoseconds: 0)
    var lossCount = 0
    func look(at actions: [EngineClientTransport.Action]) {
        for action in actions {
            if case .lost = action { lossCount += 1 }
            if case .post(let sid, let body) = action {
                require(!sid.isEmpty && !body.isEmpty, "a POST has a session and a body")
            }
        }
        require(lossCount <= 1, "the way is lost once")
    }
    look(at: transport.begin())
    while let call = script.byte() {
        switch call % 9 {
        case 0: look(at: transport.transmit(.text(Array("4".utf8) + script.bytes())))
        case 1: look(at: transport.transmit(.binary(Array(script.bytes()))))
        case 2:
            look(at: transport.pollAnswered(status: call >= 240 ? 400 : 200, body: script.bytes(), now: now))
        case 3: look(at: transport.postAnswered(status: call >= 240 ? 400 : 200))
        case 4: look(at: transport.webSocketOpened())
        case 5:
            guard let packet = try? EnginePacket(text: script.bytes()) else { continue }
            look(at: transport.receive(packet))
        case 6: look(at: transport.webSocketClosed())
        case 7: look(at: transport.requestFailed())
        default:
            now = now.advanced(by: script.duration())
            look(at: transport.tick(now: now))
            if call >= 250 { look(at: transport.end()) }
        }
    }
}
