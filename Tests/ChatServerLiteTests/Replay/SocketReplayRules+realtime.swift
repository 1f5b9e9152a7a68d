import ChatWire

// Rules about who hears of what.
extension SocketReplayRules {
    static let presence = Rule(
        name: "presence",
        reason: """
            it goes to those who have the user as a contact, never to the user; a user comes with the first \
            socket and leaves with the last, and learns at once which contacts are there
            """
    ) { script, people in
        var online = Online(people: people)
        return script.steps.flatMap { step -> [SocketScript.Step] in
            if let frame = step.frame, frame.isPresence { return [] }
            guard let key = step.key else { return [step] }
            if step.frame?.isConnected == true { return [step] + online.connect(key, name: name(script)) }
            let isLeaving: Bool
            if case .close = step {
                isLeaving = true
            } else {
                isLeaving = !Set(step.sent).isDisjoint(with: ["41", "1"])
            }
            return [step] + (isLeaving ? online.disconnect(key) : [])
        }
    }

    private static func name(_ script: SocketScript) -> (String) -> String {
        { "Usuário \($0) 6b029f27" }
    }

    /// Who is online in the course of a script.
    private struct Online {
        let people: [String: Int64]
        private var keys: [String] = []

        init(people: [String: Int64]) { self.people = people }

        private func letter(_ key: String) -> String { String(key.prefix(1)) }

        mutating func connect(_ key: String, name: (String) -> String) -> [SocketScript.Step] {
            let mine = letter(key)
            let others = keys.filter { letter($0) != mine }
            let isFirst = others.count == keys.count
            var seen: Set<String> = []
            var steps: [SocketScript.Step] = []
            for other in others.map(letter) where seen.insert(other).inserted {
                steps.append(Self.online(key, other, people, name))
            }
            if isFirst { steps += others.map { Self.online($0, mine, people, name) } }
            keys.append(key)
            return steps
        }

        mutating func disconnect(_ key: String) -> [SocketScript.Step] {
            let mine = letter(key)
            guard let index = keys.firstIndex(of: key) else { return [] }
            keys.remove(at: index)
            guard !keys.contains(where: { letter($0) == mine }) else { return [] }
            return keys.map {
                SocketScript.expect($0, .event("user_offline", ["user_id": .integer(people[mine] ?? 0)]))
            }
        }

        private static func online(
            _ key: String, _ other: String, _ people: [String: Int64], _ name: (String) -> String
        ) -> SocketScript.Step {
            SocketScript.expect(
                key,
                .event(
                    "user_online",
                    ["user_id": .integer(people[other] ?? 0), "name": .string(name(other))]))
        }
    }

    static let typingEnds = Rule(
        name: "typing ends", reason: "typing ends with who types, and after 6 seconds"
    ) { script, people in
        let stopped = RecordedFrame.event("user_stopped_typing", ["user_id": .integer(people["A"] ?? 0)])
        let unfinished: Set = [
            "typing_start_ok", "typing_start_string_id", "typing_no_server_timeout",
            "second_connection_same_user",
        ]
        guard unfinished.contains(script.name) else { return script.steps }
        return script.mapArrivals { key, frame in
            key == "B" && frame.eventName == "user_offline" ? [stopped, frame] : [frame]
        }
    }

    static let restAnnounces = Rule(
        name: "REST announces", reason: "what is done by REST is told to sockets as if they had done it"
    ) { script, people in
        let (a, b) = (people["A"] ?? 0, people["B"] ?? 0)
        return script.steps.flatMap { step -> [SocketScript.Step] in
            switch step {
            case .restSend(let recorded):
                guard var message = recorded["data"]?["message"]?.objectValue else { return [step] }
                message["sender_name"] = "Usuário A 6b029f27"
                message["temp_id"] = .null
                let payload = JSONValue.object(message)
                let from: JSONValue = ["id": .integer(a), "name": "Usuário A 6b029f27"]
                return [
                    step, SocketScript.expect("A", .event("new_message", payload)),
                    SocketScript.expect("B", .event("new_message", payload)),
                    SocketScript.expect(
                        "B", .event("message_notification", ["message": payload, "from_user": from])),
                ]
            case .restRead:
                let read = RecordedFrame.event("messages_read", ["by_user_id": .integer(b)])
                return [step, SocketScript.expect("A", read), SocketScript.expect("B", read)]
            default: return [step]
            }
        }
    }

    static let genuineReceipts = Rule(
        name: "genuine receipts",
        reason: "only a message that there is, from that sender to this receiver, can have been delivered"
    ) { script, _ in
        script.name.hasPrefix("message_delivered_")
            ? script.mapArrivals { _, frame in frame.eventName == "message_status_update" ? [] : [frame] }
            : script.steps
    }

    static let genuineReadings = Rule(
        name: "genuine readings", reason: "nobody is told of a reading that marked nothing"
    ) { script, _ in
        let withoutUnread: Set = [
            "message_read_ok", "message_read_string_id", "second_connection_same_user",
        ]
        guard withoutUnread.contains(script.name) else { return script.steps }
        return script.mapArrivals { _, frame in frame.eventName == "messages_read" ? [] : [frame] }
    }

    static let equalSockets = Rule(
        name: "equal sockets",
        reason: "several sockets of a user are equal: none is displaced, all hear what concerns the user"
    ) { script, people in
        switch script.name {
        case "second_connection_same_user": EqualSockets(people).both(script)
        case "second_connection_newer_leaves_first": EqualSockets(people).first(script)
        case "final_conversation_rows": EqualSockets(people).rows(script)
        default: script.steps
        }
    }
}

/// Rewrites the expectations where the original displaces a socket. Except for presence, the recorded
/// arrivals are replaced by those of a server whose sockets are equal.
private struct EqualSockets {
    let people: [String: Int64]

    init(_ people: [String: Int64]) { self.people = people }

    func both(_ script: SocketScript) -> [SocketScript.Step] {
        let a = "A"
        return replacing(script) { key, sent in
            switch (key, sent.payload["content"]?.stringValue, sent.eventName) {
            case ("A1", "do antigo", _):
                return told(
                    sent, by: "A1", a, id: Self.oldSaid, others: ["A2"], room: ["B"], receivers: ["B"])
            case ("A2", "do novo", _):
                return told(sent, by: "A2", a, id: 25, others: [], room: ["A1", "B"], receivers: ["B"])
            case ("B", let text?, _):
                let isFirst = text == "para A"
                return told(
                    sent, by: "B", "B", id: isFirst ? 26 : 27, others: [],
                    room: isFirst ? ["B", "A1"] : ["B"],
                    receivers: isFirst ? ["A1", "A2"] : ["A2"])
            case ("A1", _, "typing_start"):
                return [acknowledged("A1", sent)] + [
                    SocketScript.expect("B", .event("user_typing", ["user_id": id(a), "name": name(a)]))
                ]
            case ("A1", _, "message_read"):
                return [
                    SocketScript.expect("B", .event("messages_read", ["by_user_id": id(a)])),
                    acknowledged("A1", sent),
                ]
            default: return sent.acknowledgementID == nil ? [] : [acknowledged(key, sent)]
            }
        }
    }

    func first(_ script: SocketScript) -> [SocketScript.Step] {
        replacing(script) { key, sent in
            switch (key, sent.payload["content"]?.stringValue) {
            case ("B", _?):
                return told(sent, by: "B", "B", id: 28, others: [], room: ["A1"], receivers: ["A1"])
            case ("A1", _?):
                return told(
                    sent, by: "A1", "A", id: Self.firstSaid, others: [], room: ["A1"], receivers: ["B"])
            default: return []
            }
        }
    }

    /// On this server the conversation contains the messages that the displaced socket could not send.
    func rows(_ script: SocketScript) -> [SocketScript.Step] {
        script.steps.map { step in
            guard case .rows(var rows) = step else { return step }
            let before = rows.firstIndex { $0[0] == 24 } ?? rows.endIndex
            rows.insert([.integer(Self.oldSaid), id("A"), id("B"), "do antigo", 0], at: before)
            rows.insert([.integer(Self.firstSaid), id("A"), id("B"), "A1 tenta", 0], at: 0)
            return .rows(recorded: rows)
        }
    }

    /// Ids for messages that were not recorded.
    private static let oldSaid: Int64 = 1_000_001
    private static let firstSaid: Int64 = 1_000_002

    private func id(_ letter: String) -> JSONValue { .integer(people[letter] ?? 0) }
    private func name(_ letter: String) -> JSONValue { .string("Usuário \(letter) 6b029f27") }

    private func acknowledged(_ key: String, _ sent: RecordedFrame) -> SocketScript.Step {
        SocketScript.expect(key, .acknowledgement(sent.acknowledgementID ?? ""))
    }

    private func replacing(
        _ script: SocketScript, _ answer: (String, RecordedFrame) -> [SocketScript.Step]
    ) -> [SocketScript.Step] {
        script.steps.flatMap { step -> [SocketScript.Step] in
            if case .send(let key, let text) = step, text.hasPrefix("42") {
                return [step] + answer(key, RecordedFrame(text))
            }
            guard let frame = step.frame else { return [step] }
            let isKept = frame.isPresence || frame.isHandshake || frame.isConnected
            return isKept ? [step] : []
        }
    }

    /// The arrivals after a valid send.
    private func told(
        _ sent: RecordedFrame, by key: String, _ letter: String, id number: Int64, others: [String],
        room: [String], receivers: [String]
    ) -> [SocketScript.Step] {
        let tempID = sent.payload["temp_id"] ?? .null
        let message: JSONValue = [
            "id": .integer(number), "sender_id": id(letter),
            "receiver_id": sent.payload["receiver_id"] ?? .null,
            "content": sent.payload["content"] ?? .null, "is_read": false,
            "created_at": "2026-11-22T07:56:16.138321", "sender_name": name(letter), "temp_id": tempID,
        ]
        let notification: JSONValue = [
            "message": message, "from_user": ["id": id(letter), "name": name(letter)],
        ]
        var steps = [
            SocketScript.expect(
                key, .event("message_sending", ["temp_id": tempID, "status": "processing"])),
            SocketScript.expect(key, .event("message_confirmed", ["temp_id": tempID, "message": message])),
        ]
        steps += (room + others).map { SocketScript.expect($0, .event("new_message", message)) }
        steps += receivers.map { SocketScript.expect($0, .event("message_notification", notification)) }
        return steps + [acknowledged(key, sent)]
    }
}
