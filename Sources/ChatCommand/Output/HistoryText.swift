import ChatClientCore
import ChatTUI
import ChatWire

/// A conversation as lines for people: days, times, names, texts, and the states of own messages.
///
/// 2026-11-22
///       14:01  Bia Souza  Olá! Tudo bem?
///       14:02  you        Tudo! E você?  •✓✓ read
struct HistoryText {
    let strings: any CommandCatalogue
    let ink: Ink
    let peerName: String
    /// The width of the terminal; nil when the lines are not shown on one.
    var columns: Int?

    func lines(_ rows: [TimelineRow]) -> [String] {
        guard !rows.isEmpty else { return [strings.emptyHistory(CleanLine(peerName))] }
        var lines: [String] = []
        var day = ""
        var former: String?
        for row in rows {
            let date = LocalTime.date(row.time)
            if date != day {
                lines.append(ink.faint(date))
                day = date
            }
            if row.formerPeer != former {
                lines.append("  " + ink.faint(strings.former(row.formerPeer.map(Sanitizer.line))))
                former = row.formerPeer
            }
            if row.isGapAbove { lines.append("  " + ink.faint(strings.gap)) }
            lines += message(row)
        }
        return lines
    }

    private var nameWidth: Int {
        max(TextWidth.of(strings.me), TextWidth.of(shown(peerName)))
    }

    /// On a terminal the name leaves room for the text.
    private func shown(_ name: String) -> String {
        let name = Sanitizer.line(name)
        return columns.map { TextWidth.truncated(name, to: max(12, $0 / 3)) } ?? name
    }

    /// The lines of one message: further lines of its text are below the first.
    func message(_ row: TimelineRow) -> [String] {
        let name = row.isMine ? strings.me : shown(row.formerPeer ?? peerName)
        let padding = String(repeating: " ", count: max(0, nameWidth - TextWidth.of(name)))
        let texts = Sanitizer.text(row.content).split(separator: "\n", omittingEmptySubsequences: false)
        let indent = String(repeating: " ", count: 2 + 5 + 2 + nameWidth + 2)
        var lines: [String] = []
        for (number, text) in texts.enumerated() {
            let head = "  \(ink.faint(LocalTime.time(row.time)))  \(ink.bold(name))\(padding)  "
            lines.append((number == 0 ? head : indent) + text)
        }
        if row.isMine, let last = lines.indices.last { lines[last] += "  " + mark(row) }
        guard let columns else { return lines }
        return lines.flatMap { HangingText.lines($0, columns: columns, indent: indent) }
    }

    private func mark(_ row: TimelineRow) -> String {
        let words = "\(row.state.symbol) \(strings.state(row.state))"
        if row.state == .held, let why = strings.held(row.heldReason) { return ink.bad("\(words): \(why)") }
        guard let failure = row.failure else {
            return row.state == .read ? ink.good(words) : ink.faint(words)
        }
        return ink.bad("\(words): \(strings.serverLine(failure))")
    }
}

extension RowState {
    /// The mark of the state, as the terminal client draws it.
    var symbol: String {
        switch self {
        case .received: ""
        case .queued, .sending, .unknown: "◷"
        case .sent: "✓"
        case .delivered: "✓✓"
        case .read: "•✓✓"
        case .failed: "!"
        case .held: "‖"
        }
    }
}
