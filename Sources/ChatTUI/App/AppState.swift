import ChatClientCore
import ChatWire

/// All that the screen shows, as a value. `update` is the only place that changes it, and
/// the screen is a function of it.
struct AppState: Sendable {
    /// What the whole screen is for.
    enum Stage: Hashable, Sendable {
        /// Before the cache has answered.
        case starting
        case signIn(SignInForm)
        case chat
    }

    /// Which of the two panes has the keyboard; in a narrow terminal, which one is shown.
    enum Pane: Hashable, Sendable {
        case list
        case conversation
    }

    /// What lies over the panes.
    enum Dialog: Hashable, Sendable {
        case help(scroll: Int)
        case switcher(Switcher)
        case find(PeopleFinder)
        case question(Question)
        case links(LinkPicker)
        case details(TimelineRow)
        case search(SearchPanel)
        case outbox(OutboxPanel)
        case keys(KeyTrial)
    }

    /// A sentence on the status line, for a while.
    struct Notice: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case information
            /// A message elsewhere, which the list shows too.
            case news
            case warning
            case error
        }
        var text: String
        var kind: Kind
        var until: MonotonicInstant
    }

    // The terminal
    var size: Size
    var theme: Theme
    var symbols: Symbols
    var strings: any Catalogue
    var keymap: Keymap = .standard
    var calendar: Calendar = .local
    var terminalHasFocus = true
    /// Set when the theme follows the terminal's background.
    var followsBackground = false
    var colours: ColourDepth

    /// How the person has arranged the screen.
    var preferences = ScreenPreferences.standard
    var alerts = Alerts()
    /// The profile in use, and those that `/profile` may change to; nil where it cannot be changed.
    var profile = ""
    var profiles: [String]?

    // The clock
    var now: Timestamp
    var instant: MonotonicInstant

    // What the client says
    var server: String
    /// Whether another server may be chosen on the first screen, and what it begins with.
    var changesServer = false
    var signInDraft = SignInDraft()
    var account: Account?
    var link: LinkState = .connecting
    var outbox = OutboxSummary()
    var conversations: [Conversation] = []
    var conversationsLoaded = false
    var conversationsReload = Reload.idle
    /// Set once the client was told to keep the link up.
    var hasConnected = false

    // What the person does
    var stage: Stage = .starting
    var pane: Pane = .conversation
    /// The line of the list that the cursor is on.
    var listCursor: UserID?
    /// The first line of the list in view, where the wheel has moved it; nil follows the cursor.
    var listScroll: Int?
    var open: OpenConversation?
    /// Of the open conversation, what near the view has been laid out.
    var texts = MessageTexts()
    var dialog: Dialog?
    /// What n and N go through.
    var searchTrail: SearchTrail?
    /// Texts sent to each person, for Up in the composer.
    var histories: [UserID: [String]] = [:]
    var notice: Notice?
    /// Messages that were held and that the person has not been asked about.
    var heldToAsk: Int?
    /// Some of them were held because the server is another one than before.
    var heldIsOfFormerServer = false
    /// When the person last pressed a key.
    var lastKey: MonotonicInstant
    /// True until a key shows that somebody is there: at the start, and back from another program.
    var awaitsKey = true
    /// Set between the two keys of a pair that begins with Ctrl-X.
    var isAfterPrefix = false
    /// How long an ESC waits before it is told.
    var escapeDelay = KeyDecoder.escapeDelay
    /// When an ESC came that closed nothing, while no other key has followed.
    var loneEscape: MonotonicInstant?
    /// Until when a second Ctrl-C quits.
    var interruptUntil: MonotonicInstant?
    /// Set once the program is leaving.
    var leaving: TerminalExit.Reason?
    var leaveAt: MonotonicInstant?

    init(
        size: Size, language: Language, theme: Theme.Kind = .dark, colours: ColourDepth = .palette,
        ascii: Bool = false, server: String, now: Timestamp, instant: MonotonicInstant
    ) {
        self.size = size
        self.colours = colours
        self.theme = Theme(theme, colours: colours)
        // Lines and circles are of ambiguous width, which a terminal may draw over two columns.
        symbols = ascii || TextWidth.ambiguousIsWide ? .ascii : .unicode
        strings = language.catalogue(CatalogueStyle(isASCII: ascii))
        self.server = server
        self.now = now
        self.instant = instant
        lastKey = instant
    }

    /// A load that is on its way, and whether another is wanted when it is back: however
    /// many changes arrive, one load is in flight.
    enum Reload: Hashable, Sendable {
        case idle
        case loading
        case loadingAndStale

        /// True when a load should start now.
        mutating func request() -> Bool {
            switch self {
            case .idle: self = .loading; return true
            case .loading, .loadingAndStale: self = .loadingAndStale; return false
            }
        }

        /// To be called when a load is back; true when another should start.
        mutating func finish() -> Bool {
            defer { self = self == .loadingAndStale ? .loading : .idle }
            return self == .loadingAndStale
        }
    }

    // MARK: Derived

    var openConversation: Conversation? { open.flatMap { conversation(with: $0.peer) } }

    /// When `tick` is wanted though nothing else happens; nil when the state can stand as long as it likes.
    var nextDeadline: MonotonicInstant? {
        var deadlines: [MonotonicInstant] = []
        if let notice { deadlines.append(notice.until) }
        if let interruptUntil { deadlines.append(interruptUntil) }
        if let open {
            if let draft = open.draftDeadline { deadlines.append(draft) }
        }
        if let leaveAt { deadlines.append(leaveAt) }
        if heldToAsk != nil, dialog == nil {
            deadlines.append(max(lastKey + Self.askingPause, instant + .seconds(1)))
        }
        if case .find(let finder) = dialog, let askAt = finder.askAt { deadlines.append(askAt) }
        if let seconds = secondsToNextTry, seconds > 0 { deadlines.append(instant + .seconds(1)) }
        // Times like "14:03" become "yesterday" at midnight.
        deadlines.append(instant + .seconds(60))
        return deadlines.min()
    }

    mutating func say(
        _ text: String, _ kind: Notice.Kind = .information, for duration: Duration = .seconds(6)
    ) {
        notice = Notice(text: text, kind: kind, until: instant + duration)
    }
}

/// The conversation on screen.
struct OpenConversation: Hashable, Sendable {
    /// Where the unread line stands: it stays put while the conversation is open.
    struct UnreadMark: Hashable, Sendable {
        var row: RowID
        var count: Int
        /// Once its messages have been seen, newer ones get a mark of their own.
        var isSeen: Bool
    }

    /// Which part of the messages is in view.
    enum Scroll: Hashable, Sendable {
        case end
        /// The last line in view belongs to this row, with so many of the row's lines below the view.
        case row(RowID, linesBelow: Int)
    }

    let peer: UserID
    var rows: [TimelineRow] = []
    var isLoaded = false
    var hasOlder = false
    /// True when the loaded rows are a window that does not reach the newest message.
    var hasNewer = false
    var mayFetchOlder = false
    var unread = 0
    var reload = AppState.Reload.idle
    var isFetchingOlder = false
    /// The gap line whose messages are being fetched.
    var fillingGap: RowID?
    /// Where the view goes once the rows there are loaded.
    var jump: Jump?
    var jumpsToStart = false
    /// True when the newest row is to be the chosen one once it is loaded.
    var choosesNewest = false
    var unreadMark: UnreadMark?
    var scroll = Scroll.end
    /// The other person's newest row when the view left the end, to count what came since.
    var lastSeenRow: RowID?
    /// The first message that the account has not seen, where the cache has it; it need not be loaded.
    var firstUnread: RowID?
    var seen = SeenRows()
    /// The newest row that was told to be read.
    var markedRow: RowID?
    /// True while the view is to show the unread line: until the person moves it.
    var leadsToUnread = true
    /// True while the server counts unread messages of which none is here yet.
    var awaitsUnread = false
    /// Whether the client was told that somebody looks at the conversation.
    var isAttended = false
    /// The message that the cursor is on; nil while the person writes.
    var chosen: ChosenMessage?

    var editor = LineEditor()
    /// True when the slash that the text begins with was typed: what is pasted or comes from the editor is text.
    var isCommandTyped = false
    var keptCompletionCursor: CompletionCursor?
    /// The unsent message that is in the composer to be changed.
    var edited: EditedMessage?
    /// The draft as it is on the disk.
    var savedDraft = ""
    var draftDeadline: MonotonicInstant?
    var isTypingTold = false
    /// Where in the texts sent from here the composer is.
    var historyPosition: Int?

    init(peer: UserID) { self.peer = peer }

    /// How many rows are loaded at the end, and around any other place.
    static let pageRows = 80
    static let windowRows = 400
    /// So many rows before the edge of a window the next one is loaded.
    static let windowMargin = 60

    /// Rows that came while the view was elsewhere.
    var newBelow: Int {
        guard scroll != .end, let lastSeenRow,
            let index = rows.lastIndex(where: { $0.id == lastSeenRow })
        else { return 0 }
        return rows[(index + 1)...].count { !$0.isMine }
    }

    /// What has come into view is not below it any more.
    mutating func raiseLastSeen() {
        guard case .row(let row, _) = scroll, let lastSeenRow,
            let lowest = rows.lastIndex(where: { $0.id == row }),
            let seen = rows.lastIndex(where: { $0.id == lastSeenRow }), lowest > seen
        else { return }
        self.lastSeenRow = row
    }

    /// Where the other person's newest loaded message stands.
    var newestReceived: TimelinePosition? { rows.last { !$0.isMine }?.position }
}

extension AppState: ConversationModel {
    var openPeer: UserID? { open?.peer }
    var openRows: [TimelineRow] { open?.rows ?? [] }
}
