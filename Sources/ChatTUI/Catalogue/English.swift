import ChatClientCore
import ChatCrypto
import ChatNet
import ChatWire

/// English.
struct English: Catalogue {
    var style = CatalogueStyle()

    var language: Language { .english }

    // MARK: Names of things

    var online: String { say("online") }
    var offline: String { say("offline") }
    func newMessagesBelow(_ number: Int) -> String { count(number, "new message", "new messages") }
    var you: String { say("you") }
    func lastSeen(_ when: String) -> String { say("last seen \(when)") }
    var notAContact: String {
        let name = words(for: .find).names[0]
        return say("not in your contacts · /\(name)")
    }
    func isTyping(_ name: String) -> String { say("\(name) is typing…") }
    var typing: String { say("typing…") }
    var draftLabel: String { say("draft:") }
    func mine(_ text: String) -> String { say("you: \(text)") }
    func newMessages(_ number: Int) -> String { count(number, "new", "new") }
    var olderAbove: String { say("↑ older messages") }
    var loadingOlder: String { say("fetching older messages…") }
    var beginning: String { say("the conversation begins here") }
    var gap: String { say("messages may be missing here · /gap fetches them") }

    // MARK: Dates

    var months: [String] {
        [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
    }
    var weekdays: [String] {
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    }
    var todayWord: String { say("today") }
    var yesterdayWord: String { say("yesterday") }
    var yesterdayShort: String { say("yest.") }
    func date(_ time: CalendarTime, hasYear: Bool) -> String {
        let (month, isMonthFirst) = (name(ofMonth: time), dates.hasMonthFirst)
        let day = isMonthFirst ? "\(month) \(time.day)" : "\(time.day) \(month)"
        let year = hasYear ? "\(isMonthFirst ? "," : "") \(time.year)" : ""
        return say("\(name(ofWeekday: time)), \(day)\(year)")
    }
    func moment(_ time: CalendarTime, today: CalendarTime) -> String {
        let hour = say("at \(clock(time))")
        switch today.dayNumber - time.dayNumber {
        case 0: return hour
        case 1: return say("yesterday \(hour)")
        case 2..<7: return say("on \(name(ofWeekday: time))")
        default: return say("on \(short(time, today: today))")
        }
    }
    var dateVocabulary: DateVocabulary {
        DateVocabulary(
            fillers: ["of", "the", "on", "ago"], relative: ["today": 0, "yesterday": 1],
            days: ["day", "days"], weeks: ["week", "weeks"], months: ["month", "months"],
            years: ["year", "years"])
    }

    // MARK: The link

    var signedOut: String { say("signed out") }
    var connecting: String { say("connecting…") }
    var connected: String { say("connected") }
    var inUseElsewhere: String { say("in use elsewhere") }
    var signInNeeded: String { say("sign in again") }
    var linkDown: String { say("offline") }
    var tryingNow: String { say("offline · trying…") }
    func nextTry(in seconds: Int) -> String { say("offline · next try in \(seconds) s") }
    func nextTryShort(in seconds: Int) -> String { say("offline · \(seconds) s") }
    var linkNotStarted: String { say("the link was not started") }
    var handshakeTimedOut: String { say("the server did not answer in time") }
    var linkSilent: String { say("the server went silent") }
    var linkClosed: String { say("the server closed the link") }
    var otherProtocol: String { say("the server speaks another protocol") }
    func inUseElsewhereHelp(_ key: String) -> String {
        say("This account is in use elsewhere. \(key) takes it back.")
    }

    // MARK: The status line

    func unsent(_ number: Int) -> String { count(number, "queued", "queued") }
    func waiting(_ number: Int) -> String { say("\(number) not sent") }
    func unread(_ number: Int) -> String { count(number, "unread", "unread") }
    var paused: String { say("sending is paused") }

    // MARK: Empty views

    var noConversations: String { say("No conversations yet") }
    func noConversationsHint(_ key: String) -> String { say("\(key) finds people") }
    var chooseConversation: String { say("Choose a conversation") }
    func chooseConversationHint(_ key: String, arrows: String, accept: String) -> String {
        say("\(arrows) and \(accept), or \(key) and a name")
    }
    var loading: String { say("loading…") }
    var notHereYet: String { say("Nothing is here yet") }
    var comesWithLink: String { say("It comes when the link is back") }
    func noMessages(_ name: String) -> String { say("No messages with \(name) yet") }
    var noMessagesHint: String { say("Write the first one below") }

    // MARK: The composer

    var groupingSeparator: String { "," }
    var composerPrompt: String { say("write a message") }
    var composerOffline: [String] {
        [
            say("write a message · it is sent when the link is back"),
            say("write · sent when the link is back"),
            composerPrompt,
        ]
    }
    func composerElsewhere(_ key: String) -> [String] {
        [
            say("in use elsewhere · \(key) takes it back"),
            say("\(key) takes it back"),
        ]
    }
    func tooLong(_ limit: Int) -> String { say("Too long: at most \(grouped(limit)) characters.") }

    // MARK: Messages that did not go

    func heldBack(_ reason: HeldReason?) -> String {
        switch reason {
        case nil: say("held back, since it is old: you decide")
        case .formerServer: say("held back, written for the former server: you decide")
        case .goneFromServer: say("the server had it and has lost it: you decide")
        }
    }
    func notSent(_ reason: String) -> String { say("not sent: \(reason)") }
    var refusedWithoutWords: String { say("refused by the server") }

    // MARK: Notices

    func heldNotice(_ number: Int) -> String {
        say("\(count(number, "old message waits", "old messages wait")) for you: /outbox")
    }
    var signInAgain: String { say("Your session has ended. Please sign in again; nothing is lost.") }
    var sessionEnded: String {
        say("This session was ended from elsewhere. Please sign in again; nothing is lost.")
    }
    func cacheSetAside(_ path: String, _ rescued: Int) -> String {
        say("The cache was damaged and set aside: \(path). Unsent messages saved: \(rescued).")
    }
    func contactChangeRefused(_ name: String, _ reason: String) -> String {
        say("\(name): the server refused the change: \(reason)")
    }
    func conversationKept(_ name: String, _ reason: String?) -> String {
        guard let reason else {
            return say("\(name) has written meanwhile: the conversation was deleted here only.")
        }
        return say("The server kept the conversation with \(name): \(reason)")
    }
    var storageFailed: String { say("Nothing can be written to the disk.") }
    func nobodyNamed(_ name: String) -> String { say("Nobody called “\(name)” here.") }
    func couldBe(_ name: String, _ people: [String]) -> String {
        let list = people.joined(separator: say(" or "))
        return say("“\(name)” could be \(list).")
    }
    func added(_ name: String) -> String { say("\(name) is in your list now.") }
    func pinned(_ name: String, _ isPinned: Bool) -> String {
        isPinned
            ? say("\(name) stays on top.")
            : say("\(name) is no longer kept on top.")
    }
    func muted(_ name: String, _ isMuted: Bool) -> String {
        isMuted
            ? say("No more alerts from \(name).")
            : say("Alerts from \(name) are on again.")
    }
    func listWidths(_ range: ClosedRange<Int>) -> String {
        say("The list is \(range.lowerBound) to \(range.upperBound) columns wide.")
    }
    var nothingUnread: String { say("Nothing unread.") }
    var nothingToRetry: String { say("Nothing is waiting here.") }
    func retried(_ number: Int) -> String {
        count(number, "message is sent again", "messages are sent again")
    }
    func discarded(_ number: Int) -> String {
        count(number, "message dropped", "messages dropped")
    }
    func againQuits(_ key: String) -> String { say("\(key) again quits.") }
    func againQuits(_ key: String, unsent: Int) -> String {
        say("\(key) again quits; \(self.unsent(unsent)), sent at the next start.")
    }
    func goodbye(unsent: Int) -> String {
        say("\(count(unsent, "message stays", "messages stay")) queued and will be sent at the next start.")
    }
    func goodbye(waiting: Int) -> String {
        say("\(count(waiting, "message waits", "messages wait")) for your decision.")
    }

    // MARK: Sign in

    var server: String { say("Server") }
    var name: String { say("Name") }
    var email: String { say("Email") }
    var password: String { say("Password") }
    var invitation: String { say("Invitation") }
    var signInTitle: String { say("Sign in") }
    var registerTitle: String { say("Create an account") }
    var signInAction: String { say("sign in") }
    var registerAction: String { say("create account") }
    var toRegister: String { say("create an account") }
    var toSignIn: String { say("sign in instead") }
    var nextField: String { say("next field") }
    var working: String { say("one moment…") }
    var fillIn: String { say("Please fill in every field.") }

    // MARK: Dialogs

    var switcherTitle: String { say("Go to") }
    var noContact: String { say("no contact") }
    var switcherPrompt: String { say("name") }
    var findTitle: String { say("Find people") }
    var findPrompt: String { say("name or email, two letters at least") }
    var searching: String { say("searching…") }
    var noMatch: String { say("nobody found") }
    var alreadyInList: String { say("in your list") }
    func addsToList(_ key: String) -> String { say("\(key) adds and opens") }
    func opens(_ key: String) -> String { say("\(key) opens") }
    func closes(_ key: String) -> String { say("\(key) closes") }
    var helpTitle: String { say("Keys and commands") }
    var commandsTitle: String { say("Commands") }
    func more(_ arrows: String) -> String { say("\(arrows) more") }

    // MARK: Errors

    var nobodySignedIn: String { say("Nobody is signed in.") }
    func serverUnavailable(_ status: Int) -> String { say("The server cannot answer now (\(status)).") }
    var senselessAnswer: String { say("The server's answer makes no sense.") }
    var noAnswerInTime: String { say("No answer in time.") }
    func unusableFile(_ path: String, _ code: Int32) -> String {
        say("\(path) cannot be used (error \(code)).")
    }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: return say("An empty message is not sent.")
        case .outboxFull(let limit):
            return say("The outbox is full: \(limit) messages wait to be sent.")
        case .messageTooLong(_, let limit): return tooLong(limit)
        case .ownAccount: return say("That is you.")
        case .unknownMessage: return say("That message is gone.")
        case .alreadyOnItsWay:
            return say("That message is on its way already.")
        case .notDeletable:
            return say("That message cannot be deleted.")
        case .ofAnotherAccount:
            return say("That was written by another account.")
        case .forSomebodyElse:
            return say("Whether this is the person it was written to is not known.")
        case .gapOutOfReach:
            return say("The server gives no older messages.")
        case .emptyName: return say("A name is needed.")
        case .malformedToken: return say("That is no token.")
        case .queryTooShort: return say("Two letters at least.")
        }
    }

    // MARK: What the server says

    func words(for refusal: Refusal) -> String {
        switch refusal {
        case .invalidData: say("The data is not valid")
        case .missingFields: say("Every field is needed")
        case .passwordTooShort: say("The password needs at least 6 characters")
        case .passwordTooLong: say("The password is too long (at most 72 bytes)")
        case .nameTooLong: say("The name is too long (at most 100 characters)")
        case .nameUnfit: say("The name has characters that are not allowed, or nothing visible")
        case .emailTooLong: say("The email address is too long (at most 255 characters)")
        case .emailWithoutAt, .emailUnknown: say("The email address is not valid")
        case .emailTaken: say("This email address has an account already")
        case .registrationClosed: say("This server creates no accounts")
        case .accountDisabled: say("This account was disabled by those who run the server")
        case .invitationMissing: say("This server creates accounts by invitation only")
        case .invitationInvalid: say("The invitation is not valid, or has expired")
        case .proofMissing: say("The server needs a proof of work to create an account")
        case .wrongCredentials: say("Wrong email or password")
        case .passwordWrong: say("The password is wrong")
        case .contactIDMissing: say("The contact's id is missing")
        case .contactIsSelf: say("You cannot add yourself as a contact")
        case .userUnknown: say("There is no such user")
        case .contactExists: say("The contact has been added already")
        case .contactNameMissing: say("The contact needs a name")
        case .contactNameBlank: say("The name cannot be empty")
        case .contactNameTooLong: say("The contact's name is too long (at most 100 characters)")
        case .contactNameUnfit:
            say("The contact's name has characters that are not allowed, or nothing visible")
        case .contactUnknown: say("There is no such contact")
        case .contactUnchanged: say("The contact could not be changed")
        case .contactNotEditable: say("You may not change this contact")
        case .contactNotRemovable: say("You may not remove this contact")
        case .searchTooShort: say("A search needs at least 2 characters")
        case .receiverMissing: say("The recipient's id is missing")
        case .contentMissing: say("The message has no content")
        case .contentBlank: say("The message cannot be empty")
        case .contentTooLong: say("The message is too long (at most 5,000 characters)")
        case .receiverIsSelf: say("You cannot write to yourself")
        case .receiverUnknown: say("There is no such recipient")
        case .messageUnknown: say("There is no such message")
        case .messageNotDeletable: say("You may not delete this message")
        case .subscriptionNotSaved: say("The subscription could not be saved")
        case .endpointMissing: say("The endpoint is missing")
        case .subscriptionNotRemoved: say("The subscription could not be removed")
        case .noSubscriptionWorks: say("No subscription works. Please turn notifications on again.")
        case .sessionUnknown: say("There is no such session")
        }
    }
    func words(for problem: RequestProblem) -> String {
        switch problem {
        case .tokenMissing: say("The token is missing.")
        case .tokenMalformed: say("The token is malformed.")
        case .tokenInvalid: say("The token is not valid or has expired.")
        case .sessionEnded: say("This session was ended. Please sign in again.")
        case .notAuthenticated: say("You are not signed in")
        case .notFound: say("The server has no such route")
        case .methodNotAllowed: say("The server does not allow that method")
        case .requestTooLarge: say("The request is too large")
        case .headersTooLarge: say("The headers are too large")
        case .codingUnknown: say("The encoding is not supported")
        case .badRequest: say("The request is not valid")
        case .tooManyRequests: say("Too many requests; try again")
        case .tooManyRequestsNow: say("Too many requests; try again in a moment")
        case .overloaded: say("The server is overloaded; try again")
        case .diskFull: say("The server's disk is full; try again later")
        case .databaseGone: say("The server cannot reach its database; try again later")
        case .serverError: say("The server failed")
        }
    }

    // MARK: Another server than before

    func otherServer(_ why: String) -> String {
        say("The server is not the one of before: \(why). The old messages are marked.")
    }
    func waitForYou(_ number: Int) -> String {
        say("\(count(number, "message waits", "messages wait")) for you: /outbox")
    }
    func why(_ reason: FormerServerReason) -> String {
        switch reason {
        case .otherDatabase: say("its database is another one")
        case .otherAccount: say("the account is another one")
        case .wentBack: say("it is back at an older state")
        case .otherMessages: say("its messages are others")
        }
    }
    func goneFromServer(_ number: Int) -> String {
        say("The server has lost \(count(number, "message", "messages")) of yours: /outbox")
    }
    func formerMessages(with name: String) -> String { say("with \(name), on the former server") }
    var presentMessages: String { say("on the present server") }
    var formerMark: String { say("former server") }

    // MARK: What waits for the person

    func word(for decision: Decision) -> String {
        switch decision {
        case .retry: say("retry")
        case .edit: say("edit")
        case .drop: say("drop")
        case .sendAsNew: say("as new")
        }
    }
    func toDecide(_ key: String) -> String { say("\(key) to decide") }
    var nothingToChoose: String { say("No message to choose.") }
    var onItsWay: String { say("That message is on its way already.") }
    func onlyUnsentAreEdited(quote key: String?) -> String {
        say("What was sent stays as it is\(key.map { "; \($0) quotes it" } ?? "").")
    }
    var onlyWaitingAsNew: String { say("Only what was refused or held back is sent as new.") }
    var onlyOwnAreDeleted: String { say("Only your own messages can be deleted.") }
    func dropped(yank key: String?) -> String {
        say("Dropped\(key.map { "; \($0) brings its text back" } ?? "").")
    }
    var cancelledWhenKnown: String { say("On its way: it is deleted as soon as the server answers.") }
    var deleted: String { say("Deleted for both sides.") }
    var deletedLater: String { say("Deleted here; for the other side when the link is back.") }
    var editing: String { say("editing an unsent message") }
    func editingHint(_ key: String) -> String { say("\(key) leaves it as it was") }
    func emptyEdit(_ key: String?) -> String {
        say("An empty message is not sent.\(key.map { " \($0) leaves it as it was." } ?? "")")
    }

    // MARK: Copying and links

    func copied(_ outcome: CopyOutcome) -> String {
        switch outcome {
        case .inTmuxBuffer:
            say("In tmux's buffer: prefix ] pastes it. Outside too, if the terminal allows OSC 52.")
        case .handedOver(.tmux):
            say("Given to tmux, which keeps it only with “set -s set-clipboard on”.")
        case .handedOver(.screen):
            say("Given through screen to the terminal. If it does not paste, allow OSC 52 in the terminal.")
        case .handedOver(.terminal):
            say("Given to the terminal. If it does not paste, allow OSC 52 in its settings.")
        case .refused: say("This terminal takes no copies: mark the text with the mouse, holding Shift.")
        }
    }
    var noLink: String { say("No link in this message.") }
    var linksTitle: String { say("Open a link") }
    var cannotOpenLink: String { say("No program here opens links.") }

    // MARK: Questions

    func letter(of answer: Question.Answer) -> String {
        switch answer {
        case .no: "n"
        case .yes: say("y")
        case .oneLine: say("j")
        case .look, .sendAll, .discardAll: ""
        }
    }
    func answer(_ answer: Question.Answer, to subject: Question.Subject) -> String {
        switch (subject, answer) {
        case (.deleteMessage, .yes): say("delete for both")
        case (.deleteMessage, .no): say("keep it")
        case (.openLink, .yes): say("open it")
        case (.openLink, .no): say("do not open")
        case (.paste, .yes): say("paste them")
        case (.paste, .no): say("do not paste")
        case (.removeContact, .yes): say("remove")
        case (.deleteConversation, .yes): say("delete everything for both")
        case (.held, .no), (.heldFromFormerServer, .no): say("later")
        case (_, .no): say("keep it")
        case (_, .yes): say("yes")
        case (_, .oneLine): say("join them to one line")
        case (_, .look): say("look at them")
        case (_, .sendAll): say("send all now")
        case (_, .discardAll): say("drop all")
        }
    }
    func title(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("Delete this message?")
        case .openLink: linksTitle
        case .paste(_, let lines): say("Paste \(lines) lines?")
        case .held(let number), .heldFromFormerServer(let number):
            count(number, "message held back", "messages held back")
        case .removeContact: say("Remove from your list?")
        case .deleteConversation: say("Delete this conversation?")
        }
    }
    func explanation(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("It will be deleted for both sides. It cannot be brought back.")
        case .openLink: say("It opens in your browser.")
        case .paste: say("They become one message.")
        case .held(1): say("It was written long ago and not sent. Should it be sent now?")
        case .held: say("They were written long ago and not sent. Should they be sent now?")
        case .heldFromFormerServer:
            say("The server is another one now, or has lost them. Only those to the same people are sent.")
        case .removeContact: say("The messages stay.")
        case .deleteConversation:
            say("All its messages will be deleted for both sides. They cannot be brought back.")
        }
    }

    // MARK: Details

    var detailsTitle: String { say("About this message") }
    var detailFrom: String { say("from") }
    var detailState: String { say("state") }
    var detailReason: String { say("reason") }
    func detailTime(isUnsent: Bool) -> String {
        isUnsent ? say("entered") : say("sent")
    }
    var detailDelivered: String { say("delivered") }
    var detailRead: String { say("read") }
    var detailLength: String { say("length") }
    func characters(_ number: Int) -> String {
        count(number, "character", "characters")
    }
    var detailID: String { say("id") }
    var detailTempID: String { say("local id") }
    func words(for state: RowState) -> String {
        switch state {
        case .received: say("received")
        case .queued: say("queued: it waits to be sent")
        case .sending: say("being sent")
        case .unknown: say("sent, not yet confirmed")
        case .sent: say("the server has it")
        case .delivered: say("delivered")
        case .read: say("read")
        case .failed: say("refused by the server")
        case .held: say("held back until you decide")
        }
    }

    // MARK: Slash commands

    func words(for command: SlashCommand) -> CommandWords {
        switch command {
        case .help: CommandWords("help", help: say("keys and commands"))
        case .keys: CommandWords("keys", help: say("what a key is called and does"))
        case .goTo: CommandWords("goto", help: say("go to a conversation"))
        case .next: CommandWords("next", help: say("next unread conversation"))
        case .search: CommandWords("search", help: say("search the messages"))
        case .date: CommandWords("date", help: say("go to a day"))
        case .unread: CommandWords("unread", help: say("go to the unread line"))
        case .end: CommandWords("end", help: say("go to the newest message"))
        case .older: CommandWords("older", help: say("older messages"))
        case .find: CommandWords("add", "find", help: say("find people and add them"))
        case .rename: CommandWords("rename", help: say("give this person another name"))
        case .remove: CommandWords("remove", help: say("take this person off the list"))
        case .deleteConversation:
            CommandWords("delete-conversation", help: say("delete this conversation for both"))
        case .edit: CommandWords("edit", help: say("write in your own editor"))
        case .copy: CommandWords("copy", help: say("copy the newest message"))
        case .delete: CommandWords("delete", help: say("delete your newest message"))
        case .outbox: CommandWords("outbox", help: say("what was not sent yet"))
        case .retry: CommandWords("retry", help: say("send again what was not sent here"))
        case .discard: CommandWords("discard", help: say("drop what was not sent here"))
        case .gap: CommandWords("gap", help: say("fetch what may be missing"))
        case .conversations: CommandWords("list", help: say("the conversations"))
        case .list: CommandWords("list", help: say("hide or show the list, or its width"))
        case .pin: CommandWords("pin", help: say("keep on top of the list, or not"))
        case .mute: CommandWords("mute", help: say("silence, or have alerts again"))
        case .status: CommandWords("status", help: say("connection, unread and unsent"))
        case .typing: CommandWords("typing", help: say("on or off: be told who is typing"))
        case .profile: CommandWords("profile", help: say("change to another profile"))
        case .reconnect: CommandWords("reconnect", help: say("connect now"))
        case .signOut: CommandWords("signout", help: say("sign out; the cache stays"))
        case .quit: CommandWords("quit", "exit", help: say("quit; what is queued stays queued"))
        }
    }
    func word(for argument: SlashCommand.Argument) -> String {
        switch argument {
        case .person: say("name")
        case .words: say("words")
        case .day: say("yesterday, 1 Oct, …")
        case .query: say("name or email")
        case .newName: say("new name")
        case .width: say("width")
        case .profile: say("name")
        case .onOrOff: say("on, off")
        }
    }
    func unknownCommand(_ name: String) -> String { say("No such command: /\(name).") }
    func didYouMean(_ name: String) -> String { say("Did you mean /\(name)?") }
    var slashHint: String { say("// begins a text with a slash.") }
    func takesNothing(_ name: String) -> String { say("/\(name) takes nothing; // sends it as text.") }
    func pasteCut(_ limit: Int) -> String {
        say("The paste was cut: a message has at most \(grouped(limit)) characters.")
    }

    // MARK: Jumps

    var newerBelow: String { say("↓ newer messages") }
    var noMessageThere: String { say("No messages there.") }
    var noDate: String { say("That is no day. Try: yesterday, friday, 3 days ago, 1 Oct, 2026-10-01.") }
    var noGap: String { say("Nothing is missing here.") }
    var gapNeedsLink: String { say("What is missing can be fetched when the link is back.") }

    // MARK: Search

    func hits(_ number: Int) -> String { count(number, "hit", "hits") }
    func searchIn(_ name: String) -> String { say("Search the conversation with \(name)") }
    var searchEverywhere: String { say("Search all conversations") }
    func searchOther(isEverywhere: Bool, _ key: String) -> String {
        isEverywhere ? say("\(key) only this one") : say("\(key) all")
    }
    var searchPrompt: String { say("words of a message") }
    var searchHint: String {
        say("Upper case and accents do not matter; \"words in quotes\" stand together.")
    }
    var noHits: String { say("no message has these words") }
    func indexing(_ number: Int) -> String { say("\(number) not indexed yet") }
    func hit(_ number: Int, of total: String) -> String { say("hit \(number) of \(total)") }
    func youTo(_ name: String) -> String { say("you to \(name)") }
    func noSearchYet(_ ways: [String]) -> String { say("Search first: \(ways.joined(separator: " or ")).") }
    var noOlderHit: String { say("No older hit.") }
    var noNewerHit: String { say("No newer hit.") }

    // MARK: The outbox

    var outboxWord: String { say("Outbox") }
    var outboxEmpty: String { say("Nothing waits to be sent.") }

    // MARK: Editing

    var noEditor: String { say("No editor could be started. Set EDITOR.") }
    func noEditor(_ words: String, variable: String) -> String {
        say("The editor “\(words)” could not be started. Set \(variable).")
    }
    func editorFileFailed(_ reason: String) -> String {
        say("The text cannot be written for the editor: \(reason)")
    }
    func editorFailed(yank key: String?) -> String {
        let way = key.map { " \($0) brings what it saved." } ?? ""
        return say("The editor ended with an error: the text is as before.\(way)")
    }
    func editorSavedNoText(yank key: String?) -> String {
        let way = key.map { " \($0) brings what can be read of it." } ?? ""
        return say("What the editor saved is not UTF-8: the text is as before.\(way)")
    }
    var editorSavedTooMuch: String {
        say("What the editor saved is more than a megabyte: the text is as before.")
    }
    var nothingToDelete: String { say("Nothing of yours to delete here.") }

    // MARK: People and profiles

    func profileIs(_ name: String) -> String { say("This is the profile \(name).") }
    func otherProfiles(_ names: String) -> String { say("Others: \(names).") }
    func renamed(_ name: String) -> String { say("Renamed: \(name)") }
    func removed(_ name: String) -> String { say("\(name) is off your list.") }
    var nameTooLong: String { say("That name is too long.") }
    var noProfileName: String { say("A profile's name has letters, digits, '-', '_' and '.'.") }
    var oneProfileOnly: String { say("Profiles cannot be changed here.") }

    // MARK: Keys

    func hint(_ command: Command) -> String {
        switch command {
        case .help: say("help")
        case .quit: say("quit")
        case .switcher: say("go to")
        case .findPeople: say("find people")
        case .nextUnread: say("next unread")
        case .switchPane: say("list")
        case .search: say("search")
        case .reconnect: say("use it here")
        case .message(let command): hint(command)
        default: describe(command)
        }
    }
    private func hint(_ command: MessageCommand) -> String {
        switch command {
        case .copy: say("copy")
        case .quote: say("quote")
        case .openLink: say("open link")
        case .details: say("details")
        case .delete: say("delete")
        case .retry: say("send again")
        case .edit: say("edit")
        case .nextHit: say("next")
        case .previousHit: say("previous")
        case .sendAsNew: say("as new")
        case .leave: say("write")
        default: describe(command)
        }
    }
    var conversation: String { say("conversation") }
    func section(_ section: Keymap.Section) -> String {
        switch section {
        case .everywhere: say("Everywhere")
        case .conversations: say("Conversations")
        case .messages: say("Messages")
        case .chosen: say("With a message chosen")
        case .writing: say("Writing")
        }
    }
    func describe(_ command: Command) -> String {
        switch command {
        case .help: say("this help")
        case .quit: say("quit; what is queued stays queued")
        case .interrupt: say("quit, when pressed twice")
        case .suspend: say("back to the shell; fg returns")
        case .redraw: say("draw the screen anew")
        case .reconnect: say("connect now")
        case .switcher: say("go to a conversation by name")
        case .findPeople: say("find people and add them")
        case .nextUnread: say("next unread conversation")
        case .previousConversation: say("conversation above")
        case .nextConversation: say("conversation below")
        case .conversation: say("conversation of that place")
        case .switchPane: say("between list and conversation")
        case .toggleList: say("hide or show the list")
        case .widenList: say("wider list")
        case .narrowList: say("narrower list")
        case .togglePinned: say("keep on top of the list, or not")
        case .toggleMuted: say("silence, or have alerts again")
        case .pageUp: say("a page up")
        case .pageDown: say("a page down")
        case .lineUp: say("a line up")
        case .lineDown: say("a line down")
        case .scrollToStart: say("to the beginning")
        case .scrollToEnd: say("to the end")
        case .search: say("search this conversation")
        case .searchAll: say("search all conversations")
        case .outbox: say("what was not sent yet")
        case .externalEditor: say("write in your own editor")
        case .prefix: say("then " + pairs(editor: "editor", undo: "undo"))
        case .chooseMessage: say("choose a message")
        case .message(let command): describe(command)
        case .up: say("line above; what was sent before")
        case .down: say("line below")
        case .accept: say("send")
        case .cancel: say("close; back to the end")
        case .newline: say("new line")
        case .edit(let edit): describe(edit)
        }
    }
    private func describe(_ command: MessageCommand) -> String {
        switch command {
        case .previous: say("the message above")
        case .next: say("the message below")
        case .pageUp: say("a page up")
        case .pageDown: say("a page down")
        case .first: say("the first one")
        case .last: say("the last one")
        case .previousDay: say("the day before")
        case .nextDay: say("the day after")
        case .copy: say("copy its text")
        case .quote: say("answer it with a quote")
        case .openLink: say("open a link in it")
        case .details: say("all about it")
        case .delete: say("delete it; drop an unsent one")
        case .retry: say("send it again")
        case .edit: say("change it before it is sent")
        case .sendAsNew: say("send it again as a new message")
        case .search: say("search")
        case .nextHit: say("next hit")
        case .previousHit: say("previous hit")
        case .unreadLine: say("to the unread line")
        case .fillGap: say("fetch what may be missing above")
        case .leave: say("back to writing")
        }
    }
    private func describe(_ edit: Command.Edit) -> String {
        switch edit {
        case .left: say("left")
        case .right: say("right")
        case .wordLeft: say("a word to the left")
        case .wordRight: say("a word to the right")
        case .lineStart: say("to the beginning of the line")
        case .lineEnd: say("to the end of the line")
        case .textStart: say("to the beginning of the text")
        case .textEnd: say("to the end of the text")
        case .deleteBackward: say("delete to the left")
        case .deleteForward: say("delete to the right")
        case .killWordBackward: say("cut the word to the left")
        case .killToSpace: say("cut back to a space")
        case .killWordForward: say("cut the word to the right")
        case .killToStart: say("cut to the beginning of the line")
        case .killToEnd: say("cut to the end of the line")
        case .yank: say("put back what was cut")
        case .yankEarlier: say("put back what was cut before that")
        case .transpose: say("swap two characters")
        case .undo: say("undo")
        case .redo: say("redo")
        }
    }

    // MARK: Trying keys

    var keysTitle: String { say("What keys do") }
    var keysHint: String { say("Press any key") }
    func keysClose(_ key: String) -> String { say("\(key) \(key) closes") }
    var keyTypes: String { say("is typed") }
    var keyDoesNothing: String { say("does nothing") }
    func whileChosen(_ words: String) -> String { say("on a chosen message: \(words)") }
    var doubleSlash: String { say("a message that begins with a slash") }

    // MARK: The network

    func network(_ error: NetError) -> String { "\(error)" }
    func tls(_ failure: TLSFailure) -> String { failure.description }
    func tlsAdvice(_ failure: TLSFailure) -> String? { failure.advice }
    func serverAddress(_ error: ServerURLError) -> String { "\(error)" }
    func terminal(_ error: TerminalError) -> String {
        let plain = "`mychat --plain` chats line by line; commands such as `mychat send` do one thing."
        return switch error {
        case .notATerminal:
            "The full-screen client needs a terminal on standard input and output. " + plain
        case .noTerminalType:
            "TERM is not set, so the kind of terminal is unknown; try TERM=xterm-256color. " + plain
        case .unknownTerminalType(let name):
            "The terminal type “\(Sanitizer.line(name))” (TERM) is unknown here; try TERM=xterm-256color. "
                + plain
        case .incapableTerminal(let name):
            "A terminal of type “\(Sanitizer.line(name))” (TERM) cannot show a full screen. " + plain
        case .inBackground:
            "The program runs in the background, without a shell that could bring it to the front. " + plain
        case .system(let call, let code): "The terminal failed: \(call), error \(code)."
        }
    }

    // MARK: Keys

    var keyProbeBegins: String { say("Press keys to see their names, commands and bytes. Ctrl-C ends.") }
    var noKey: String { say("(no key)") }
    func pasted(_ characters: Int) -> String { say("(pasted: \(characters) characters)") }

    // MARK: Plain mode

    func plainLink(_ words: String) -> String { say("Connection: \(words).") }
    var everythingSent: String { say("Everything is sent.") }
    var yesWords: [String] { ["yes", "y"] }
    var noWords: [String] { ["no", "n"] }
    func plainWelcome(_ email: String) -> String {
        say("MyChat, line by line. You are \(email). /help lists the commands.")
    }
    var plainNobodyOpen: String {
        say("No conversation is open. /list shows them, /goto and a name opens one.")
    }
    func plainConversation(_ name: String, _ presence: String?) -> String {
        let state = presence.map { ", " + $0 } ?? ""
        return say("Conversation with \(name)\(state).")
    }
    var plainNoMessages: String { say("No messages yet.") }
    var plainBeginning: String { say("The conversation begins here.") }
    var plainOlder: String { say("/older shows older messages.") }
    func plainUnread(_ number: Int) -> String {
        count(number, "new message:", "new messages:")
    }
    func plainElsewhere(_ name: String, _ text: String) -> String { say("New message from \(name): \(text)") }
    var plainYou: String { say("You") }
    func word(_ state: RowState) -> String {
        switch state {
        case .received: say("received")
        case .queued: say("queued")
        case .sending: say("sending")
        case .unknown: say("not confirmed yet")
        case .sent: say("sent")
        case .delivered: say("delivered")
        case .read: say("read")
        case .failed: say("not sent")
        case .held: say("waiting for you")
        }
    }
    func plainFailure(_ reason: String, _ excerpt: String) -> String {
        say("Not sent: \(excerpt). Reason: \(reason). /retry sends it again, /discard drops it.")
    }
    var plainChoose: String { say("A number adds and opens that person; an empty line adds nobody.") }
    var plainNobodyAdded: String { say("Nobody added.") }
    var plainModeOnly: String { say("That is for plain mode only.") }
    var plainFullScreenOnly: String { say("That is for the full screen only.") }
    var plainSearchWhat: String { say("Write whom to find: /add name") }
    func typingAnnounced(_ isOn: Bool) -> String {
        isOn
            ? say("You will be told who is typing.")
            : say("You will not be told who is typing.")
    }
    var plainSearchFor: String { say("Write what to search for: /search words") }
    func plainNewName(_ name: String) -> String { say("Write the new name: /rename \(name)") }
    func plainRemove(_ name: String) -> String { say("Take \(name) out of your contacts? yes or no.") }
    func plainDelete(_ excerpt: String) -> String {
        say("Delete your last message for both of you: \(excerpt)? yes or no.")
    }
    func plainDeleteConversation(_ name: String) -> String {
        say("Delete the whole conversation with \(name), for both of you? yes or no.")
    }
    var plainDeleting: String { say("It is being deleted.") }
    var plainNothingToDelete: String { say("There is no message of yours here.") }
    func plainTakesNothing(_ name: String) -> String {
        say("/\(name) takes nothing; // sends it as text. Nothing was done.")
    }
    var plainLineTooLong: String { say("Not sent: the line is too long.") }
    var plainNotText: String { say("Not sent: no UTF-8.") }
    func plainPasted(_ count: Int) -> String {
        say("\(count) lines came at once, and a command or an answer stands alone. Nothing was sent or done.")
    }
    var plainNothingDone: String { say("Nothing was done.") }

    // MARK: Emoji

    var emojiNames: String {
        """
        😀 grin,smile
        😃 smiley,happy
        😄 laugh
        😁 beaming
        😆 lol
        😅 phew,sweat_smile
        🤣 rofl
        😂 joy,tears_of_joy
        🙂 slight_smile
        🙃 upside_down
        😉 wink
        😊 blush
        😇 angel,innocent
        🥰 in_love
        😍 heart_eyes
        😘 kiss
        😋 yum
        😛 tongue
        😜 crazy
        🤪 zany
        🤗 hug
        🤭 oops
        🤫 shush,quiet
        🤔 thinking,hmm
        🤐 zip
        🤨 eyebrow
        😐 neutral
        😑 expressionless
        😶 speechless
        😏 smirk
        😒 unamused
        🙄 eyeroll
        😬 grimace
        😌 relieved
        😔 pensive
        😪 sleepy
        🤤 drool
        😴 sleep,zzz
        😷 mask
        🤒 ill,sick
        🤕 hurt
        🤢 nausea
        🤧 sneeze
        🥵 hot
        🥶 cold,freezing
        🥴 woozy
        🤯 mind_blown
        🥳 party
        😎 cool,sunglasses
        🤓 nerd
        😕 confused
        😟 worried
        🙁 frown
        😮 wow
        😲 astonished
        😳 flushed
        🥺 please,puppy_eyes
        😨 fear
        😰 anxious
        😢 cry
        😭 sob
        😱 scream
        😖 confounded
        😞 disappointed
        😓 sweat
        😩 weary
        😫 tired
        🥱 yawn
        😤 huff
        😡 angry,rage
        🤬 swearing
        😈 devil
        💀 skull
        💩 poop
        🤡 clown
        👻 ghost
        👽 alien
        🤖 robot
        😺 cat_smile
        🙈 see_no_evil
        🙉 hear_no_evil
        🙊 speak_no_evil
        ❤️ heart,love
        🧡 orange_heart
        💛 yellow_heart
        💚 green_heart
        💙 blue_heart
        💜 purple_heart
        🖤 black_heart
        🤍 white_heart
        💔 broken_heart
        💕 two_hearts
        💯 hundred
        💥 boom
        💫 dizzy
        💦 drops
        💤 snooze
        👋 wave,hello,bye
        🤚 raised_hand
        ✋ stop_hand,high_five
        👌 ok,perfect
        🤏 pinch,little
        ✌️ peace,victory
        🤞 fingers_crossed
        🤘 rock
        🤙 call_me,hang_loose
        👈 left_hand
        👉 right_hand
        👆 up_hand
        👇 down_hand
        👍 thumbsup,yes,+1
        👎 thumbsdown,no,-1
        ✊ fist
        👊 punch
        👏 clap
        🙌 hooray,raised_hands
        🤝 handshake,deal
        🙏 thanks,pray
        ✍️ writing_hand
        💪 strong,muscle
        👀 eyes
        👁️ eye
        🧠 brain
        👶 baby
        👦 boy
        👧 girl
        👨 man
        👩 woman
        👴 grandpa
        👵 grandma
        🤷 shrug
        🤦 facepalm
        🙋 me,raising_hand
        🏃 run
        🚶 walk
        💃 dance
        🕺 dancer
        👪 family
        👣 footprints
        🐶 dog
        🐱 cat
        🐭 mouse
        🐰 rabbit
        🦊 fox
        🐻 bear
        🐼 panda
        🐯 tiger
        🦁 lion
        🐮 cow
        🐷 pig
        🐸 frog
        🐵 monkey
        🐔 chicken
        🐧 penguin
        🐦 bird
        🦆 duck
        🦉 owl
        🐴 horse
        🦄 unicorn
        🐝 bee
        🦋 butterfly
        🐞 ladybug
        🐢 turtle
        🐍 snake
        🐙 octopus
        🐟 fish
        🐬 dolphin
        🐳 whale
        🦥 sloth
        🐘 elephant
        🌵 cactus
        🌲 tree
        🌴 palm
        🍀 clover,luck
        🌹 rose
        🌻 sunflower
        🌸 blossom
        🍄 mushroom
        🌍 earth,world
        🌙 moon
        ⭐ star
        🌟 glowing_star
        ✨ sparkles
        ⚡ lightning
        🔥 fire
        🌈 rainbow
        ☀️ sun
        ⛅ cloudy
        ☁️ cloud
        🌧️ rain
        ⛈️ storm
        ❄️ snow
        ☔ umbrella
        💧 drop
        🌊 ocean,sea
        🍎 apple
        🍌 banana
        🍇 grapes
        🍉 watermelon
        🍊 tangerine
        🍋 lemon
        🍍 pineapple
        🥭 mango
        🍓 strawberry
        🥑 avocado
        🍅 tomato
        🥕 carrot
        🌽 corn
        🍞 bread
        🧀 cheese
        🥚 egg
        🍔 burger
        🍟 fries
        🍕 pizza
        🌭 hotdog
        🥪 sandwich
        🌮 taco
        🍝 pasta
        🍣 sushi
        🍿 popcorn
        🍦 ice_cream
        🍩 donut
        🍪 cookie
        🎂 birthday,cake
        🍰 slice
        🍫 chocolate
        🍬 candy
        🍯 honey
        ☕ coffee
        🍵 tea
        🧉 mate
        🥤 soda
        🍺 beer
        🍻 beers,cheers
        🥂 toast
        🍷 wine
        🍹 drink
        🍽️ meal
        ⚽ soccer,football
        🏀 basketball
        🏐 volleyball
        🎾 tennis
        🏆 trophy
        🥇 gold,first
        🎮 game
        🎲 dice
        🎯 target,bullseye
        🎵 note,music
        🎶 notes
        🎤 microphone
        🎧 headphones
        🎸 guitar
        🥁 drum
        🎬 movie
        🎨 art
        🎉 tada,celebrate
        🎊 confetti
        🎈 balloon
        🎁 gift
        🎄 christmas
        🎃 pumpkin
        🎆 fireworks
        🚗 car
        🚕 taxi
        🚌 bus
        🚲 bike
        🏍️ motorcycle
        🚆 train
        🚇 subway
        ✈️ plane
        🚀 rocket
        🚢 ship
        🚧 construction
        🚨 alert,siren
        🏠 home,house
        🏢 office
        🏥 hospital
        🏖️ beach
        🏕️ camping
        🗺️ map
        ⌚ watch
        📱 phone
        💻 laptop,computer
        ⌨️ keyboard
        🖥️ desktop
        🖨️ printer
        💾 save,floppy
        📷 camera
        📺 tv
        📞 telephone
        🔋 battery
        💡 idea,bulb
        🔦 flashlight
        💰 money
        💳 card
        ✉️ mail
        📧 email
        📦 package
        📝 memo
        📅 calendar
        📌 pin
        📎 paperclip,clip
        ✂️ scissors
        🔒 lock
        🔑 key
        🔨 hammer
        🔧 wrench
        ⚙️ gear
        🐛 bug
        🧪 test
        🔬 microscope
        💊 pill
        🩹 bandage
        🚪 door
        🛏️ bed
        🛒 cart
        🎓 graduation
        📚 books
        📖 book
        📈 chart_up
        📉 chart_down
        🔍 search
        🔗 link
        ⏰ alarm
        ⏳ hourglass,waiting
        🕐 clock
        ✅ check,done
        ☑️ ballot
        ✔️ tick
        ❌ cross,wrong
        ❗ exclamation
        ❓ question
        ⚠️ warning
        🚫 forbidden
        ⛔ no_entry
        ♻️ recycle
        ➕ plus
        ➖ minus
        ➡️ right
        ⬅️ left
        ⬆️ up
        ⬇️ down
        🔄 refresh
        🆗 ok_button
        🆕 new
        🆘 sos
        🔔 bell
        🔇 mute
        💬 speech
        💭 thought
        🔴 red
        🟠 orange
        🟡 yellow
        🟢 green
        🔵 blue
        🟣 purple
        ⚫ black
        ⚪ white
        🏁 finish
        🚩 flag
        🏳️‍🌈 pride
        🇧🇷 brazil
        🇵🇹 portugal
        🇺🇸 usa
        🇬🇧 uk
        🇦🇷 argentina
        🇪🇸 spain
        🇫🇷 france
        🇩🇪 germany
        🇮🇹 italy
        🇯🇵 japan
        """
    }
}

/// What the command line says.
struct EnglishCommands: CommandCatalogue {
    var trustAdvice: String?

    var language: Language { .english }

    // MARK: Accounts

    func signedIn(as who: CleanLine, on server: ServerURL) -> String { "Signed in as \(who) on \(server)" }
    func registered(_ who: CleanLine, on server: ServerURL) -> String {
        "Account made and signed in: \(who) on \(server)"
    }
    func expires(_ when: String) -> String { "The sign-in is good until \(when)" }
    func signedOut(unsent: Int) -> String {
        guard unsent > 0 else { return "Signed out" }
        return "Signed out; \(unsent) unsent \(unsent == 1 ? "message stays" : "messages stay") in the outbox"
    }
    var wasSignedOut: String { "Nobody was signed in" }
    var serverNotTold: String {
        "the server could not be told; there the session lasts until it expires or is ended from elsewhere"
    }
    var currentSession: String { "this one" }
    func lastSeen(_ when: String) -> String { "last seen \(when)" }
    var sessionEnded: String { "The session was ended" }
    func sessionsEnded(_ count: Int) -> String {
        count == 1 ? "1 other session was ended" : "\(count) other sessions were ended"
    }
    var noSessions: String { "the server does not know sessions" }
    var notSignedIn: String { "nobody is signed in" }
    var signInAdvice: String { "Sign in with: mychat login" }
    var askName: String { "Name: " }
    var askPassword: String { "Password: " }
    var askPasswordAgain: String { "Password again: " }
    var passwordsDiffer: String { "the two passwords differ" }
    func noTerminalToAsk(_ what: String) -> String { "there is no terminal to ask for \(what) on" }
    var passwordWord: String { "the password" }
    var emailWord: String { "the email address" }
    var nameWord: String { "the name" }
    var passwordAdvice: String { "Give it with --password-stdin" }
    var noAnswer: String { "no answer was given" }
    func commandFailed(_ name: String, _ reason: String) -> String { "\(name) failed: \(reason)" }

    // MARK: Recipients

    func didYouMean(_ names: [CleanLine]) -> String {
        "Did you mean \(names.map { "'\($0)'" }.joined(separator: " or "))?"
    }
    func ambiguousRecipient(_ who: CleanLine, _ people: [CleanLine]) -> String {
        "'\(who)' could be \(people.map(\.text).joined(separator: " or "))"
    }
    func unknownRecipient(_ who: CleanLine) -> String { "nobody is known as '\(who)'" }
    var findAdvice: String { "Look for people with: mychat contacts find NAME" }
    var ambiguousAdvice: String { "Use the email address or the id" }

    // MARK: Messages

    func noText(_ argument: CleanLine) -> String { "'\(argument)' is no UTF-8" }
    func former(_ reason: FormerServerReason, messages: Int, held: Int) -> String {
        let why =
            switch reason {
            case .otherDatabase: "the server has another database"
            case .otherAccount: "the account is another one"
            case .wentBack: "the server has lost messages"
            case .otherMessages: "the server's messages are others"
            }
        return "\(why): \(messages) messages here are of the former server, \(held) wait for you"
    }
    func sent(to name: CleanLine, id: MessageID) -> String { "Sent to \(name) (message \(id))" }
    func queued(for name: CleanLine) -> String { "Queued for \(name)" }
    var notConfirmed: String {
        "not confirmed yet; the message stays in the outbox and goes out with the next connection: "
            + "do not send it again"
    }
    var confirmationTimedOut: String {
        "the server did not confirm in time; the message stays in the outbox: do not send it again"
    }
    func refusedMessage(_ reason: CleanLine) -> String { "the server refused the message: \(reason)" }
    var heldMessage: String { "the message is held: open mychat to send it, edit it or discard it" }
    var discardedMessage: String { "the message was taken back" }
    var notText: String { "the text is not UTF-8" }
    var messageNotText: String { "not sent: no UTF-8" }
    func inputTooLong(limit: Int) -> String { "the input is longer than \(limit) bytes" }
    var me: String { "you" }
    func emptyHistory(_ name: CleanLine) -> String { "No messages with \(name) yet" }
    var gap: String { "… messages may be missing here …" }
    func former(_ name: String?) -> String {
        guard let name else { return "— on the present server —" }
        return "— with \(name), on the former server —"
    }
    var tokenOfAnother: String { "on the server the account is somebody else's now; nothing was sent" }
    func held(_ reason: HeldReason?) -> String? {
        switch reason {
        case nil: nil
        case .formerServer:
            "written for the former server"
        case .goneFromServer:
            "the server had it and has lost it"
        }
    }
    var cachedOnly: String { "not up to date: shown from the cache" }
    func state(_ state: RowState) -> String {
        switch state {
        case .received: ""
        case .queued: "queued"
        case .sending: "sending"
        case .unknown: "unconfirmed"
        case .sent: "sent"
        case .delivered: "delivered"
        case .read: "read"
        case .failed: "refused"
        case .held: "held"
        }
    }
    var toldLater: String { "done here, and told to the server later" }
    var nothingUnread: String { "Nothing unread" }
    func markedRead(_ count: Int, _ name: CleanLine) -> String {
        guard count > 0 else { return "Nothing unread of \(name)" }
        return "\(count) \(count == 1 ? "message" : "messages") of \(name) marked as read"
    }

    // MARK: Searching

    var nothingFound: String { "Nothing found" }
    func unsearched(_ count: Int) -> String { "\(count) messages are not indexed yet and were not searched" }

    // MARK: Watching

    var deletedWord: String { "deleted" }
    func typing(_ name: String, _ isTyping: Bool) -> String {
        isTyping
            ? "\(name) is typing…"
            : "\(name) stopped typing"
    }
    func words(_ presence: Presence) -> String {
        switch presence {
        case .online: "online"
        case .offline: "offline"
        case .unknown: "presence unknown"
        }
    }

    // MARK: The outbox

    func cancelled(_ name: CleanLine, _ excerpt: String) -> String { "Taken back, to \(name): \(excerpt)" }
    var outboxEmpty: String { "Everything is sent" }
    func noLetter(_ id: CleanLine) -> String { "no unsent message begins with '\(id)'" }
    func severalLetters(_ id: CleanLine) -> String { "several unsent messages begin with '\(id)'" }
    var outboxAdvice: String { "See: mychat outbox list" }

    // MARK: Status and contacts

    func cacheContents(_ report: CacheReport, size: String) -> String {
        "\(report.messages) messages in \(report.conversations) conversations, \(report.unsent) unsent, "
            + "\(report.drafts) drafts, \(size)"
    }
    func cacheCompacted(_ before: String, _ after: String) -> String { "\(before) before, \(after) now" }
    var serverWord: String { "Server" }
    var accountWord: String { "Account" }
    var profileWord: String { "Profile" }
    var outboxWord: String { "Outbox" }
    var unreadWord: String { "Unread" }
    var linkWord: String { "Connection" }
    var extensionsWord: String { "Extensions" }
    var noAccount: String { "none" }
    var reachable: String { "reachable" }
    var notAsked: String { "not asked" }
    var none: String { "none" }
    func outbox(_ summary: OutboxSummary) -> String {
        let unsent = "\(summary.unsent) unsent"
        let waiting = "\(summary.waiting) waiting for you"
        return summary.waiting > 0 ? "\(unsent), \(waiting)" : unsent
    }
    func unread(_ count: Int, in conversations: Int) -> String {
        guard count > 0 else { return "0" }
        return "\(count) in \(conversations) \(conversations == 1 ? "conversation" : "conversations")"
    }
    func contactAdded(_ name: CleanLine) -> String { "\(name) is now among your contacts" }
    var cacheSound: String { "The cache is sound." }
    func cacheWasSetAside(_ path: CleanLine, _ rescued: Int) -> String {
        "the cache could not be used and was set aside: \(path). Unsent messages saved from it: \(rescued)."
    }
    func cacheSetAside(_ path: String) -> String {
        "An earlier cache could not be used, and was set aside with all that is in it: \(path)"
    }
    var cacheUnsound: String {
        "the cache is damaged; a copy of its directory is worth keeping before anything else"
    }
    func cacheForgotten(_ count: Int) -> String { "\(count) messages removed from this machine" }
    func contactRenamed(_ old: CleanLine, _ new: CleanLine) -> String { "\(old) is now called \(new)" }
    func contactRemoved(_ name: CleanLine) -> String { "\(name) is not among your contacts any more" }

    // MARK: Deleting

    func askDeletion(of text: String) -> String { "Delete for both sides: \(text)? [y/N] " }
    var deletionWord: String { "whether to delete" }
    var deletionAdvice: String { "Say --yes" }
    var notDeleted: String { "nothing was deleted" }
    func deleted(_ count: Int) -> String {
        "\(count) \(count == 1 ? "message" : "messages") deleted for both sides"
    }
    func conversationDeleted(_ name: CleanLine) -> String {
        "The conversation with \(name) is deleted for both sides"
    }
    func wholeConversation(_ name: CleanLine) -> String { "the whole conversation with \(name)" }
    func unknownMessage(_ id: String) -> String { "no message \(id) in the cache" }
    func contactQueued(_ name: CleanLine) -> String { "\(name) will be added when the server can be reached" }
    var noContacts: String { "No contacts yet" }
    var nobodyFound: String { "Nobody found" }

    // MARK: Failures

    func serverSays(_ message: CleanLine) -> String { "the server says: \(message)" }
    func serverUnavailable(_ status: Int) -> String { "the server cannot answer now (HTTP \(status))" }
    var tryLater: String { "Try again later" }
    func unexpectedAnswer(_ detail: CleanLine) -> String { "the server's answer is not MyChat's: \(detail)" }
    var isItMyChat: String { "Is the address that of a MyChat server?" }
    var noAnswerInTime: String { "the server did not answer in time" }
    func cacheFailed(_ error: String) -> String { "the cache failed: \(error)" }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: "an empty message is not sent"
        case .outboxFull(let limit): "the outbox is full: \(limit) messages wait to be sent"
        case .messageTooLong(let length, let limit):
            "the message has \(length) characters; at most \(limit) are allowed"
        case .ownAccount: "that is you"
        case .unknownMessage: "there is no such message"
        case .alreadyOnItsWay: "that message is on its way already"
        case .notDeletable: "only own messages can be deleted"
        case .ofAnotherAccount: "that message was written by another account"
        case .forSomebodyElse: "it is not known that the person is the one it was written to"
        case .gapOutOfReach: "the server gives no older messages"
        case .emptyName: "a name is needed"
        case .malformedToken: "this is no token"
        case .queryTooShort: "two characters at least"
        }
    }
    var outboxFullAdvice: String {
        "What waits is safe; this message was not taken. See 'mychat outbox list'."
    }
    var forSomebodyElseAdvice: String {
        "It was written for the former server. Add the person with 'mychat contacts add' if it is the same."
    }
    func network(_ error: NetError) -> String {
        // The rest of what the error says is the advice that goes with it here.
        if case .refused(let endpoint) = error { return "connection refused by \(endpoint)" }
        return "\(error)"
    }
    func networkAdvice(_ error: NetError) -> String? { error.advice }
    func staleTrust(_ name: String, _ path: CleanLine) -> String {
        "\(name) names '\(path)', which cannot be read."
    }
    var notConnected: String { "not connected" }
    var linkSilent: String { "the server fell silent" }
    var linkEnded: String { "the server ended the connection" }
    func protocolBroken(_ detail: CleanLine) -> String { "the server broke the protocol: \(detail)" }
    func turnedDown(_ message: CleanLine) -> String { "the server turned the connection down: \(message)" }
    func offline(_ reason: String) -> String { "offline: \(reason)" }
    var connecting: String { "connecting" }
    var online: String { "online" }
    var inUseElsewhere: String { "in use elsewhere" }
    var accountRefused: String { "the server refuses the account" }
    func tooFewFiles(_ limit: Int) -> String { "this program may have \(limit) files open, which is too few" }
    var tooFewFilesAdvice: String { "Raise the limit: ulimit -n 256" }
    var homeUnnamed: String { "there is no home directory" }
    func homeAbsent(_ path: CleanLine) -> String { "the home directory '\(path)' does not exist" }
    var homeAdvice: String { "Set HOME, or XDG_DATA_HOME and XDG_STATE_HOME." }
    func outputFailed(_ reason: CleanLine) -> String { "standard output could not be written: \(reason)" }

    // MARK: mychat doctor

    var clockWord: String { "clock" }
    var signInWord: String { "sign-in" }
    var linkExaminedWord: String { "link" }
    func certificate(for names: CleanLine, by issuer: CleanLine, until end: CleanLine) -> String {
        "certificate for \(names) by \(issuer) until \(end)"
    }
    func heartbeat(_ seconds: Int64) -> String { "opens; a heartbeat every \(seconds) s" }
    func examined(_ server: ServerURL) -> String { "Examining \(server)" }
    var notLookedAt: String { "not looked at" }
    var connected: String { "connected" }
    var proxyLooksUp: String { "left to the proxy" }
    func throughProxy(_ proxy: String) -> String { "through the proxy \(proxy)" }
    var noTLSNeeded: String { "not needed on this machine" }
    var noTLS: String { "none: passwords and messages can be read on the way" }
    var noDate: String { "the server does not tell its time" }
    func clockDifference(seconds: Int64) -> String {
        switch seconds {
        case 0: "as here"
        case 1...: "the server's is \(seconds) s ahead"
        default: "the server's is \(-seconds) s behind"
        }
    }
    func holderIsStopped(_ process: Int32) -> String {
        "another program (process \(process)) has the link and is stopped: nothing is sent"
    }
    func holderAdvice(_ process: Int32) -> String {
        "Continue it with 'fg' or 'kill -CONT \(process)', or end it."
    }
    var accepted: String { "accepted" }

    // MARK: Push

    var pushSent: String { "Notification sent" }
    var pushesEnded: String { "Subscription ended" }
    var noPushes: String { "There was no subscription of this machine" }
    var listening: String { "Listening for notifications; end with Ctrl-C" }
    func noNotification(_ reason: String) -> String { "a notification could not be shown: \(reason)" }
    func pushRejected(_ reason: String) -> String { "a request was turned away: \(reason)" }

    // MARK: mychat script

    var noScenario: String { "No scenario was found" }
    func scenariosChecked(_ number: Int) -> String { "\(number) scenarios, no mistakes" }
    func fileIsNoText(_ name: CleanLine) -> String { "\(name) is no text in UTF-8" }
    func noBaseURL(_ reason: CleanLine) -> String { "--base-url is no server's address: \(reason)" }
    func noAccounts(_ reason: String) -> String { "The accounts cannot be used: \(reason)" }

    // MARK: mychat demo

    func notSeen(_ what: String) -> String { "not seen in time: \(what)" }
    func noServerProgram(_ name: CleanLine) -> String { "cannot find the server program '\(name)'" }
    var serverProgramAdvice: String { "Put mychat-server beside mychat, or name it in MYCHAT_SERVER" }
    func serverNotStarted(_ words: String) -> String { "the server did not start: \(words)" }
    var serverTooSlow: String { "the server was not ready in time" }
    func serverSaidOther(_ detail: CleanLine) -> String { "the server said something unexpected: \(detail)" }
    var demoTitle: String { "MyChat, a demonstration" }
    func demoServer(_ server: ServerURL, _ who: CleanLine) -> String {
        "server \(server), signed in as \(who)"
    }
    func conversation(with name: CleanLine) -> String { "Conversation with \(name)" }
    func isOnline(_ name: CleanLine) -> String { "\(name) is online" }
    func isOffline(_ name: CleanLine) -> String { "\(name) is offline" }
    func demoUnread(_ number: Int) -> String { "\(number) unread" }
    var demoFinished: String { "That was it. In a terminal, 'mychat demo' opens the client itself." }
    var newcomerGreets: String { "Hi Bia! How are you? 👋" }
    var newcomerWaits: String { "No hurry, I'm here." }

    // MARK: Help

    func help(_ text: HelpText) -> String {
        switch text {
        case .cache: "Look after the messages that this machine keeps."
        case .cacheDetails: "No server is asked, and other programs may use the account meanwhile."
        case .cacheCheck: "Examine the cache, and say what it holds."
        case .cacheCompact: "Bring the cache into the least room."
        case .cacheCompactDetails: "Needs as much free space as the cache takes, until it is done."
        case .cacheForget: "Remove messages from this machine, not from the server."
        case .cacheForgetDetails:
            "Unsent and unread messages and drafts stay. What goes is overwritten on the disk. Where "
                + "the server gives older pages, scrolling back fetches it again."
        case .cacheForgetAge: "Only messages older than this, such as 90d."
        case .cacheExport: "Write the messages of one conversation, or of all."
        case .cacheExportFormat: "jsonl, markdown or text."
        case .cacheExportFile: "The file to write; standard output for '-' or without it."
        case .completions: "Print the completions for a shell."
        case .completionsDetails:
            "For bash: source <(mychat completions bash). They know commands, options and your "
                + "contacts, and ask no server."
        case .completionsShell: "bash, zsh or fish."
        case .contacts: "List contacts, find people, add, rename and remove them."
        case .contactsList: "List the contacts, the latest conversation first."
        case .offline: "Show what the cache holds, without asking the server."
        case .contactsAdd: "Put a person among the contacts."
        case .contactsAddWho: "The email address, the id or the whole name of the person."
        case .contactsAddName: "What to call them; their own name otherwise."
        case .contactsRename: "Call a contact something else; only you see it."
        case .contactsRenameName: "The new name."
        case .contactsRemove: "Take somebody off the contacts; the messages stay."
        case .contactsFind: "Look for people on the server by name or email."
        case .contactsFindQuery: "A part of the name or of the email address, two characters at least."
        case .delete: "Delete own messages, or a whole conversation, for both sides."
        case .deleteDetails:
            "Asks before, unless --yes is given. A deletion made without the server counts here at "
                + "once, and there with the next connection."
        case .deleteIDs: "The ids of own messages, as 'history --json' and 'send' show them."
        case .deleteConversation: "The whole conversation with this person."
        case .deleteYes: "Do not ask."
        case .demo: "Try the client on a server that lives as long as the demonstration."
        case .demoDetails:
            "Everything is kept in a temporary directory that goes at the end. Without a terminal "
                + "the scene plays by itself and is printed."
        case .demoPrint: "Print the scene instead of opening the client."
        case .server: "The server's address."
        case .profile: "Use the account and cache of this name."
        case .configurationFile: "Read this configuration file instead of the usual one."
        case .colour: "Use colours: auto, always or never."
        case .authorityFile: "Trust the certificate authorities in this PEM file too."
        case .logLevel: "What goes to the log file: trace, debug, info, notice, warning."
        case .plain: "Chat line by line: for screen readers and simple terminals."
        case .json: "Print one JSON object instead of text."
        case .history: "Print the newest messages of a conversation, oldest first."
        case .historyDetails:
            "News are fetched from the server first, where it can be reached. On servers without "
                + "MyChat's extensions, fetching marks the conversation as read; --offline asks nobody."
        case .limit: "How many messages to print."
        case .keys: "Show what the terminal sends for a key, and what the key does."
        case .keysDetails:
            "Press keys; Ctrl-C ends. With --list, every command and its keys are printed as they "
                + "can stand in the configuration file."
        case .keysList: "Print the keys of all commands."
        case .login: "Sign in and keep the token."
        case .loginDetails:
            "The password is asked for on the terminal, or comes from password_command of the "
                + "configuration file. The server is remembered: later commands need no --server."
        case .loginEmail: "The account's email address."
        case .passwordStdin: "Read the password from the first line of standard input."
        case .logout: "Forget the token. The cache and unsent messages stay."
        case .mychat: "Chat on a MyChat server."
        case .mychatDetails:
            "Without a command, the full-screen client opens. 'man mychat' describes the "
                + "configuration file, the JSON objects and the exit status."
        case .outbox: "See, send again or take back what is not sent."
        case .outboxList: "List the unsent messages, in the order of entry."
        case .outboxRetry: "Send unsent messages now, also those refused or held."
        case .outboxRetryDetails:
            "Each goes out under the identity that it was entered with, so none can arrive twice. "
                + "Those that were refused or held stand behind what was entered since."
        case .outboxCancel: "Take unsent messages back; their texts are gone."
        case .outboxCancelDetails:
            "One that is on its way already is deleted at the server as soon as that has it."
        case .queue: "Succeed also when the server can only be told later."
        case .timeout: "How long to wait for the server."
        case .push: "Receive notifications of a server on this machine."
        case .pushListen: "Subscribe to Web Push and print what comes, until a signal."
        case .pushListenDetails:
            "The endpoint is on this machine's loopback address, so the server must run here too, "
                + "and allow it: mychat-server --push-allow-private. A server pushes to people who are not "
                + "connected."
        case .pushCommand: "Run this shell command for each, with title and text as its arguments."
        case .pushDesktop: "Show each on the desktop, with notify-send."
        case .pushCount: "End after this many."
        case .pushTest: "Have the server push a notification to your subscriptions."
        case .pushUnsubscribe: "End a subscription that 'push listen' has left behind."
        case .read: "Mark a conversation as read, and tell the other side."
        case .readDetails:
            "What the server has is fetched first, so that all of it is marked. Without the server "
                + "the mark is kept and told with the next connection."
        case .register: "Make an account and sign in to it."
        case .registerEmail: "The email address to sign in with from now on."
        case .registerName: "The name that others see."
        case .registerInvitation: "The code of an invitation, where the server asks for one."
        case .script: "Play scenarios against a server, and report what differs."
        case .scriptDetails:
            "mychat-script(5) has the language. On servers that are not on this machine, people are "
                + "signed up with --allow-register only, and things are deleted with --allow-destructive "
                + "only."
        case .scriptFiles: "Scenarios, or directories with files that end in .scenario."
        case .scriptBaseURL: "The server; else that of the other commands."
        case .scriptAccounts: "Use these existing accounts (JSON) before signing up others."
        case .scriptTag: "Only scenarios with one of these tags."
        case .scriptWithoutTag: "No scenarios with one of these tags."
        case .scriptVariable: "A variable for the scenarios; never printed."
        case .scriptTimeout: "How long a step waits."
        case .scriptJobs: "How many scenarios are played at a time."
        case .scriptKeepGoing: "Go on after a scenario has failed."
        case .scriptTrace: "Write all that goes over the wire to this file, redacted."
        case .scriptReport: "text, tap, junit or compat."
        case .scriptAllowRegister: "Sign people up on servers elsewhere too."
        case .scriptAllowDestructive:
            "Delete what scenarios make, and what they ask for, on servers elsewhere too."
        case .scriptList: "Print what would be played, and end."
        case .scriptCheck: "Look for mistakes in the files, and end."
        case .search: "Search the messages of the cache, the newest first."
        case .searchDetails:
            "All words must occur; the last may be the beginning of one. Case and accents do not "
                + "matter. Words in quotation marks must follow each other: '\"good morning\"'. No server is "
                + "asked."
        case .searchQuery: "What to look for."
        case .onlyWith: "Only in the conversation with this person."
        case .searchBest: "The best matches first, of the newest 1,000."
        case .sessions: "See where the account is signed in, and sign it out there."
        case .sessionsList: "List the sessions, the one that was used last first."
        case .sessionsEnd: "End a session: whoever uses it must sign in again."
        case .sessionsEndID: "The number of the session, from the list."
        case .sessionsEndOthers: "End all sessions but this one."
        case .send: "Send a message and wait for the server's word."
        case .sendDetails:
            "The message is in the outbox on the disk before anything goes over the network. If the "
                + "server cannot be reached it stays there and goes out with the next connection."
        case .sendText:
            "The text; '-' or nothing reads it from standard input, without the last line break."
        case .sendQueue: "Succeed also when the message could only be queued."
        case .status: "Say who is signed in where, what is unread and what is unsent."
        case .statusDetails: "The exit status is that of the server's answer, when it is asked."
        case .statusOffline: "Do not ask the server whether it is there."
        case .unread: "Say what is unread."
        case .unreadDetails:
            "The answer comes from the cache at once, as of the last connection: fit for a prompt or "
                + "a status bar. With --refresh the server is asked first. Nothing is marked as read."
        case .unreadRefresh: "Ask the server first."
        case .letterID: "The beginning of a message's temp_id, as 'outbox list' shows it."
        case .allLetters: "All messages of the outbox."
        case .watch: "Print what happens as it happens, until a signal."
        case .watchDetails:
            "With --json each event is one object on a line. What came while the connection was down "
                + "is told when it is back, each message once. Unsent messages go out meanwhile, and other "
                + "commands use the connection of this one."
        case .watchWith: "Only the conversation with this person."
        case .watchCount: "End after this many messages of others."
        case .watchRead: "Mark what is printed as read."
        case .whoami: "Say who is signed in, without asking the server."
        case .doctor: "Find out what is wrong between here and the server."
        case .who: "The email address, the id or the name of the person."
        case .doctorDetails:
            "Looks at the cache, the name service, TCP, TLS, HTTP, the API, both realtime transports, the sign-in and the "
                + "link, with the time each takes. The exit status is that of the first that fails. Nothing is sent to anybody, "
                + "and nothing marked as read."
        case .language(let list): "The language of the output: \(list)."
        case .watchKinds(let list): "Only events of this kind; may be repeated: \(list)."
        }
    }
    func word(for value: ValueName) -> String {
        value == .assignment ? "name=value" : value.rawValue
    }

    var parserWords: ParserWords {
        ParserWords(
            overview: "OVERVIEW", usage: "USAGE", arguments: "ARGUMENTS", options: "OPTIONS",
            subcommands: "SUBCOMMANDS", defaultValue: "default", values: "values",
            showHelp: "Show help information.", showVersion: "Show the version.",
            seeHelp: "See '%' for detailed help.", nearest: "Did you mean: %?", see: "See")
    }
    func words(for mistake: ParserMistake) -> String {
        switch mistake {
        case .unknownOption(let name): "Unknown option '\(name)'"
        case .missingArgument(let name): "Missing expected argument '\(name)'"
        case .missingValue(let name): "Missing value for '\(name)'"
        case .unexpectedArgument(let text): "Unexpected argument '\(text)'"
        case .unexpectedArguments(let texts): "Unexpected arguments: \(texts)"
        case .invalidValue(let text, let name): "The value '\(text)' is invalid for '\(name)'"
        case .noneOf(let text, let choices): "'\(text)' is none of \(choices)"
        case .notInRange(let option, let first, let last):
            "\(option) takes a number from \(first) \(last.map { "to \($0)" } ?? "on")"
        case .notBoth(let one, let other): "Give \(one) or \(other), not both"
        case .nothingToForget: "Say whose messages to forget, or from which age on (--older-than)"
        case .noneToDelete: "Give the ids of messages, or --conversation WHO"
        case .noneChosen: "Give the ids of messages, or --all"
        case .noFiles: "Name a file or a directory"
        case .setNeedsValue: "--set takes name=value"
        case .other(let words): words
        }
    }
}

/// What the partner in `mychat demo` writes.
struct EnglishPartner: PartnerCatalogue {
    func text(_ line: PartnerLine, newcomer: String) -> String {
        switch line {
        case .welcome: "Hi \(newcomer)! Glad you made it 😊"
        case .marks:
            "Write something down here: ◷ is queued, ✓ has reached the server, ✓✓ has reached me "
                + "and •✓✓ means that I have read it."
        case .leaving: "Back in a minute, making coffee ☕"
        case .back: "I'm back! The coffee came out strong 😅"
        case .friend: "\(newcomer), did you see the report I sent? I need your opinion by tomorrow 🙏"
        }
    }

    func replies(_ topic: PartnerTopic, newcomer: String) -> [String] {
        switch topic {
        case .link:
            ["Opened the link, thanks! I will read it properly later.", "Nice, I saved that one too."]
        case .emoji: ["😄", "❤️", "🙌"]
        case .identity:
            [
                "I am the Bia of this demonstration: a second real MyChat client, talking to the same server.",
                "I live inside the demonstration 🙂 But the messages travel through the real server.",
            ]
        case .wellbeing: ["Doing great here! And you?", "Fine, just a little sleepy 😴"]
        case .thanks: ["You're welcome! 😊", "Any time, \(newcomer)!"]
        case .farewell: ["See you, \(newcomer)! 👋", "Bye! It was nice talking."]
        case .help: ["F1 shows the keys. If you leave in the middle of a sentence, it is kept as a draft."]
        case .test: ["Test received ✓", "It arrived just fine, test as much as you like."]
        case .coffee: ["I never say no to coffee ☕", "Just made some. Want a cup?"]
        case .greeting: ["Hi \(newcomer)! 👋", "Hello again!"]
        case .laughter: ["😂😂", "haha, good one"]
        case .question: ["Good question… let me think.", "I think so! What about you?", "It depends 🤔"]
        case .long: ["I read all of it! I agree with most, I will answer properly later."]
        case .other: ["Got it!", "Cool 🙂 tell me more.", "Deal 👍", "Really? How interesting!"]
        }
    }

    func signs(_ topic: PartnerTopic) -> [String] {
        switch topic {
        case .identity: ["who are you", "are you real", "are you human", "are you a bot", "bot"]
        case .wellbeing: ["how are you", "how is it going"]
        case .thanks: ["thanks", "thank you", "thx"]
        case .farewell: ["bye", "goodbye", "see you"]
        case .help: ["help", "how do i", "how does it work", "keys"]
        case .test: ["test", "testing", "123"]
        case .coffee: ["coffee"]
        case .greeting: ["hi", "hello", "hey", "good morning"]
        case .link, .emoji, .laughter, .question, .long, .other: []
        }
    }

    var laughingLetters: [String] { ["ha"] }
    var laughingWords: [String] { ["lol"] }
    var lettersOfItsOwn: String { "" }
    var smallWords: Set<String> {
        [
            "hi", "hello", "hey", "the", "you", "your", "are", "is", "am", "im", "i", "it", "its", "what",
            "how",
            "who", "why", "where", "when", "thanks", "thank", "bye", "please", "good", "morning", "afternoon",
            "evening", "night", "this", "that", "test", "testing", "not", "yes", "my", "and", "of", "can",
            "could",
            "would", "will", "cool", "nice", "great", "lol", "well", "with", "without", "for", "from", "here",
            "there", "message", "see", "later", "tomorrow", "today", "now", "coffee", "we", "they", "be",
            "was",
        ]
    }
}
