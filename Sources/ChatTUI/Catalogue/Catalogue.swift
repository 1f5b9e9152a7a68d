import ChatClientCore
import ChatCrypto
import ChatNet
import ChatWire

/// Every text of the terminal client in one language: a type for each language, in a file of its own, which does
/// not compile while a text is missing. Plural forms and the order of words are the language's.
///
/// Names and texts of others come in as they are; the screen shows them harmlessly.
protocol Catalogue: Sendable {
    /// How texts are to be written here.
    var style: CatalogueStyle { get set }
    var language: Language { get }

    // MARK: Names of things

    var online: String { get }
    var offline: String { get }
    func newMessagesBelow(_ number: Int) -> String
    var you: String { get }
    func lastSeen(_ when: String) -> String
    /// In the head of a conversation: what would show the person's presence.
    var notAContact: String { get }
    func isTyping(_ name: String) -> String
    var typing: String { get }
    var draftLabel: String { get }
    func mine(_ text: String) -> String
    func newMessages(_ number: Int) -> String
    var olderAbove: String { get }
    var loadingOlder: String { get }
    var beginning: String { get }
    var gap: String { get }

    // MARK: Dates

    /// From January to December.
    var months: [String] { get }
    /// From Sunday to Saturday.
    var weekdays: [String] { get }
    var todayWord: String { get }
    var yesterdayWord: String { get }
    /// In at most eight columns.
    var yesterdayShort: String { get }
    /// A day in full, with its year where that is another than today's.
    func date(_ time: CalendarTime, hasYear: Bool) -> String
    /// A time within a sentence.
    func moment(_ time: CalendarTime, today: CalendarTime) -> String
    /// What `/date` understands beside the names of days and months.
    var dateVocabulary: DateVocabulary { get }

    // MARK: The link

    var signedOut: String { get }
    var connecting: String { get }
    var connected: String { get }
    var inUseElsewhere: String { get }
    var signInNeeded: String { get }
    var linkDown: String { get }
    var tryingNow: String { get }
    func nextTry(in seconds: Int) -> String
    func nextTryShort(in seconds: Int) -> String
    var linkNotStarted: String { get }
    var handshakeTimedOut: String { get }
    var linkSilent: String { get }
    var linkClosed: String { get }
    var otherProtocol: String { get }
    /// `key` is what the person presses, or the command in its place.
    func inUseElsewhereHelp(_ key: String) -> String

    // MARK: The status line

    func unsent(_ number: Int) -> String
    func waiting(_ number: Int) -> String
    func unread(_ number: Int) -> String
    var paused: String { get }

    // MARK: Empty views

    var noConversations: String { get }
    func noConversationsHint(_ key: String) -> String
    var chooseConversation: String { get }
    /// `arrows` are the keys that move in the list; empty where none is bound.
    func chooseConversationHint(_ key: String, arrows: String, accept: String) -> String
    var loading: String { get }
    var notHereYet: String { get }
    var comesWithLink: String { get }
    func noMessages(_ name: String) -> String
    var noMessagesHint: String { get }

    // MARK: The composer

    /// Between the thousands of a number.
    var groupingSeparator: String { get }
    var composerPrompt: String { get }
    /// From the longest to the shortest.
    var composerOffline: [String] { get }
    func composerElsewhere(_ key: String) -> [String]
    func tooLong(_ limit: Int) -> String

    // MARK: Messages that did not go

    /// Why a message waits for the person; nil is its age.
    func heldBack(_ reason: HeldReason?) -> String
    func notSent(_ reason: String) -> String
    var refusedWithoutWords: String { get }

    // MARK: Notices

    func heldNotice(_ number: Int) -> String
    var signInAgain: String { get }
    var sessionEnded: String { get }
    func cacheSetAside(_ path: String, _ rescued: Int) -> String
    func contactChangeRefused(_ name: String, _ reason: String) -> String
    func conversationKept(_ name: String, _ reason: String?) -> String
    var storageFailed: String { get }
    func nobodyNamed(_ name: String) -> String
    func couldBe(_ name: String, _ people: [String]) -> String
    func added(_ name: String) -> String
    func pinned(_ name: String, _ isPinned: Bool) -> String
    func muted(_ name: String, _ isMuted: Bool) -> String
    func listWidths(_ range: ClosedRange<Int>) -> String
    var nothingUnread: String { get }
    var nothingToRetry: String { get }
    func retried(_ number: Int) -> String
    func discarded(_ number: Int) -> String
    func againQuits(_ key: String) -> String
    func againQuits(_ key: String, unsent: Int) -> String
    /// The last words, on the shell's screen.
    func goodbye(unsent: Int) -> String
    func goodbye(waiting: Int) -> String

    // MARK: Sign in

    var server: String { get }
    var name: String { get }
    var email: String { get }
    var password: String { get }
    var invitation: String { get }
    var signInTitle: String { get }
    var registerTitle: String { get }
    var signInAction: String { get }
    var registerAction: String { get }
    var toRegister: String { get }
    var toSignIn: String { get }
    var nextField: String { get }
    var working: String { get }
    var fillIn: String { get }

    // MARK: Dialogs

    var switcherTitle: String { get }
    var noContact: String { get }
    var switcherPrompt: String { get }
    var findTitle: String { get }
    var findPrompt: String { get }
    var searching: String { get }
    var noMatch: String { get }
    var alreadyInList: String { get }
    func addsToList(_ key: String) -> String
    func opens(_ key: String) -> String
    func closes(_ key: String) -> String
    var helpTitle: String { get }
    var commandsTitle: String { get }
    func more(_ arrows: String) -> String

    // MARK: Errors

    var nobodySignedIn: String { get }
    func serverUnavailable(_ status: Int) -> String
    var senselessAnswer: String { get }
    var noAnswerInTime: String { get }
    func unusableFile(_ path: String, _ code: Int32) -> String
    func invalid(_ request: InvalidRequest) -> String

    // MARK: What the server says

    /// The words of the API in this language.
    func words(for refusal: Refusal) -> String
    func words(for problem: RequestProblem) -> String

    // MARK: Another server than before

    func otherServer(_ why: String) -> String
    func why(_ reason: FormerServerReason) -> String
    func waitForYou(_ number: Int) -> String
    func goneFromServer(_ number: Int) -> String
    /// Above messages that the present server does not have.
    func formerMessages(with name: String) -> String
    /// Where those of the present server begin.
    var presentMessages: String { get }
    /// Behind a single message.
    var formerMark: String { get }

    // MARK: What waits for the person

    /// What can be decided about a message, in a word or two behind the key.
    func word(for decision: Decision) -> String
    func toDecide(_ key: String) -> String
    var nothingToChoose: String { get }
    var onItsWay: String { get }
    /// Keys are nil in what follows where none is bound.
    func onlyUnsentAreEdited(quote key: String?) -> String
    var onlyWaitingAsNew: String { get }
    var onlyOwnAreDeleted: String { get }
    func dropped(yank key: String?) -> String
    var cancelledWhenKnown: String { get }
    var deleted: String { get }
    var deletedLater: String { get }
    var editing: String { get }
    func editingHint(_ key: String) -> String
    func emptyEdit(_ key: String?) -> String

    // MARK: Copying and links

    func copied(_ outcome: CopyOutcome) -> String
    var noLink: String { get }
    var linksTitle: String { get }
    var cannotOpenLink: String { get }

    // MARK: Questions

    func letter(of answer: Question.Answer) -> String
    func answer(_ answer: Question.Answer, to subject: Question.Subject) -> String
    func title(of subject: Question.Subject) -> String
    func explanation(of subject: Question.Subject) -> String

    // MARK: Details

    var detailsTitle: String { get }
    var detailFrom: String { get }
    var detailState: String { get }
    var detailReason: String { get }
    func detailTime(isUnsent: Bool) -> String
    var detailDelivered: String { get }
    var detailRead: String { get }
    var detailLength: String { get }
    func characters(_ number: Int) -> String
    var detailID: String { get }
    var detailTempID: String { get }
    func words(for state: RowState) -> String

    // MARK: Slash commands

    /// A command's names, the one that help shows first, and what it does.
    func words(for command: SlashCommand) -> CommandWords
    /// What follows a command.
    func word(for argument: SlashCommand.Argument) -> String
    func unknownCommand(_ name: String) -> String
    func didYouMean(_ name: String) -> String
    var slashHint: String { get }
    func takesNothing(_ name: String) -> String
    func pasteCut(_ limit: Int) -> String

    // MARK: Jumps

    var newerBelow: String { get }
    var noMessageThere: String { get }
    var noDate: String { get }
    var noGap: String { get }
    var gapNeedsLink: String { get }

    // MARK: Search

    func hits(_ number: Int) -> String
    func searchIn(_ name: String) -> String
    var searchEverywhere: String { get }
    func searchOther(isEverywhere: Bool, _ key: String) -> String
    var searchPrompt: String { get }
    var searchHint: String { get }
    var noHits: String { get }
    func indexing(_ number: Int) -> String
    func hit(_ number: Int, of total: String) -> String
    func youTo(_ name: String) -> String
    func noSearchYet(_ ways: [String]) -> String
    var noOlderHit: String { get }
    var noNewerHit: String { get }

    // MARK: The outbox

    var outboxWord: String { get }
    var outboxEmpty: String { get }

    // MARK: Editing

    var noEditor: String { get }
    func noEditor(_ words: String, variable: String) -> String
    func editorFileFailed(_ reason: String) -> String
    func editorFailed(yank key: String?) -> String
    func editorSavedNoText(yank key: String?) -> String
    var editorSavedTooMuch: String { get }
    var nothingToDelete: String { get }

    // MARK: People and profiles

    func profileIs(_ name: String) -> String
    func otherProfiles(_ names: String) -> String
    func renamed(_ name: String) -> String
    func removed(_ name: String) -> String
    var nameTooLong: String { get }
    var noProfileName: String { get }
    var oneProfileOnly: String { get }

    // MARK: Keys

    /// One or two words for the status line.
    func hint(_ command: Command) -> String
    var conversation: String { get }
    func section(_ section: Keymap.Section) -> String
    func describe(_ command: Command) -> String

    // MARK: Trying keys

    var keysTitle: String { get }
    var keysHint: String { get }
    /// The key is pressed twice.
    func keysClose(_ key: String) -> String
    var keyTypes: String { get }
    var keyDoesNothing: String { get }
    func whileChosen(_ words: String) -> String
    var doubleSlash: String { get }

    // MARK: The network

    /// What went wrong on the network, as a clause without a full stop.
    func network(_ error: NetError) -> String
    /// Why there is no secure connection, as a clause without a full stop.
    func tls(_ failure: TLSFailure) -> String
    /// What the person can do about it, as a sentence, where there is something.
    func tlsAdvice(_ failure: TLSFailure) -> String?
    /// Why a text names no server.
    func serverAddress(_ error: ServerURLError) -> String
    /// Why the full-screen client cannot run in this terminal.
    func terminal(_ error: TerminalError) -> String

    // MARK: Keys

    var keyProbeBegins: String { get }
    var noKey: String { get }
    func pasted(_ characters: Int) -> String

    // MARK: Plain mode

    func plainLink(_ words: String) -> String
    var everythingSent: String { get }
    /// What answers a question with yes, in lower case.
    var yesWords: [String] { get }
    var noWords: [String] { get }
    func plainWelcome(_ email: String) -> String
    var plainNobodyOpen: String { get }
    func plainConversation(_ name: String, _ presence: String?) -> String
    var plainNoMessages: String { get }
    var plainBeginning: String { get }
    var plainOlder: String { get }
    func plainUnread(_ number: Int) -> String
    func plainElsewhere(_ name: String, _ text: String) -> String
    var plainYou: String { get }
    /// A state in a word, for a row of one's own.
    func word(_ state: RowState) -> String
    func plainFailure(_ reason: String, _ excerpt: String) -> String
    var plainChoose: String { get }
    var plainNobodyAdded: String { get }
    var plainModeOnly: String { get }
    var plainFullScreenOnly: String { get }
    var plainSearchWhat: String { get }
    func typingAnnounced(_ isOn: Bool) -> String
    var plainSearchFor: String { get }
    func plainNewName(_ name: String) -> String
    func plainRemove(_ name: String) -> String
    func plainDelete(_ excerpt: String) -> String
    func plainDeleteConversation(_ name: String) -> String
    var plainDeleting: String { get }
    var plainNothingToDelete: String { get }
    func plainTakesNothing(_ name: String) -> String
    var plainLineTooLong: String { get }
    var plainNotText: String { get }
    func plainPasted(_ count: Int) -> String
    var plainNothingDone: String { get }

    // MARK: Emoji

    /// A line for each emoji, `emoji name,name,…`, in the same order in every language: the name that is shown
    /// first, all without accents.
    var emojiNames: String { get }
}
