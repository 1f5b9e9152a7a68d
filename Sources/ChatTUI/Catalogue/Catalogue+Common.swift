import ChatClientCore
import ChatWire

/// What is put together from a catalogue's texts in the same way in every language.
extension Catalogue {
    /// The second keys of pairs, with what they do: `Ctrl-E: editor, Ctrl-U: undo`.
    func pairs(editor: String, undo: String) -> String {
        Keymap.pairs.map { key, command in
            "\(key.displayName): \(command == .externalEditor ? editor : undo)"
        }.joined(separator: ", ")
    }

    func newBelow(_ number: Int) -> String { say("↓ ") + newMessagesBelow(number) }
    func received(_ name: String, _ text: String) -> String { "\(name): \(text)" }
    func length(_ length: Int, of limit: Int) -> String { "\(grouped(length))/\(grouped(limit))" }

    func grouped(_ number: Int) -> String {
        guard number >= 1000 else { return "\(number)" }
        let rest = number % 1000
        let padded = rest < 10 ? "00\(rest)" : rest < 100 ? "0\(rest)" : "\(rest)"
        return "\(number / 1000)" + groupingSeparator + padded
    }

    // MARK: Dates

    func name(ofMonth time: CalendarTime) -> String { months[(time.month + 11) % 12] }
    func name(ofWeekday time: CalendarTime) -> String { weekdays[time.weekday % 7] }

    func clock(_ time: CalendarTime) -> String {
        guard dates.hasTwelveHours else { return "\(twoDigits(time.hour)):\(twoDigits(time.minute))" }
        let hour = (time.hour + 11) % 12 + 1
        return "\(hour):\(twoDigits(time.minute)) \(time.hour < 12 ? "AM" : "PM")"
    }

    /// The columns of the longest time.
    var clockColumns: Int { dates.hasTwelveHours ? 8 : 5 }

    /// The text of a day line.
    func day(_ time: CalendarTime, today: CalendarTime) -> String {
        let date = date(time, hasYear: time.year != today.year)
        switch today.dayNumber - time.dayNumber {
        case 0: return say("\(todayWord) · \(date)")
        case 1: return say("\(yesterdayWord) · \(date)")
        default: return date
        }
    }

    /// A day and a time, in full.
    func exactly(_ time: CalendarTime, today: CalendarTime) -> String {
        day(time, today: today) + ", " + clock(time)
    }

    /// A time as short as a list can have it: at most eight columns.
    func short(_ time: CalendarTime, today: CalendarTime) -> String {
        let month = name(ofMonth: time).prefix(3)
        switch today.dayNumber - time.dayNumber {
        case 0: return clock(time)
        case 1: return yesterdayShort
        case 2..<7: return String(name(ofWeekday: time).prefix(3))
        default:
            guard time.year == today.year else { return "\(month) \(time.year)" }
            return dates.hasMonthFirst ? "\(month) \(time.day)" : "\(time.day) \(month)"
        }
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    // MARK: The link

    func link(_ state: LinkState, secondsToNextTry: Int?) -> String {
        switch state {
        case .signedOut: return signedOut
        case .connecting: return connecting
        case .online: return connected
        case .inUseElsewhere: return inUseElsewhere
        case .refused: return signInNeeded
        case .offline(.notStarted, _): return linkDown
        case .offline:
            guard let seconds = secondsToNextTry else { return linkDown }
            return seconds == 0 ? tryingNow : nextTry(in: seconds)
        }
    }

    /// The state of the link in this many columns; the least useful part is left out.
    func link(_ state: LinkState, secondsToNextTry seconds: Int?, columns: Int) -> String {
        let full = link(state, secondsToNextTry: seconds)
        guard TextWidth.of(full) > columns, case .offline = state, let seconds, seconds > 0 else {
            return full
        }
        let short = nextTryShort(in: seconds)
        return TextWidth.of(short) <= columns ? short : "\(seconds) s"
    }

    func reason(_ failure: LinkFailure) -> String {
        switch failure {
        case .notStarted: linkNotStarted
        case .network(let error): network(error)
        case .handshakeTimeout: handshakeTimedOut
        case .silence: linkSilent
        case .closed: linkClosed
        case .protocolViolation: otherProtocol
        case .storage: storageFailed
        case .rejected(let words): serverWords(words)
        }
    }

    // MARK: What went wrong

    func error(_ error: ChatError) -> String {
        switch error {
        case .notSignedIn: nobodySignedIn
        case .unauthorized(let message), .refused(_, let message): serverWords(message)
        case .unavailable(let status, _): serverUnavailable(status)
        case .network(let failure): network(failure)
        case .unexpectedAnswer: senselessAnswer
        case .timeout: noAnswerInTime
        case .invalid(let request): invalid(request)
        case .storage: storageFailed
        case .file(let path, let code): unusableFile(path, code)
        }
    }

    func heldBack(_ row: TimelineRow) -> String {
        row.failure.map { serverWords($0) } ?? heldBack(row.heldReason)
    }

    func formerServer(_ reason: FormerServerReason, held: Int) -> String {
        otherServer(why(reason)) + (held == 0 ? "" : " " + waitForYou(held))
    }

    func noEditor(_ choice: ExternalEditor.Choice?) -> String {
        guard let choice else { return noEditor }
        let words = TextWidth.truncated(Sanitizer.line(choice.words), to: 40)
        return noEditor(words, variable: choice.variable)
    }

    func noFileForEditor(_ reason: String) -> String { editorFileFailed(Sanitizer.line(reason)) }

    // MARK: Commands

    func argument(of command: SlashCommand) -> String? { command.entry.argument.map { word(for: $0) } }

    func unknownCommand(_ name: String, suggestion: String?) -> String {
        ([unknownCommand(name)] + [suggestion.map { didYouMean($0) }, slashHint].compactMap(\.self))
            .joined(separator: " ")
    }

    func profileIs(_ name: String, others: [String]) -> String {
        guard !others.isEmpty else { return profileIs(name) }
        return profileIs(name) + " " + otherProfiles(others.joined(separator: ", "))
    }

    // MARK: Search and the outbox

    func hits(_ number: Int, hasMore: Bool) -> String { hasMore ? "\(number)+" : hits(number) }

    func outboxTitle(_ number: Int) -> String {
        outboxWord + (number == 0 ? "" : " · \(waiting(number))")
    }

    // MARK: Plain mode

    func plainMessage(_ name: String, _ clock: String, _ text: String) -> String {
        "\(name), \(clock): \(text)"
    }

    func plainState(_ state: RowState, _ excerpt: String) -> String {
        "\(word(state).prefix(1).uppercased())\(word(state).dropFirst()): \(excerpt)"
    }

    func plainTypingStarts(_ name: String) -> String { isTyping(name) }

    func plainListEntry(_ number: Int, _ name: String, _ details: [String]) -> String {
        "\(number). " + ([name] + details).joined(separator: ", ")
    }

    func plainUnreadCount(_ number: Int) -> String { unread(number) }

    func plainLink(_ state: LinkState, secondsToNextTry: Int?) -> String {
        plainLink(link(state, secondsToNextTry: secondsToNextTry))
    }

    func plainOutbox(_ summary: OutboxSummary) -> String {
        let parts = [
            summary.unsent > 0 ? unsent(summary.unsent) : nil,
            summary.waiting > 0 ? waiting(summary.waiting) : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? everythingSent : parts.joined(separator: ", ") + "."
    }
}
