import TestSupport
import Testing

@testable import ChatWire

@Suite struct RecordedEventTests {
    /// Recorded events of the real server that make no sense: a reader who is nobody, a message id that a client made
    /// up, and temp ids that are not strings (only these ids are lost).
    private static let malformed = [
        #"["messages_read",{"by_user_id":null}]"#,
        #"["message_status_update",{"message_id":"abc","status":"delivered"}]"#,
    ]

    /// The end of the cases in which a client sends something that is not allowed.
    private static let refused = [
        "_missing", "_null", "_no_payload", "_string_payload", "_null_payload", "_two_payloads",
        "_missing_receiver", "_list_receiver", "_missing_content", "_int_content", "_empty_object",
        "_missing_message_id", "_missing_sender_id", "_string_message_id",
    ]

    @Test func `every recorded event of the server is read, and written again as it was`() throws {
        var count = 0
        for (name, payload) in try Transcripts.eventPayloads(fromClient: false) {
            guard !Self.malformed.contains(payload.text) else {
                #expect(throws: EventError.self) { try ServerEvent.decode(payload[...]) }
                continue
            }
            let event = try ServerEvent.decode(payload[...])
            if case .unknown(let unknown) = event { Issue.record("\(name): \(unknown)") }
            let json = try JSONValue(parsing: payload)
            let tempID = json[1]?["temp_id"] ?? json[1]?["message"]?["temp_id"]
            let echo = tempID?.objectValue.map(JSONValue.object)
            var writer = JSONWriter()
            event.write(to: &writer, echoing: echo)
            // An id that came back as text or as a float is written as a number.
            if !["send_string_receiver", "send_float_receiver"].contains(name) {
                #expect(try JSONValue(parsing: writer.bytes) == json, "\(name)")
            }
            // The recorded server escapes everything beyond ASCII; otherwise the bytes are identical.
            #expect(json.serialized(escapesNonASCII: true) == payload, "\(name)")
            count += 1
        }
        #expect(count > 200)
    }

    @Test func `every recorded event of a client is read or refused as one`() throws {
        var known = 0
        for (name, payload) in try Transcripts.eventPayloads(fromClient: true) {
            do {
                if case .unknown(let unknown) = try ClientEvent.decode(payload[...]) {
                    #expect(["nope", "message", "connect", "disconnect"].contains(unknown), "\(name)")
                } else {
                    known += 1
                }
            } catch EventError.malformed {
                #expect(Self.refused.contains { name.hasSuffix($0) }, "\(name): \(payload.text)")
            } catch EventError.notAnEvent {
                #expect(["[]", "[5]"].contains(payload.text), "\(name): \(payload.text)")
            }
        }
        #expect(known > 100)
    }

    /// The hand-written readers and the tree agree on any bytes.
    @Test(arguments: [41, 42, 43] as [UInt64])
    func `both readers of messages agree`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let corpus = try Transcripts.eventPayloads(fromClient: false)
            .filter { $0.payload.text.contains("sender_id") }.map(\.payload)
        for round in 0..<4000 {
            let payload = corpus[Int.random(in: 0..<corpus.count, using: &generator)].mutated(
                using: &generator)
            let expected = (try? JSONValue(parsing: payload)).flatMap(Self.event)
            let event = try? ServerEvent.decode(payload[...])
            switch event {
            case .newMessage, .messageConfirmed, .messageNotification, nil:
                try #require(event == expected, "seed \(seed), round \(round): \(payload.text)")
            default: continue
            }
        }
    }

    /// The three events with messages, read with the tree.
    private static func event(_ json: JSONValue) -> ServerEvent? {
        guard let name = json[0]?.stringValue else { return nil }
        let body = json[1] ?? .null
        let tempID = body["temp_id"]?.stringValue.map { TempID($0) }
        switch name {
        case "new_message": return (try? Message(json: body)).map { .newMessage($0) }
        case "message_confirmed", "message_sent":
            guard let message = body["message"] else { return nil }
            return (try? Message(json: message)).map { .messageConfirmed(tempID: tempID, $0) }
        case "message_notification":
            guard let message = body["message"], let sender = body["from_user"] else { return nil }
            guard let message = try? Message(json: message), let sender = try? Person(json: sender) else {
                return nil
            }
            return .messageNotification(message, from: sender)
        default: return nil
        }
    }

    /// Any bytes give an event or a typed error, and an event survives writing and reading.
    @Test(arguments: [51, 52, 53] as [UInt64])
    func `mutated events are survived`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let fromServer = try Transcripts.eventPayloads(fromClient: false).map(\.payload)
        let fromClient = try Transcripts.eventPayloads(fromClient: true).map(\.payload)
        for round in 0..<4000 {
            let one = fromServer[Int.random(in: 0..<fromServer.count, using: &generator)].mutated(
                using: &generator)
            if let event = try? ServerEvent.decode(one[...]) {
                let again = try? ServerEvent.decode(event.packet().bytes.dropFirst(2))
                try #require(again == event, "seed \(seed), round \(round): \(one.text)")
            }
            let other = fromClient[Int.random(in: 0..<fromClient.count, using: &generator)].mutated(
                using: &generator)
            if let event = try? ClientEvent.decode(other[...]) {
                guard case .unknown = event else {
                    let again = try? ClientEvent.decode(event.packet().bytes.dropFirst(2))
                    try #require(again == event, "seed \(seed), round \(round): \(other.text)")
                    continue
                }
            }
            _ = ClientEvent.echo(in: other[...])
            _ = try? SendAcknowledgement.decode(other[...])
        }
    }
}
