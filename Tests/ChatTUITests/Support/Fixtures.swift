import ChatClientCore
import ChatWire

@testable import ChatTUI

/// People, messages and states that the tests share. Times are those of one Sunday, in UTC.
enum Fixtures {
    static let bia = UserID(2)
    static let caio = UserID(3)
    static let davi = UserID(4)
    static let emma = UserID(5)
    static let me = UserID(1)

    /// 2026-11-22, a Sunday, at this time of day.
    static func at(_ hour: Int, _ minute: Int, daysAgo: Int = 0) -> Timestamp {
        Timestamp(seconds: 1_795_305_600 - Int64(daysAgo) * 86_400 + Int64(hour) * 3600 + Int64(minute) * 60)
    }

    static let account = Account(
        user: User(id: me, name: "Ana Lima", email: "ana@exemplo.com"), expiresAt: nil)

    static func state(
        _ columns: Int = 80, _ rows: Int = 24, _ language: Language = .english,
        colours: ColourDepth = .palette, ascii: Bool = false
    ) -> AppState {
        var state = AppState(
            size: Size(columns: columns, rows: rows), language: language, colours: colours, ascii: ascii,
            server: "https://chat.exemplo.com", now: at(14, 5),
            instant: MonotonicInstant(nanoseconds: 1_000_000_000_000))
        state.context.model.calendar = .utc
        return state
    }

    static func row(
        _ id: Int64, from sender: UserID, _ content: String, at time: Timestamp, _ state: RowState? = nil,
        failure: String? = nil, isGapAbove: Bool = false
    ) -> TimelineRow {
        let state = state ?? (sender == me ? .sent : .received)
        return TimelineRow(
            id: RowID(id),
            position: state.isUnsent ? TimelinePosition(unsent: id) : TimelinePosition(sent: MessageID(id)),
            messageID: state.isUnsent ? nil : MessageID(id),
            tempID: sender == me ? TempID("t\(id)") : nil, senderID: sender, isMine: sender == me,
            content: content,
            time: time, state: state, failure: failure, isGapAbove: isGapAbove)
    }

    static let conversations = [
        Conversation(
            peer: bia, name: "Bia Souza", email: "bia@exemplo.com", preview: "👍", lastTime: at(14, 3),
            unread: 2,
            presence: .online, isTyping: true),
        Conversation(
            peer: caio, name: "Caio Rocha", email: "caio@exemplo.com", preview: "até amanhã",
            previewIsMine: true,
            previewState: .delivered, lastTime: at(13, 10), presence: .offline, lastSeen: at(13, 12)),
        Conversation(
            peer: davi, name: "Davi Alves", preview: "ok, combinado 🎉", lastTime: at(18, 40, daysAgo: 1),
            unread: 12,
            presence: .online),
        Conversation(
            peer: emma, name: "Emma Clarke-Featherstonehaugh of Upper Wimbledon", preview: "see you there",
            lastTime: at(9, 0, daysAgo: 4), draft: "I was going to say"),
    ]

    static let rows = [
        row(1, from: me, "Bom dia, Bia!", at: at(18, 20, daysAgo: 1), .read),
        row(2, from: bia, "Olá! Tudo bem?", at: at(14, 1)),
        row(3, from: bia, "Vi o servidor novo 😀\ne ficou muito bom", at: at(14, 1)),
        row(4, from: me, "Tudo! E você?", at: at(14, 2), .delivered),
        row(5, from: me, "mando o link já", at: at(14, 2), .sent),
        row(6, from: bia, "👍", at: at(14, 3)),
        row(
            7, from: bia,
            "Uma linha bem comprida, para ver como as palavras quebram quando não cabem na largura da tela: https://exemplo.com/relatorio/2026/novembro/primeira-versao.pdf",
            at: at(14, 3)),
        row(8, from: me, "texto que não foi", at: at(14, 4), .failed, failure: "A mensagem é muito longa"),
        row(9, from: me, "este ainda vai", at: at(14, 4), .queued),
    ]

    static func timeline(_ rows: [TimelineRow] = rows, hasOlder: Bool = false, unread: Int = 2) -> Timeline {
        Timeline(
            peer: bia, rows: rows, hasOlder: hasOlder, mayFetchOlder: false, unread: unread,
            firstUnread: unread > 0 ? RowID(6) : nil)
    }

    /// Ana at her desk: signed in, connected, Bia's conversation on screen.
    static func chat(
        _ columns: Int = 80, _ rows: Int = 24, _ language: Language = .english,
        colours: ColourDepth = .palette,
        ascii: Bool = false
    ) -> AppState {
        var state = state(columns, rows, language, colours: colours, ascii: ascii)
        _ = state.update(
            .started(
                account: account, link: .online, outbox: OutboxSummary(queued: 1, failed: 1)))
        _ = state.update(.conversationsLoaded(conversations))
        if state.open == nil { _ = state.update(.input(.key(Key(.enter)))) }
        _ = state.update(.timelineLoaded(timeline(), draft: ""))
        // She is there, and has seen it all.
        _ = state.update(.input(.key(Key(.end))))
        return state
    }
}

extension AppState {
    /// Presses keys by name; text in quotes is typed letter by letter.
    @discardableResult
    mutating func press(_ keys: String...) -> [Effect] {
        var effects: [Effect] = []
        for name in keys {
            if name.hasPrefix("\"") {
                for character in name.dropFirst() {
                    effects += update(.input(.key(.character(character))))
                }
            } else if let key = Key(named: name) {
                effects += update(.input(.key(key)))
            }
        }
        return effects
    }

    /// Lets time pass.
    @discardableResult
    mutating func wait(_ duration: Duration) -> [Effect] {
        context.model.instant = instant + duration
        context.model.now = Timestamp(
            microseconds: model.now.microseconds + duration.saturatedNanoseconds / 1000)
        return update(.tick)
    }

    /// The screen as lines of text.
    var lines: [String] {
        let screen = AppView.render(self)
        return (0..<context.size.rows).map { screen.text(ofRow: $0) }
    }

    var text: String { lines.joined(separator: "\n") }
}

/// Short ways to what most tests look at.
extension AppState {
    var open: OpenConversation? {
        get { chat.panes.open }
        set { chat.panes.open = newValue }
    }

    var dialog: Dialog? {
        get { chat.dialog }
        set { chat.dialog = newValue }
    }

    var notice: Notice? { context.notice }
    var pane: Pane { context.pane }
    var preferences: ScreenPreferences { context.preferences }
    var alerts: Alerts { context.attention.alerts }
    var leaving: TerminalExit.Reason? { context.departure.reason }
    var listCursor: UserID? { chat.panes.list.cursor }
    var completions: CompletionList? { chat.completions(context) }
}

extension OpenConversation {
    var editor: LineEditor {
        get { composer.editor }
        set { composer.editor = newValue }
    }

    var scroll: TimelinePane.Scroll {
        get { timeline.scroll }
        set { timeline.scroll = newValue }
    }

    var chosen: ChosenMessage? {
        get { timeline.chosen }
        set { timeline.chosen = newValue }
    }

    var edited: EditedMessage? { composer.edited }
    var rows: [TimelineRow] { window.rows }
    var unreadMark: UnreadLine.Mark? { timeline.unreadLine.mark }
    var markedRow: RowID? { timeline.markedRow }
}

extension TimelineLayout {
    init?(_ state: AppState, in area: Rect) {
        guard let open = state.open else { return nil }
        self.init(open.timeline, state.context, in: area)
    }
}
