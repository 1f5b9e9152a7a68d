import ChatClientCore
import ChatWire

/// What happens to the program, from the person, the terminal, the clock and the client.
enum AppEvent: Sendable {
    case input(InputEvent)
    case resized(Size)
    /// The clock, also when nothing else happens and a deadline of the state has come.
    case tick
    case signal(Int32)
    case terminalLost

    case started(account: Account?, link: LinkState, outbox: OutboxSummary)
    case change(ChatChange)
    case conversationsLoaded([Conversation])
    case timelineLoaded(Timeline, draft: String?)
    /// Rows in the middle; nil when they cannot be had, for instance because the row is gone.
    case windowLoaded(UserID, Timeline?)
    case located(UserID, RowID?)
    case unreadLocated(UserID, RowID?, count: Int)
    case gapFilled(UserID, ChatError?)
    case searched(SearchQuestion, SearchPage, isMore: Bool)
    case searchFailed(ChatError)
    case outboxLoaded([OutboxPanel.Entry])
    case editedExternally(ExternalEditor.Outcome)
    case olderFetched(UserID, foundMore: Bool)
    case sendRefused(String, to: UserID, ChatError)
    case signedIn(Account)
    case signInRefused(ChatError)
    case peopleFound([Person], query: String)
    case findFailed(ChatError, query: String)
    case contactAdded(UserID, name: String)
    case failed(ChatError)
    /// A text was given to the terminal's clipboard, or the terminal has none.
    case copied(CopyOutcome)
    /// A link was given to the browser, or there is none that could be started.
    case linkOpened(Bool)
    /// All effects before `.finish` have been carried out.
    case finished(OutboxSummary)
}
