import ChatWire

/// An Engine.IO packet as text: the prefix and the JSON after it.
struct RecordedFrame: Equatable, CustomStringConvertible {
    let prefix: String
    /// Nil when there is no JSON, or it is invalid.
    var json: JSONValue?

    init(_ text: String) {
        let prefix = text.prefix { $0 != "{" && $0 != "[" && $0 != "\"" }
        let rest = String(text.dropFirst(prefix.count))
        json = rest.isEmpty ? nil : try? JSONValue(parsing: rest)
        self.prefix = json == nil ? text : String(prefix)
    }

    private init(prefix: String, json: JSONValue) {
        self.prefix = prefix
        self.json = json
    }

    static func event(_ name: String, _ payload: JSONValue) -> RecordedFrame {
        RecordedFrame(prefix: "42", json: [.string(name), payload])
    }

    static func acknowledgement(_ id: String, _ arguments: JSONValue...) -> RecordedFrame {
        RecordedFrame(prefix: "43\(id)", json: .array(arguments))
    }

    var description: String { prefix + (json.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "") }

    // MARK: Kinds of frames

    /// The name of an event without its acknowledgement id; nil for other frames.
    var eventName: String? { prefix.hasPrefix("42") ? json?[0]?.stringValue : nil }

    var payload: JSONValue {
        get { json?[1] ?? .null }
        set { json = [json?[0] ?? .null, newValue] }
    }

    /// The acknowledgement id of an event or of an acknowledgement.
    var acknowledgementID: String? {
        let id = prefix.dropFirst(2)
        return (prefix.hasPrefix("42") || prefix.hasPrefix("43")) && !id.isEmpty && id.allSatisfy(\.isNumber)
            ? String(id) : nil
    }

    var isAcknowledgement: Bool { prefix.hasPrefix("43") && acknowledgementID != nil }

    /// Whether this is the answer to a CONNECT of the namespace `/`.
    var isConnected: Bool { prefix == "40" && json?["sid"] != nil }

    var isHandshake: Bool { prefix == "0" && json?["sid"] != nil }

    var isPresence: Bool { eventName == "user_online" || eventName == "user_offline" }

    /// The message in the frame, wherever it is.
    var message: JSONValue? {
        if isAcknowledgement { return json?[0]?["message"] }
        switch eventName {
        case "new_message": return payload
        default: return payload["message"]
        }
    }
}
