import ChatClientCore
import ChatWire

/// All that is known about one message.
enum DetailsDialog {
    private static let columns = 60

    static func draw(_ row: TimelineRow, _ context: ScreenContext, on screen: inout Screen) {
        let entries = entries(row, context)
        let labels = (entries.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        let width = max(1, min(columns, screen.size.columns - 2) - 4 - labels)
        let wrapped = entries.map {
            ($0.label, TextWrap.lines(Sanitizer.text($0.text), width: width), $0.style)
        }
        let inside = DialogFrame.draw(
            title: context.strings.detailsTitle, footer: context.closesHint, columns: columns,
            rows: wrapped.reduce(2) { $0 + $1.1.count }, context, on: &screen)
        var line = inside.row
        for (label, texts, style) in wrapped {
            for (offset, text) in texts.enumerated() where line < inside.endRow {
                if offset == 0 {
                    screen.write(label, column: inside.column, row: line, style: context.theme.faint)
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

    private static func entries(_ row: TimelineRow, _ context: ScreenContext) -> [Entry] {
        let strings = context.strings
        let time = context.calendar.time(of: row.time)
        let sender = row.isMine ? strings.you : context.displayName(of: row.senderID)
        var entries = [
            Entry(label: strings.detailFrom, text: sender, style: context.theme.text),
            Entry(
                label: strings.detailTime(isUnsent: row.state.isUnsent),
                text: strings.exactly(time, today: context.today),
                style: context.theme.text),
            Entry(label: strings.detailState, text: stateText(row, context), style: context.theme.text),
        ]
        for (label, time) in [
            (strings.detailDelivered, row.deliveredAt), (strings.detailRead, row.readAt),
        ] {
            guard let time else { continue }
            let moment = context.calendar.time(of: time)
            entries.append(
                Entry(
                    label: label, text: strings.exactly(moment, today: context.today),
                    style: context.theme.text))
        }
        if row.failure != nil {
            let failure = context.failureWords(row)
            entries.append(Entry(label: strings.detailReason, text: failure, style: context.theme.bad))
        }
        entries.append(
            Entry(
                label: strings.detailLength, text: strings.characters(row.content.unicodeScalars.count),
                style: context.theme.text))
        if let id = row.messageID {
            entries.append(Entry(label: strings.detailID, text: "\(id.rawValue)", style: context.theme.faint))
        }
        if let tempID = row.tempID {
            entries.append(
                Entry(label: strings.detailTempID, text: tempID.rawValue, style: context.theme.faint))
        }
        return entries
    }

    private static func stateText(_ row: TimelineRow, _ context: ScreenContext) -> String {
        let words = context.strings.words(for: row.state)
        guard let (mark, _) = StatusMark.of(row.state, context) else { return words }
        return mark + "  " + words
    }
}
