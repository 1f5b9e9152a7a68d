import ChatClientCore
import ChatTUI
import ChatWire

/// Prints the events of `mychat watch`: a line for people, or one JSON object per event.
struct WatchPrinter {
    let context: CommandContext
    let kinds: Set<WatchKind>

    /// True when some output could not be written.
    var isBroken: Bool { context.output.failure != nil }

    func news(_ news: WatchLedger.News, of peer: Recipient) {
        switch news {
        case .message(let row): message(row, of: peer)
        case .state(let row):
            let name = Sanitizer.line(peer.name)
            var words = strings.state(row.state)
            if let failure = row.failure { words += ": \(strings.serverLine(failure))" }
            tell(
                .state, ["with": CommandJSON.person(peer), "message": CommandJSON.message(row)],
                "\(strings.me) → \(name)  \(excerpt(row))  \(context.ink.faint(words))")
        case .deleted(let row):
            tell(
                .deleted, ["with": CommandJSON.person(peer), "message": CommandJSON.message(row)],
                "\(Sanitizer.line(peer.name))  \(context.ink.faint(strings.deletedWord))  \(excerpt(row))")
        }
    }

    /// The indentation of a message's further lines.
    private static let indent = "       "

    private func message(_ row: TimelineRow, of peer: Recipient) {
        let name = context.ink.bold(Sanitizer.line(peer.name))
        let head = row.isMine ? "\(strings.me) → \(name)" : name
        let text = Sanitizer.text(row.content).split(separator: "\n", omittingEmptySubsequences: false)
        tell(
            .message, ["with": CommandJSON.person(peer), "message": CommandJSON.message(row)],
            "\(head)  \(text.joined(separator: "\n" + Self.indent))", at: row.time)
    }

    func typing(_ isTyping: Bool, _ peer: Recipient) {
        let name = Sanitizer.line(peer.name)
        tell(
            .typing, ["with": CommandJSON.person(peer), "typing": .bool(isTyping)],
            context.ink.faint(strings.typing(name, isTyping)))
    }

    func presence(_ presence: Presence, _ peer: Recipient) {
        let name = Sanitizer.line(peer.name)
        tell(
            .presence, ["with": CommandJSON.person(peer), "presence": Self.json(presence)],
            context.ink.faint("\(name)  \(strings.words(presence))"))
    }

    func link(_ link: LinkState) {
        guard kinds.contains(.link) else { return }
        guard !context.isJSON else {
            return print(["event": "link", "state": Self.json(link), "reason": reason(link)])
        }
        // This concerns the watch itself and is not part of what is watched.
        context.output.write("mychat: \(strings.words(link))\n", to: .standardError)
    }

    private var strings: any CommandCatalogue { context.strings }

    private func excerpt(_ row: TimelineRow) -> String { String(Sanitizer.line(row.content).prefix(40)) }

    private func tell(_ kind: WatchKind, _ fields: JSONObject, _ line: String, at time: Timestamp = .now) {
        guard kinds.contains(kind) else { return }
        if context.isJSON {
            var object: JSONObject = ["event": .string(kind.rawValue)]
            for member in fields.members { object.append(member.key, member.value) }
            print(object)
        } else {
            let lines = "\(context.ink.faint(LocalTime.time(time)))  \(line)".split(separator: "\n")
                .flatMap { context.fitted(String($0), indent: Self.indent) }
            context.output.write(lines.joined(separator: "\n") + "\n", to: .standardOutput)
        }
    }

    private func print(_ fields: JSONObject) {
        let object = JSONOutput.object(
            command: Watch.title, result: CommandResult(fields: fields, lines: []))
        context.output.writeVerbatim(JSONOutput.line(object))
    }

    private func reason(_ link: LinkState) -> JSONValue {
        guard case .offline(let reason, _) = link else { return .null }
        return .string(strings.words(reason))
    }

    private static func json(_ presence: Presence) -> JSONValue {
        switch presence {
        case .online: "online"
        case .offline: "offline"
        case .unknown: "unknown"
        }
    }

    private static func json(_ link: LinkState) -> JSONValue {
        switch link {
        case .signedOut: "signed-out"
        case .offline: "offline"
        case .connecting: "connecting"
        case .online: "online"
        case .inUseElsewhere: "in-use-elsewhere"
        case .refused: "refused"
        }
    }
}
