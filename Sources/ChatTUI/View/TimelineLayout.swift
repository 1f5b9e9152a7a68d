import ChatClientCore
import ChatWire

/// One line of a conversation as it is drawn.
enum TimelineLine: Hashable, Sendable {
    case blank
    case day(String)
    case unread(Int)
    case note(String)
    /// A line that names the sender above the text, where names have no column.
    case sender(row: Int, time: String)
    /// A line of text; `isFirst` and `isLast` say which part of the message it is.
    case text(row: Int, [RichText.Span], isFirst: Bool, isLast: Bool, showsName: Bool, time: String)
    case failure(row: Int, String)
    case hint(row: Int, String)

    var isDay: Bool {
        if case .day = self { true } else { false }
    }

    var isUnread: Bool {
        if case .unread = self { true } else { false }
    }

    /// The row that the line is a part of.
    var row: Int? {
        switch self {
        case .blank, .day, .unread, .note: nil
        case .sender(let row, _), .text(let row, _, _, _, _, _), .failure(let row, _), .hint(let row, _): row
        }
    }
}

/// Turns rows into lines, only those that are asked for: the cost depends on the
/// height of the view, not on the number of rows.
struct TimelineLayout {
    /// A place in the lines: so many lines of this block are above the lower edge. The
    /// block before the first row is number -1.
    private struct Edge {
        var block: Int
        var lines: Int
    }

    let rows: [TimelineRow]
    let width: Int
    let height: Int
    let nameColumns: Int
    /// True where names and times stand in columns of their own beside the text.
    let hasColumns: Bool
    private let context: ScreenContext
    private let open: TimelinePane
    private let highlight: SearchHighlight?

    /// Messages of one sender closer than this stand together under one name.
    private static let groupMicroseconds: Int64 = 5 * 60 * 1_000_000
    static let statusColumns = 3

    init(_ open: TimelinePane, _ context: ScreenContext, in area: Rect) {
        self.context = context
        self.open = open
        highlight = open.highlight
        rows = open.window.rows
        width = area.columns
        height = area.rows
        let peerName = context.shortName(of: open.peer)
        nameColumns = min(12, max(3, TextWidth.of(peerName), TextWidth.of(context.strings.you)))
        hasColumns = area.columns >= 44
    }

    /// The columns of the text itself.
    var textColumns: Int {
        let beside = hasColumns ? textStart : 2
        return max(1, width - beside - Self.statusColumns - 2)
    }

    /// Where the text begins.
    var textStart: Int { hasColumns ? 1 + nameColumns + 2 + context.strings.clockColumns + 2 : 2 }

    // MARK: Views

    /// The lines in view, from the top. Fewer than `height` when there are no more.
    func visible() -> [TimelineLine] {
        guard height > 0 else { return [] }
        var result: [TimelineLine] = []
        var edge = edge(of: open.scroll)
        while result.count < height {
            result = block(edge.block).prefix(edge.lines) + result
            guard edge.block > -1 else { break }
            edge = whole(edge.block - 1)
        }
        return Array(result.suffix(height))
    }

    /// Where the view is after moving up (positive) or down by lines; never beyond the ends.
    func scrolled(up lines: Int) -> TimelinePane.Scroll {
        var edge = edge(of: open.scroll)
        edge = lines >= 0 ? moved(edge, up: lines) : moved(edge, down: -lines)
        return scroll(at: keepingFull(edge))
    }

    /// The view at the very beginning of what is loaded.
    func atStart() -> TimelinePane.Scroll {
        scroll(at: keepingFull(Edge(block: -1, lines: 1)))
    }

    /// True when the first row in view is within so many rows of the first loaded one.
    func isNearStart(rows margin: Int) -> Bool {
        var edge = edge(of: open.scroll)
        var seen = 0
        while seen < height, edge.block > -1 {
            seen += edge.lines
            edge = whole(edge.block - 1)
        }
        return edge.block < margin
    }

    /// The rows with a line in view; nil when there is none.
    func rowsInView() -> ClosedRange<Int>? {
        let lowest = edge(of: open.scroll).block
        guard lowest >= 0, height > 0 else { return nil }
        var edge = edge(of: open.scroll)
        var seen = edge.lines
        while seen < height, edge.block > 0 {
            edge = whole(edge.block - 1)
            seen += edge.lines
        }
        return max(0, edge.block)...lowest
    }

    /// Rows that hold all in view, and as many as so many views above and below it could hold.
    func rowsNearView(views margin: Int) -> ArraySlice<TimelineRow> {
        guard height > 0 else { return [] }
        let lowest = edge(of: open.scroll).block
        guard lowest >= 0 else { return rows.prefix(height * (1 + margin)) }
        // Each row has a line at least.
        let first = max(0, lowest - height * (1 + margin) + 1)
        return rows[first...min(rows.count - 1, lowest + height * margin)]
    }

    /// The view moved as little as needed for a row to be in it, its first lines in any case.
    func revealing(_ index: Int) -> TimelinePane.Scroll {
        let lowest = edge(of: open.scroll)
        guard index < lowest.block else {
            let isWhole = index == lowest.block && lowest.lines == block(index).count
            return isWhole ? open.scroll : scroll(at: keepingFull(whole(index)))
        }
        let above = (index..<lowest.block).reduce(lowest.lines) { $0 + block($1).count }
        return above <= height ? open.scroll : scroll(at: keepingFull(moved(lowest, up: above - height)))
    }

    /// The view with a row a third below its top.
    func around(_ index: Int) -> TimelinePane.Scroll {
        scroll(at: keepingFull(moved(Edge(block: index, lines: 1), down: height * 2 / 3)))
    }

    private func edge(of scroll: TimelinePane.Scroll) -> Edge {
        switch scroll {
        case .end: return whole(rows.count - 1)
        case .row(let id, let below):
            guard let index = rows.firstIndex(where: { $0.id == id }) else { return whole(rows.count - 1) }
            let lines = block(index).count
            return Edge(block: index, lines: max(1, lines - below))
        }
    }

    private func scroll(at edge: Edge) -> TimelinePane.Scroll {
        let last = rows.count - 1
        guard edge.block >= 0, open.window.hasNewer || edge.block < last || edge.lines < block(last).count
        else {
            return .end
        }
        return .row(rows[edge.block].id, linesBelow: block(edge.block).count - edge.lines)
    }

    private func whole(_ index: Int) -> Edge { Edge(block: index, lines: block(index).count) }

    private func moved(_ start: Edge, up lines: Int) -> Edge {
        var edge = start
        var rest = lines
        while rest >= edge.lines {
            guard edge.block > -1 else { return Edge(block: -1, lines: 1) }
            rest -= edge.lines
            edge = whole(edge.block - 1)
        }
        edge.lines -= rest
        return edge
    }

    private func moved(_ start: Edge, down lines: Int) -> Edge {
        var edge = start
        var rest = lines
        while true {
            let hidden = block(edge.block).count - edge.lines
            if rest <= hidden {
                edge.lines += rest
                return edge
            }
            guard edge.block < rows.count - 1 else { return whole(edge.block) }
            rest -= hidden + 1
            edge = Edge(block: edge.block + 1, lines: 1)
        }
    }

    /// Moves an edge down until the view above it is full, or the end is reached.
    private func keepingFull(_ start: Edge) -> Edge {
        var above = 0
        var edge = start
        while above < height, edge.block > -1 {
            above += edge.lines
            edge = whole(edge.block - 1)
        }
        if edge.block == -1 { above += edge.lines }
        return above >= height ? start : moved(start, down: height - above)
    }

    // MARK: Blocks

    /// The lines of one row with what stands above it; block -1 is the head of the conversation.
    private func block(_ index: Int) -> [TimelineLine] {
        guard rows.indices.contains(index) else { return head }
        let row = rows[index]
        var lines = separators(above: index)
        let time = context.calendar.time(of: row.time)
        let clock = context.strings.clock(time)
        let showsName = !lines.isEmpty || !continues(index)
        if !hasColumns, showsName { lines.append(.sender(row: index, time: clock)) }
        let texts = texts(of: row)
        for (number, spans) in texts.enumerated() {
            lines.append(
                .text(
                    row: index, spans, isFirst: number == 0, isLast: number == texts.count - 1,
                    showsName: showsName && number == 0, time: clock))
        }
        return lines + problem(of: row, index)
    }

    private func texts(of row: TimelineRow) -> [[RichText.Span]] {
        let setting = textSetting
        return open.texts.lines(of: row, setting)
            ?? RichText.lines(row.content, width: setting.width, highlight: setting.highlight)
    }

    var textSetting: MessageTexts.Setting { .init(width: textColumns, highlight: highlight) }

    private func problem(of row: TimelineRow, _ index: Int) -> [TimelineLine] {
        let sentence: String
        switch row.state {
        case .failed: sentence = context.strings.notSent(context.failureWords(row))
        case .held: sentence = context.strings.heldBack(row)
        default: return []
        }
        let wrapped = TextWrap.lines(Sanitizer.text(sentence), width: textColumns)
        let hints = context.decisionHints(isChosen: open.chosen?.row == row.id)
        let hint = hints.first { TextWidth.of($0) < width - textStart } ?? hints.last
        return wrapped.map { TimelineLine.failure(row: index, $0) }
            + (hint.map { [.hint(row: index, $0)] } ?? [])
    }

    private func separators(above index: Int) -> [TimelineLine] {
        let row = rows[index]
        var lines: [TimelineLine] = []
        let time = context.calendar.time(of: row.time)
        if let note = formerNote(above: index) { lines.append(.note(note)) }
        if row.isGapAbove {
            let isFilling = open.window.gapBeingFilled == row.id
            lines.append(.note(isFilling ? context.strings.loadingOlder : context.strings.gap))
        }
        let previous = index > 0 ? context.calendar.time(of: rows[index - 1].time) : nil
        if previous?.dayNumber != time.dayNumber {
            if index > 0 { lines.append(.blank) }
            lines.append(.day(context.strings.day(time, today: context.today)))
        }
        if let mark = open.unreadLine.mark, mark.row == row.id { lines.append(.unread(mark.count)) }
        return lines
    }

    /// Where messages of a former server begin, and where they end.
    private func formerNote(above index: Int) -> String? {
        let name = rows[index].formerPeer
        let before = index > 0 ? rows[index - 1].formerPeer : nil
        if let name {
            return name == before ? nil : context.strings.formerMessages(with: Sanitizer.line(name))
        }
        return before == nil ? nil : context.strings.presentMessages
    }

    /// True when the row belongs to the group of the one before it.
    private func continues(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let row = rows[index]
        let previous = rows[index - 1]
        let (distance, overflow) = row.time.microseconds.subtractingReportingOverflow(
            previous.time.microseconds)
        return previous.senderID == row.senderID && previous.isMine == row.isMine
            && previous.formerPeer == row.formerPeer && !overflow
            && abs(distance) < Self.groupMicroseconds
    }

    private var head: [TimelineLine] {
        if open.window.isFetchingOlder { return [.note(context.strings.loadingOlder)] }
        if open.window.hasOlder { return [.note(context.strings.olderAbove)] }
        // A conversation that was never fetched may begin before this row.
        if open.window.mayFetchOlder {
            return rows.contains { !$0.state.isUnsent } ? [.note(context.strings.olderAbove)] : [.blank]
        }
        return [.note(context.strings.beginning)]
    }
}
