import ChatWire

/// The form in which messages leave the cache.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// One JSON object per line, with these keys: `conversation_id`, `conversation_name`, `message_id` (null while
    /// unsent), `temp_id` (null unless sent from here), `sender_id`, `sender_name`, `mine`, `time` (ISO 8601 in UTC),
    /// `state` (`received`, `queued`, `unknown`, `sent`, `delivered`, `read`, `failed`, `held`), `text`. Keys may be
    /// added; none changes its meaning.
    case jsonLines = "jsonl"
    /// A heading per conversation, a quotation per message.
    case markdown
    /// A line per message; further lines of its text are indented.
    case text
}

/// The wording of an export for people.
public struct ExportStyle: Sendable {
    /// The name of the account.
    public var ownName: String
    /// Formats a time.
    public var time: @Sendable (Timestamp) -> String
    /// Removes from a text what must not reach its reader.
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

    /// The text before a conversation's first message.
    func heading(_ name: String) -> [UInt8] {
        switch format {
        case .jsonLines: []
        case .markdown: Array("# \(escaped(oneLine(name)))\n\n".utf8)
        case .text: Array("== \(oneLine(name)) ==\n".utf8)
        }
    }

    /// The text after a conversation's last message.
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

    /// The text with a backslash before every character that is special in Markdown.
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
