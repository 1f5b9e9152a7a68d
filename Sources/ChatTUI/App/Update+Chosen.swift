import ChatClientCore
import ChatWire

/// The cursor among the messages, and what can be done to the one that it is on.
extension AppState {
    var isChoosing: Bool { stage == .chat && open?.chosen != nil && pane == .conversation }

    /// Begins with what waits for the person, if that is in view, else with the lowest message.
    mutating func chooseMessage() -> [Effect] {
        guard let opened = open, let view = TimelineLayout(self, in: layout.timeline) else { return [] }
        guard let inView = view.rowsInView(), let lowest = inView.last else {
            say(strings.nothingToChoose)
            return []
        }
        pane = .conversation
        let waiting = inView.last { [.failed, .held].contains(opened.rows[$0].state) }
        choose(opened.rows[waiting ?? lowest])
        return []
    }

    /// Puts the cursor on a row, and the row into view.
    mutating func choose(_ row: TimelineRow) {
        open?.chosen = ChosenMessage(row)
        revealChosen()
    }

    mutating func revealChosen() {
        guard let index = open?.chosenIndex, let view = TimelineLayout(self, in: layout.timeline) else {
            return
        }
        setScroll(view.revealing(index))
    }

    /// Keys while a message is chosen; nil for those that mean what they always mean.
    mutating func handleChosen(_ key: Key, _ command: Command?) -> [Effect]? {
        if let command = keymap.messageCommand(for: key) { return perform(command) }
        if typed(key) != nil { return [] }
        switch command {
        case .up, .down, .accept, .newline, .edit: return []
        case .chooseMessage: return perform(.previous)
        case .scrollToEnd: return perform(.last)
        default: return nil
        }
    }

    private mutating func perform(_ command: MessageCommand) -> [Effect] {
        switch command {
        case .previous: moveChosen { $0 - 1 }
        case .next: moveChosen { $0 + 1 }
        case .pageUp: moveChosenByPage(1)
        case .pageDown: moveChosenByPage(-1)
        case .first: return chooseFirst()
        case .last: return chooseLast()
        case .previousDay: moveChosenByDay(-1)
        case .nextDay: moveChosenByDay(1)
        case .search: return beginSearch("", everywhere: false)
        case .nextHit: return nextHit(1)
        case .previousHit: return nextHit(-1)
        case .unreadLine: return goToUnread()
        case .fillGap: return fillGap()
        case .leave: leaveChosen()
        default:
            guard let row = open?.chosenRow else { return [] }
            return perform(command, on: row)
        }
        return []
    }

    private mutating func perform(_ command: MessageCommand, on row: TimelineRow) -> [Effect] {
        switch command {
        case .copy: return copy(row)
        case .quote: return quote(row)
        case .openLink: return openLink(in: row)
        case .details:
            dialog = .details(row)
            return []
        case .delete: return delete(row)
        case .retry: return retry(row)
        case .edit: return beginEditing(row)
        case .sendAsNew: return sendAsNew(row)
        default: return []
        }
    }

    // MARK: Moving

    mutating func leaveChosen() { open?.chosen = nil }

    private mutating func moveChosen(_ next: (Int) -> Int) {
        guard let opened = open, let index = opened.chosenIndex else { return leaveChosen() }
        let target = next(index)
        // Below the last message is the composer.
        if target >= opened.rows.count {
            guard !opened.hasNewer else { return }
            leaveChosen()
            return setScroll(.end)
        }
        choose(opened.rows[max(0, target)])
    }

    private mutating func moveChosenByPage(_ direction: Int) {
        guard let opened = open, let index = opened.chosenIndex else { return leaveChosen() }
        let before = opened.scroll
        scroll(up: direction * max(1, layout.timeline.rows - 1))
        guard open?.scroll != before, let view = TimelineLayout(self, in: layout.timeline),
            let inView = view.rowsInView(), let edge = direction > 0 ? inView.first : inView.last
        else {
            choose(opened.rows[direction > 0 ? 0 : opened.rows.count - 1])
            return
        }
        choose(opened.rows[direction > 0 ? min(edge, index) : max(edge, index)])
    }

    private mutating func chooseFirst() -> [Effect] {
        guard let opened = open, let first = opened.rows.first else { return [] }
        guard !opened.hasOlder else { return goToStart() }
        choose(first)
        scrollToStart()
        return []
    }

    private mutating func chooseLast() -> [Effect] {
        guard let opened = open, let last = opened.rows.last else { return [] }
        guard opened.hasNewer else {
            choose(last)
            return []
        }
        let effects = goToEnd()
        open?.choosesNewest = true
        return effects
    }

    /// To the first message of the day before or after; of the same day first, when inside it going up.
    private mutating func moveChosenByDay(_ direction: Int) {
        guard let opened = open, let index = opened.chosenIndex else { return }
        func day(_ row: TimelineRow) -> Int { calendar.time(of: row.time).dayNumber }
        let rows = opened.rows
        if direction > 0 {
            guard let next = rows[index...].firstIndex(where: { day($0) > day(rows[index]) }) else {
                return choose(rows[rows.count - 1])
            }
            return choose(rows[next])
        }
        let last = rows[..<index].last.map { day($0) } ?? day(rows[index])
        choose(rows[rows.firstIndex { day($0) == last } ?? 0])
    }

    // MARK: Doing

    private mutating func copy(_ row: TimelineRow) -> [Effect] {
        [.copy(row.content)]
    }

    private mutating func quote(_ row: TimelineRow) -> [Effect] {
        leaveChosen()
        open?.editor.insertAtStart(Quote.of(row.content))
        return editorChanged()
    }

    private mutating func openLink(in row: TimelineRow) -> [Effect] {
        let links = RichText.links(in: row.content)
        switch links.count {
        case 0: say(strings.noLink)
        case 1: dialog = .question(Question(.openLink(links[0])))
        default: dialog = .links(LinkPicker(links: links))
        }
        return []
    }

    /// For both sides after a question; what is not sent yet is dropped at once.
    mutating func delete(_ row: TimelineRow) -> [Effect] {
        guard row.isMine else {
            say(strings.onlyOwnAreDeleted, .warning)
            return []
        }
        guard row.state.isUnsent else {
            dialog = .question(Question(.deleteMessage(row)))
            return []
        }
        return discard(row)
    }

    /// The text of a dropped message can be put back from the kill ring.
    mutating func discard(_ row: TimelineRow) -> [Effect] {
        guard let tempID = row.tempID else { return [] }
        open?.editor.keepForYank(row.content)
        let isOnItsWay = row.state == .sending || row.state == .unknown
        say(isOnItsWay ? strings.cancelledWhenKnown : strings.dropped(yank: keyName(.edit(.yank))))
        return [.discard([tempID])]
    }

    mutating func retry(_ row: TimelineRow) -> [Effect] {
        guard let tempID = row.tempID, [.failed, .held, .queued].contains(row.state) else {
            say(row.state.isUnsent ? strings.onItsWay : strings.nothingToRetry)
            return []
        }
        say(strings.retried(1))
        return [.retry([tempID])]
    }

    mutating func sendAsNew(_ row: TimelineRow) -> [Effect] {
        guard let tempID = row.tempID, row.state == .failed || row.state == .held else {
            say(strings.onlyWaitingAsNew)
            return []
        }
        say(strings.retried(1))
        return [.sendAsNew(tempID)]
    }
}

/// A message as it is quoted in an answer to it.
enum Quote {
    private static let linesMax = 10

    /// Each line behind `> `, and a line break at the end; a long message is cut.
    static func of(_ content: String) -> String {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
        var quoted = lines.prefix(linesMax).map { "> " + $0 }
        if lines.count > linesMax { quoted.append("> …") }
        return quoted.joined(separator: "\n") + "\n"
    }
}
