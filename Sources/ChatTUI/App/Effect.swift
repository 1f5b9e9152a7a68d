import ChatClientCore
import ChatWire

/// What the program does outside its state. `update` only names it; `EffectRunner` carries it out.
enum Effect: Hashable, Sendable {
    case start
    case connect
    case loadConversations
    /// The newest messages; with the kept draft when the conversation is being opened.
    case loadTimeline(UserID, limit: Int, withDraft: Bool)
    /// The rows around one of them, or the first ones.
    case loadWindow(UserID, Window, limit: Int)
    /// Looks up the first message of a time, or the first one that was not read.
    case locate(UserID, at: Timestamp)
    case locateUnread(UserID, count: Int)
    case fillGap(RowID, UserID)
    case search(SearchQuestion, after: SearchCursor?)
    case loadOutbox
    case sendHeld
    case discardHeld
    case rename(UserID, to: String)
    case removeContact(UserID)
    case deleteConversation(UserID)
    case fetchOlder(UserID)
    case open(UserID?)
    /// The conversation is on screen, and nobody is known to look at it.
    case show(UserID)
    /// The person has seen a conversation up to this message; nil: up to its end.
    case markRead(UserID, upTo: MessageID? = nil)
    case send(String, to: UserID)
    case retry([TempID])
    case discard([TempID])
    /// Changes an unsent message; one that waits for the person is then sent again.
    case edit(TempID, String, to: UserID, sendsAgain: Bool)
    case sendAsNew(TempID)
    /// Deletes a message for both sides.
    case delete(RowID)
    /// Gives a text to the terminal's clipboard.
    case copy(String)
    /// Gives a text to the person's own editor, with the terminal.
    case editExternally(String)
    /// Opens a link in the person's browser.
    case openLink(String)
    case saveDraft(String, for: UserID)
    case typing(Bool, to: UserID)
    case signIn(email: String, password: String)
    case register(name: String, email: String, password: String, invitation: String? = nil)
    case signOut
    case reconnect
    case findPeople(String)
    case addContact(UserID, name: String)
    case askBackground
    /// For the terminal itself: its title, its clipboard, its bell.
    case tell(TerminalMessage)
    /// A notification of the desktop, by a program beside the terminal.
    case notify(title: String, body: String)
    case pin(Bool, UserID)
    case mute(Bool, UserID)
    case keepPreferences(ScreenPreferences)
    /// The program starts with this server next time.
    case rememberServer
    case redraw
    case suspend
    /// Answers with `.finished` after everything before it is done.
    case finish
    /// Leaves the main loop.
    case leave(TerminalExit)

    /// Which rows of a conversation.
    enum Window: Hashable, Sendable {
        case around(RowID)
        case before(TimelinePosition)
        case start
    }
}
