import ChatWire

private let socketLimits = SocketLimits(
    attachmentsMax: 4, attachmentBytesMax: 300, namespaceLengthMax: 24,
    json: JSONLimits(depthMax: 12, bytesMax: 2000, valuesMax: 200))

func checkSocketPacket(_ input: [UInt8]) {
    guard let packet = try? SocketPacket(decoding: input[...], limits: socketLimits) else { return }
    require(packet.attachmentCount <= socketLimits.attachmentsMax, "the limit of attachments holds")
    require(packet.kind.isBinary || packet.attachmentCount == 0, "only binary packets have attachments")
    require(packet.namespace.utf8.first == UInt8(ascii: "/"), "a namespace is a path")
    // No JSON begins with a slash; but a payload that does is misread when its namespace is omitted.
    guard packet.namespace != "/" || packet.payload.first != UInt8(ascii: "/") else { return }
    let written = packet.encoded.bytes
    requireEqual(written.first, UInt8(ascii: "4"), "the packet is a message")
    let again = try? SocketPacket(decoding: written.dropFirst(), limits: socketLimits)
    requireEqual(again, packet, "what is written is read again")
}

/// The first bytes choose the role and the policy; the rest are calls.
func checkSocketSession(_ input: [UInt8]) {
    var script = Script(input)
    let choice = script.byte() ?? 0
    let isServer = choice & 1 == 1
    var session = SocketSession(
        role: isServer ? .server(namespaces: ["/", "/custom"], connectTimeout: .seconds(45)) : .client,
        policy: choice & 2 == 0 ? .recorded : .strict, limits: socketLimits)
    var now = MonotonicInstant(nanoseconds: 0)
    var isOver = false
    var awaited: Set<UInt64> = []

    func look(at actions: [SocketSession.Action]) {
        require(!isOver || actions.isEmpty, "nothing follows the end: \(actions)")
        for action in actions {
            require(!isOver, "the end is the last action")
            look(at: action)
        }
    }

    func look(at action: SocketSession.Action) {
        switch action {
        case .transmit(.text(let text)):
            require((try? EnginePacket(text: text[...])) != nil, "what is sent can be read")
        case .event(let event):
            guard let values = try? event.decoded() else { fatalError("an event is JSON") }
            require(values.first?.stringValue != nil, "an event begins with a name")
            require(event.attachments.count <= socketLimits.attachmentsMax, "the limit of attachments holds")
            let bytes = event.attachments.reduce(0) { $0 + $1.count }
            require(bytes <= socketLimits.attachmentBytesMax, "the limit of their bytes holds")
        case .acknowledged(_, let id, let payload, _):
            require(awaited.remove(id) != nil, "an acknowledgement is awaited, and comes once")
            require((try? JSONValue(parsing: payload))?.arrayValue != nil, "an acknowledgement is an array")
        case .acknowledgementTimedOut(_, let id):
            require(awaited.remove(id) != nil, "an acknowledgement is awaited, and ends once")
        case .connectRequested: require(isServer, "only servers are asked")
        case .connected, .refused, .connectTimedOut: require(!isServer, "only clients ask")
        case .fail: isOver = true
        default: break
        }
    }

    session.start(now: now)
    while let call = script.byte() {
        let namespace = call & 0x80 == 0 ? "/" : "/custom"
        switch call % 10 {
        case 0, 1, 2: look(at: session.receive(.text(script.bytes())))
        case 3: look(at: session.receive(.binary(script.bytes())))
        case 4:
            now = now.advanced(by: script.duration())
            let isDue = session.deadline.map { now >= $0 } ?? false
            let actions = session.tick(now: now)
            require(isDue || actions.isEmpty, "what is not due is not done")
            look(at: actions)
        case 5:
            if isServer {
                look(at: session.accept(namespace, sid: "fuzz"))
            } else {
                look(at: session.connect(namespace, auth: [:], timeout: .seconds(10), now: now))
            }
        case 6 where isServer: look(at: session.refuse(namespace, message: "no", leavesFirst: call & 1 == 0))
        case 6, 7:
            let event = ClientEvent.typingStart(UserID(1))
            if let (id, actions) = session.send(event, acknowledgedWithin: .seconds(10), now: now) {
                awaited.insert(id)
                look(at: actions)
            }
        case 8: look(at: session.disconnect(namespace))
        default:
            guard call >= 240 else { continue }
            // Even after a failure, this reports what will not arrive any more.
            isOver = false
            look(at: session.engineClosed())
            require(awaited.isEmpty, "nothing is awaited any more")
            isOver = true
        }
    }
}
