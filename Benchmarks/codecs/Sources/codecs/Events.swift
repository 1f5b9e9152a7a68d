import ChatWire
import Foundation

private let content = "Oi, Bia! Você viu o \"resumo\" da reunião de ontem? Ficou ótimo 😀"
private let tempID = TempID("5f0c7a1e9b3d4c2f8a6e0d1b7c9f3a55")

/// A typical message.
let sampleMessage = Message(
    id: MessageID(123_456), senderID: UserID(15), receiverID: UserID(16), content: content, isRead: false,
    createdAt: Timestamp(microseconds: 1_795_333_752_064_975), senderName: "Ana Lima", tempID: tempID)

/// The two events of the hot path, each with our codec and with Foundation's, in both directions.
func measureEvents() throws {
    let newMessage = ServerEvent.newMessage(sampleMessage)
    let sendMessage = ClientEvent.sendMessage(to: UserID(16), content: content, tempID: tempID)

    let newMessageJSON = Array(newMessage.packet().bytes.dropFirst(2))
    let sendMessageJSON = Array(sendMessage.packet().bytes.dropFirst(2))
    try measure(
        "new_message", FoundationMessage.self, json: newMessageJSON, encode: { newMessage.packet().bytes },
        decode: { try ServerEvent.decode(newMessageJSON[...]) })
    try measure(
        "send_message", FoundationSend.self, json: sendMessageJSON, encode: { sendMessage.packet().bytes },
        decode: { try ClientEvent.decode(sendMessageJSON[...]) })
}

/// Measures one event. The other side decodes what ours has encoded, and encodes what it has decoded.
private func measure<Payload: Codable>(
    _ name: String, _ type: Payload.Type, json: [UInt8], encode: () -> [UInt8], decode: () throws -> some Any
) throws {
    // The rounds are short, so that some of them are not interrupted.
    let count = 400
    let data = Data(json)
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    let event = try decoder.decode(FoundationEvent<Payload>.self, from: data)
    var failures = 0
    func repeated(_ body: () throws -> Void) -> Double {
        shortest(rounds: 150, count: count) {
            for _ in 0..<count {
                do { try body() } catch { failures += 1 }
            }
        }
    }
    let ours = (repeated { use(encode()) }, repeated { use(try decode()) })
    let theirs = (
        repeated { use(try encoder.encode(event)) },
        repeated { use(try decoder.decode(FoundationEvent<Payload>.self, from: data)) }
    )
    precondition(failures == 0, "what is measured works")
    print(
        "\(name)   encoded in \(text(ours.0 * 1e9)) ns, Foundation \(text(theirs.0 * 1e9)) ns: "
            + "\(text(theirs.0 / ours.0)) times as fast")
    print(
        "\(name)   decoded in \(text(ours.1 * 1e9)) ns, Foundation \(text(theirs.1 * 1e9)) ns: "
            + "\(text(theirs.1 / ours.1)) times as fast")
}

/// An event's array, for Foundation. Times stay strings there: parsing them would cost it more.
private struct FoundationEvent<Payload: Codable>: Codable {
    var name: String
    var payload: Payload

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
        payload = try container.decode(Payload.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(name)
        try container.encode(payload)
    }
}

// The names are those of the wire, so no mapping costs anything.

private struct FoundationMessage: Codable {
    var id: Int64
    var sender_id: Int64
    var receiver_id: Int64
    var content: String
    var is_read: Bool
    var created_at: String
    var sender_name: String?
    var temp_id: String?
}

private struct FoundationSend: Codable {
    var receiver_id: Int64
    var content: String
    var temp_id: String?
}
