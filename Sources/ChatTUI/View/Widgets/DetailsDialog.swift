import ChatClientCore
import ChatWire

/// All that is known about one message.
enum DetailsDialog {
    private static let columns = 60

    static func draw(_ row: TimelineRow, _ state: AppState, on screen: inout Screen) {
        let entries = entries(row, state)
        let labels = (entries.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        let width = max(1, min(columns, screen.size.columns - 2) - 4 - labels)
        let wrapped = entries.map {
            ($0.label, TextWrap.lines(Sanitizer.text($0.text), width: width), $0.style)
        }
        let inside = DialogFrame.draw(
            title: state.strings.detailsTitle, footer: state.closesHint, columns: columns,
            rows: wrapped.reduce(2) { $0 + $1.1.count }, state, on: &screen)
        var line = inside.row
        for (label, texts, style) in wrapped {
            for (offset, text) in texts.enumerated() where line < inside.endRow {
                if offset == 0 {
                    screen.write(label, column: inside.column, row: line, style: state.theme.faint)
                }
                screen.write(
                    text, column: inside.column + labels, row: line, columns: inside.columns - labels,
                    style: style)
                line += 1
            }
        }
    }

    private struct Entry {
        var label: String
        var text: String
        var style: Style
    }

    private static func entries(_ row: TimelineRow, _ state: AppState) -> [Entry] {
        let strings = state.strings
        let time = state.calendar.time(of: row.time)
        let sender = row.isMine ? strings.you : state.displayName(of: row.senderID)
        var entries = [
            Entry(label: strings.detailFrom, text: sender, style: state.theme.text),
            Entry(
                label: strings.detailTime(isUnsent: row.state.isUnsent),
                text: strings.exactly(time, today: state.today),
                style: state.theme.text),
            Entry(label: strings.detailState, text: stateText(row, state), style: state.theme.text),
        ]
        for (label, time) in [
            (strings.detailDelivered, row.deliveredAt), (strings.detailRead, row.readAt),
        ] {
            guard let time else { continue }
            let moment = state.calendar.time(of: time)
            entries.append(
                Entry(
                    label: label, text: strings.exactly(moment, today: state.today), style: state.theme.text))
        }
        if row.failure != nil {
            let failure = state.failureWords(row)
            entries.append(Entry(label: strings.detailReason, text: failure, style: state.theme.bad))
        }
        entries.append(
            Entry(
                label: strings.detailLength, text: strings.characters(row.content.unicodeScalars.count),
                style: state.theme.text))
        if let id = row.messageID {
            entries.append(Entry(label: strings.detailID, text: "\(id.rawValue)", style: state.theme.faint))
        }
        if let tempID = row.tempID {
            entries.append(
                Entry(label: strings.detailTempID, text: tempID.rawValue, style: state.theme.faint))
        }
        return entries
    }

    private static func stateText(_ row: TimelineRow, _ state: AppState) -> String {
        let words = state.strings.words(for: row.state)
        guard let (mark, _) = StatusMark.of(row.state, state) else { return words }
        return mark + "  " + words
    }
}
