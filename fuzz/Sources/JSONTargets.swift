@testable import ChatWire

func checkJSON(_ input: [UInt8]) {
    let parsed = Result { () throws(JSONError) in try JSONValue(parsing: input) }
    let skipped = Result { () throws(JSONError) in
        try JSONReader.read(input[...]) { reader throws(JSONError) in
            try reader.skipValue()
            try reader.end()
        }
    }
    switch (parsed, skipped) {
    case (.failure(let one), .failure(let other)):
        requireEqual(one, other, "skipping judges as parsing does")
        return
    case (.success(let value), .success): checkRewriting(value)
    default: fatalError("skipping judges as parsing does: \(parsed), \(skipped)")
    }
    guard case .success(let value) = parsed else { return }
    let tight = JSONLimits(depthMax: 4, bytesMax: 400, valuesMax: 24)
    do throws(JSONError) {
        let limited = try JSONValue(parsing: input, limits: tight)
        requireEqual(limited, value, "limits change nothing of what they let through")
        require(input.count <= tight.bytesMax, "the limit of the length holds")
    } catch {
        switch error {
        case .tooDeep, .tooLong, .tooManyValues: break
        default: fatalError("limits refuse nothing else: \(error)")
        }
    }
}

private func checkRewriting(_ value: JSONValue) {
    for escapes in [false, true] {
        let written = value.serialized(escapesNonASCII: escapes)
        require(!escapes || written.allSatisfy { $0 < 0x80 }, "escapes leave ASCII")
        guard let again = try? JSONValue(parsing: written) else { fatalError("what is written can be read") }
        requireEqual(again, value, "what is written is read again")
        requireEqual(again.serialized(escapesNonASCII: escapes), written, "and written alike")
    }
}

/// Server events: the readers of the hot path against the tree, and writing against reading.
func checkServerEvent(_ input: [UInt8]) {
    if let result = try? SendAcknowledgement.decode(input[...]) { checkAcknowledgement(result) }
    let tree = try? JSONValue(parsing: input)
    guard let event = try? ServerEvent.decode(input[...]) else {
        guard let name = tree?[0]?.stringValue, let payload = tree?[1] else { return }
        require(
            name != "new_message" || (try? Message(json: payload)) == nil,
            "the tree judges as the reader does")
        return
    }
    guard let tree else { fatalError("an event is JSON") }
    switch event {
    case .newMessage(let message):
        requireEqual(try? Message(json: tree[1] ?? .null), message, "the tree says the same")
    case .messageConfirmed(_, let message):
        requireEqual(try? Message(json: tree[1]?["message"] ?? .null), message, "the tree says the same")
    case .messageNotification(let message, _):
        requireEqual(try? Message(json: tree[1]?["message"] ?? .null), message, "the tree says the same")
    default: break
    }
    let written = event.packet().bytes
    if case .unknown = event { return }
    guard let again = try? ServerEvent.decode(written.dropFirst(2)) else {
        fatalError("what is written can be read")
    }
    let rewritten = again.packet().bytes
    requireEqual(rewritten, written, "what is read again is written alike")
    if isWritable(event) { requireEqual(again, event, "what is written is read again") }
    require((try? JSONValue(parsing: written.dropFirst(2))) != nil, "what is written is JSON")
}

private func checkAcknowledgement(_ result: SendAcknowledgement) {
    let bytes = result.packet(acknowledgementID: 7).bytes
    guard let again = try? SendAcknowledgement.decode(bytes.dropFirst(3)) else {
        fatalError("an acknowledgement that is written can be read")
    }
    if case .accepted(let message) = result, !isWritable(.newMessage(message)) { return }
    requireEqual(again, result, "an acknowledgement is read again")
}

/// A time outside the years 1 to 9999, which an offset can cause, is written as the nearest one inside.
private func isWritable(_ event: ServerEvent) -> Bool {
    switch event {
    case .newMessage(let message), .messageConfirmed(_, let message), .messageNotification(let message, _):
        [message.createdAt, message.deliveredAt, message.readAt].allSatisfy { $0.map(isWritable) ?? true }
    default: true
    }
}

private func isWritable(_ moment: Timestamp) -> Bool {
    WireDate.parse(WireDate.iso(moment)) == moment
}

func checkClientEvent(_ input: [UInt8]) {
    _ = ClientEvent.echo(in: input[...])
    guard let event = try? ClientEvent.decode(input[...]) else { return }
    if case .unknown = event { return }
    let again = try? ClientEvent.decode(event.packet().bytes.dropFirst(2))
    requireEqual(again, event, "what is written is read again")
    let withID = try? SocketPacket(decoding: event.packet(acknowledgementID: 12).bytes.dropFirst())
    requireEqual(withID?.acknowledgementID, 12, "the id stands before the payload")
}

/// The first byte chooses the status; the rest is the body of an answer to every call.
func checkAPIAnswers(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let status = [200, 201, 400, 401, 404, 500][Int(first) % 6]
    let body = Array(input.dropFirst())
    func read(_ call: APICall<some Sendable>) {
        _ = try? call.response(status: status, body: body)
    }
    let user = UserID(2)
    read(API.serverInformation())
    read(API.health())
    read(API.login(email: "a", password: "b"))
    read(API.me())
    read(API.refresh())
    read(API.contacts())
    read(API.addContact(user))
    read(API.findPeople("a"))
    read(API.send(to: user, content: "a"))
    read(API.conversation(with: user))
    read(API.markRead(from: user))
    read(API.unread())
    read(API.deleteConversation(with: user))
    read(API.sync(cursor: nil))
    read(API.vapidPublicKey())
    guard let messages = try? API.conversation(with: user).response(status: status, body: body) else {
        return
    }
    require(status < 300, "a refusal has no messages")
    _ = messages
}
