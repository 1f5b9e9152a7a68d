import ChatWire

/// In which form messages leave the cache.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// One JSON object on each line, with these keys: `conversation_id`, `conversation_name`, `message_id` (null
    /// while unsent), `temp_id` (null unless sent from here), `sender_id`, `sender_name`, `mine`, `time` (ISO 8601
    /// in UTC), `state` (`received`, `queued`, `unknown`, `sent`, `delivered`, `read`, `failed`, `held`), `text`.
    /// Keys may be added, none changes its meaning.
    case jsonLines = "jsonl"
    /// A heading for each conversation, a quotation for each message.
    case markdown
    /// A line for each message; further lines of its text are indented.
    case text
}

/// How an export for people words things.
public struct ExportStyle: Sendable {
    /// What the account is called.
    public var ownName: String
    /// How a time is written.
    public var time: @Sendable (Timestamp) -> String
    /// Takes out of a text what must not reach whoever reads it.
    public var clean: @Sendable (String) -> String

    /// A style; the parameters are the properties of the same names.
    public init(
        ownName: String, time: @escaping @Sendable (Timestamp) -> String = { WireDate.iso($0) + "Z" },
        clean: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.ownName = ownName
        self.time = time
        self.clean = clean
    }
}

/// Writes messages in one of the forms.
struct MessageExport {
    let format: ExportFormat
    let style: ExportStyle

    /// What stands before a conversation's first message.
    func heading(_ name: String) -> [UInt8] {
        switch format {
        case .jsonLines: []
        case .markdown: Array("# \(escaped(oneLine(name)))\n\n".utf8)
        case .text: Array("== \(oneLine(name)) ==\n".utf8)
        }
    }

    /// What stands after its last.
    var ending: [UInt8] { format == .text ? [UInt8(ascii: "\n")] : [] }

    func message(_ row: TimelineRow, of peer: UserID, _ name: String) -> [UInt8] {
        switch format {
        case .jsonLines: return line(row, of: peer, name)
        case .markdown:
            let text = escaped(style.clean(row.content)).split(
                separator: "\n", omittingEmptySubsequences: false)
            return Array(
                ("**\(escaped(sender(row, name)))** \(style.time(row.time))\(remark(row))\n\n"
                    + text.map { "> \($0)" }.joined(separator: "  \n") + "\n\n").utf8)
        case .text:
            let text = style.clean(row.content).split(separator: "\n", omittingEmptySubsequences: false)
            return Array(
                ("\(style.time(row.time)) \(sender(row, name)): " + text.joined(separator: "\n    ")
                    + remark(row) + "\n").utf8)
        }
    }

    private func sender(_ row: TimelineRow, _ name: String) -> String {
        oneLine(row.isMine ? style.ownName : name)
    }

    private func oneLine(_ text: String) -> String {
        String(style.clean(text).map { $0.isNewline ? " " : $0 })
    }

    private func remark(_ row: TimelineRow) -> String { row.state.isUnsent ? " [\(row.state)]" : "" }

    /// With a backslash before everything that means something in Markdown.
    private func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if "\\`*_[]<>#|".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }

    private func line(_ row: TimelineRow, of peer: UserID, _ name: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        func text(_ key: String, _ value: String?) {
            writer.key(named: key)
            if let value { writer.string(value) } else { writer.null() }
        }
        func number(_ key: String, _ value: Int64?) {
            writer.key(named: key)
            if let value { writer.integer(value) } else { writer.null() }
        }
        number("conversation_id", peer.rawValue)
        text("conversation_name", name)
        number("message_id", row.messageID?.rawValue)
        text("temp_id", row.tempID?.rawValue)
        number("sender_id", row.senderID.rawValue)
        text("sender_name", row.isMine ? style.ownName : name)
        writer.key("mine")
        writer.bool(row.isMine)
        text("time", WireDate.iso(row.time) + "Z")
        text("state", "\(row.state)")
        text("text", row.content)
        writer.endObject()
        return VisibleText.json(writer.bytes) + [UInt8(ascii: "\n")]
    }
}
