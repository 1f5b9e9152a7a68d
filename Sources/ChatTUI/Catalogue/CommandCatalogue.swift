import ChatClientCore
import ChatCrypto
import ChatNet
import ChatWire

/// A text from others as one harmless line: it cannot control the terminal.
package struct CleanLine: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = Sanitizer.line(text) }

    package var description: String { text }
}

/// Every text of the command line in one language, as `Catalogue` has those of the screen.
package protocol CommandCatalogue: Sendable {
    /// Said in place of the usual advice when the server's certificate is not trusted.
    var trustAdvice: String? { get set }
    var language: Language { get }

    // MARK: Accounts

    func signedIn(as who: CleanLine, on server: ServerURL) -> String
    func registered(_ who: CleanLine, on server: ServerURL) -> String
    func expires(_ when: String) -> String
    func signedOut(unsent: Int) -> String
    var wasSignedOut: String { get }
    var serverNotTold: String { get }
    var currentSession: String { get }
    func lastSeen(_ when: String) -> String
    var sessionEnded: String { get }
    func sessionsEnded(_ count: Int) -> String
    var noSessions: String { get }
    var notSignedIn: String { get }
    var signInAdvice: String { get }
    var askName: String { get }
    var askPassword: String { get }
    var askPasswordAgain: String { get }
    var passwordsDiffer: String { get }
    func noTerminalToAsk(_ what: String) -> String
    var passwordWord: String { get }
    var emailWord: String { get }
    var nameWord: String { get }
    var passwordAdvice: String { get }
    var noAnswer: String { get }
    func commandFailed(_ name: String, _ reason: String) -> String

    // MARK: Recipients

    func didYouMean(_ names: [CleanLine]) -> String
    func ambiguousRecipient(_ who: CleanLine, _ people: [CleanLine]) -> String
    func unknownRecipient(_ who: CleanLine) -> String
    var findAdvice: String { get }
    var ambiguousAdvice: String { get }

    // MARK: Messages

    func noText(_ argument: CleanLine) -> String
    /// What is left of a former server.
    func former(_ reason: FormerServerReason, messages: Int, held: Int) -> String
    func sent(to name: CleanLine, id: MessageID) -> String
    func queued(for name: CleanLine) -> String
    var notConfirmed: String { get }
    var confirmationTimedOut: String { get }
    func refusedMessage(_ reason: CleanLine) -> String
    var heldMessage: String { get }
    var discardedMessage: String { get }
    var notText: String { get }
    var messageNotText: String { get }
    func inputTooLong(limit: Int) -> String
    var me: String { get }
    func emptyHistory(_ name: CleanLine) -> String
    var gap: String { get }
    /// Above messages of a former server, with what the person was called there; nil for the present server.
    func former(_ name: String?) -> String
    var tokenOfAnother: String { get }
    /// Why a message is held; nil when it is for its age.
    func held(_ reason: HeldReason?) -> String?
    var cachedOnly: String { get }
    func state(_ state: RowState) -> String
    var toldLater: String { get }
    var nothingUnread: String { get }
    func markedRead(_ count: Int, _ name: CleanLine) -> String

    // MARK: Searching

    var nothingFound: String { get }
    func unsearched(_ count: Int) -> String

    // MARK: Watching

    var deletedWord: String { get }
    func typing(_ name: String, _ isTyping: Bool) -> String
    func words(_ presence: Presence) -> String

    // MARK: The outbox

    func cancelled(_ name: CleanLine, _ excerpt: String) -> String
    var outboxEmpty: String { get }
    func noLetter(_ id: CleanLine) -> String
    func severalLetters(_ id: CleanLine) -> String
    var outboxAdvice: String { get }

    // MARK: Status and contacts

    func cacheContents(_ report: CacheReport, size: String) -> String
    func cacheCompacted(_ before: String, _ after: String) -> String
    var serverWord: String { get }
    var accountWord: String { get }
    var profileWord: String { get }
    var outboxWord: String { get }
    var unreadWord: String { get }
    var linkWord: String { get }
    var extensionsWord: String { get }
    var noAccount: String { get }
    var reachable: String { get }
    var notAsked: String { get }
    var none: String { get }
    func outbox(_ summary: OutboxSummary) -> String
    func unread(_ count: Int, in conversations: Int) -> String
    func contactAdded(_ name: CleanLine) -> String
    var cacheSound: String { get }
    func cacheWasSetAside(_ path: CleanLine, _ rescued: Int) -> String
    func cacheSetAside(_ path: String) -> String
    var cacheUnsound: String { get }
    func cacheForgotten(_ count: Int) -> String
    func contactRenamed(_ old: CleanLine, _ new: CleanLine) -> String
    func contactRemoved(_ name: CleanLine) -> String

    // MARK: Deleting

    func askDeletion(of text: String) -> String
    var deletionWord: String { get }
    var deletionAdvice: String { get }
    var notDeleted: String { get }
    func deleted(_ count: Int) -> String
    func conversationDeleted(_ name: CleanLine) -> String
    func wholeConversation(_ name: CleanLine) -> String
    func unknownMessage(_ id: String) -> String
    func contactQueued(_ name: CleanLine) -> String
    var noContacts: String { get }
    var nobodyFound: String { get }

    // MARK: Failures

    func serverSays(_ message: CleanLine) -> String
    func serverUnavailable(_ status: Int) -> String
    var tryLater: String { get }
    func unexpectedAnswer(_ detail: CleanLine) -> String
    var isItMyChat: String { get }
    var noAnswerInTime: String { get }
    func cacheFailed(_ error: String) -> String
    func invalid(_ request: InvalidRequest) -> String
    var outboxFullAdvice: String { get }
    var forSomebodyElseAdvice: String { get }
    /// What happened on the network, as a clause.
    func network(_ error: NetError) -> String
    /// What to do about it.
    func networkAdvice(_ error: NetError) -> String?
    func staleTrust(_ name: String, _ path: CleanLine) -> String
    var notConnected: String { get }
    var linkSilent: String { get }
    var linkEnded: String { get }
    func protocolBroken(_ detail: CleanLine) -> String
    func turnedDown(_ message: CleanLine) -> String
    func offline(_ reason: String) -> String
    var connecting: String { get }
    var online: String { get }
    var inUseElsewhere: String { get }
    var accountRefused: String { get }
    func tooFewFiles(_ limit: Int) -> String
    var tooFewFilesAdvice: String { get }
    var homeUnnamed: String { get }
    func homeAbsent(_ path: CleanLine) -> String
    var homeAdvice: String { get }
    func outputFailed(_ reason: CleanLine) -> String

    // MARK: mychat doctor

    var clockWord: String { get }
    var signInWord: String { get }
    var linkExaminedWord: String { get }
    func certificate(for names: CleanLine, by issuer: CleanLine, until end: CleanLine) -> String
    func heartbeat(_ seconds: Int64) -> String
    func examined(_ server: ServerURL) -> String
    var notLookedAt: String { get }
    var connected: String { get }
    var proxyLooksUp: String { get }
    func throughProxy(_ proxy: String) -> String
    var noTLSNeeded: String { get }
    var noTLS: String { get }
    var noDate: String { get }
    func clockDifference(seconds: Int64) -> String
    func holderIsStopped(_ process: Int32) -> String
    func holderAdvice(_ process: Int32) -> String
    var accepted: String { get }

    // MARK: Push

    var pushSent: String { get }
    var pushesEnded: String { get }
    var noPushes: String { get }
    var listening: String { get }
    func noNotification(_ reason: String) -> String
    func pushRejected(_ reason: String) -> String

    // MARK: mychat script

    var noScenario: String { get }
    func scenariosChecked(_ number: Int) -> String
    func fileIsNoText(_ name: CleanLine) -> String
    func noBaseURL(_ reason: CleanLine) -> String
    func noAccounts(_ reason: String) -> String

    // MARK: mychat demo

    func notSeen(_ what: String) -> String
    func noServerProgram(_ name: CleanLine) -> String
    var serverProgramAdvice: String { get }
    func serverNotStarted(_ words: String) -> String
    var serverTooSlow: String { get }
    func serverSaidOther(_ detail: CleanLine) -> String
    var demoTitle: String { get }
    func demoServer(_ server: ServerURL, _ who: CleanLine) -> String
    func conversation(with name: CleanLine) -> String
    func isOnline(_ name: CleanLine) -> String
    func isOffline(_ name: CleanLine) -> String
    func demoUnread(_ number: Int) -> String
    var demoFinished: String { get }
    var newcomerGreets: String { get }
    var newcomerWaits: String { get }

    // MARK: Help

    func help(_ text: HelpText) -> String
    func word(for value: ValueName) -> String
    var parserWords: ParserWords { get }
    func words(for mistake: ParserMistake) -> String
}

extension CommandCatalogue {
    /// What the screen says in the same language.
    var screen: any Catalogue { language.catalogue() }
}
