import ChatClientCore
import ChatWire

/// Something that is asked before it is done.
struct Question: Hashable, Sendable {
    /// What it is about.
    enum Subject: Hashable, Sendable {
        /// A sent message of one's own is deleted for both sides.
        case deleteMessage(TimelineRow)
        case openLink(String)
        /// A paste of many lines.
        case paste(String, lines: Int)
        /// Messages that became too old to be sent without asking.
        case held(Int)
        /// Messages that were written for a former server, or that the server has lost.
        case heldFromFormerServer(Int)
        case removeContact(UserID, name: String)
        case deleteConversation(UserID, name: String)
    }

    var subject: Subject
    /// The answer that Enter gives. The first one is always the harmless one.
    var selection = 0
    /// How many lines of the question are above the view, where it does not fit.
    var scroll = 0

    /// What may be answered.
    enum Answer: Hashable, Sendable {
        case no
        case yes
        /// The lines of a paste joined to one.
        case oneLine
        case look
        case sendAll
        case discardAll
    }

    var answers: [Answer] {
        switch subject {
        case .deleteMessage, .openLink, .removeContact, .deleteConversation: [.no, .yes]
        case .paste: [.no, .yes, .oneLine]
        case .held, .heldFromFormerServer: [.look, .sendAll, .discardAll, .no]
        }
    }

    /// True for a question that comes up by itself: letters on their way to a message must not answer it.
    var takesLetters: Bool {
        switch subject {
        case .held, .heldFromFormerServer: false
        case .deleteMessage, .openLink, .paste, .removeContact, .deleteConversation: true
        }
    }

    init(_ subject: Subject) {
        self.subject = subject
        // The person asked to open the link, and the question shows it in full.
        if case .openLink = subject { selection = 1 }
    }

    /// A letter gives its answer at once, Enter the chosen one.
    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        let answers = answers
        if let text = key.typedText?.lowercased() {
            guard takesLetters, let answer = answers.first(where: { context.strings.letter(of: $0) == text })
            else { return .stay() }
            return .answer(subject, answer)
        }
        switch command {
        case .accept: return .answer(subject, answers[selection])
        case .edit(.left), .up, .lineUp: selection = max(0, selection - 1)
        case .edit(.right), .down, .lineDown, .switchPane: selection = min(answers.count - 1, selection + 1)
        case .pageUp: scroll = max(0, scroll - 1)
        case .pageDown: scroll = min(scroll + 1, QuestionDialog.scrollMax(self, context))
        default: break
        }
        return .stay()
    }
}

extension Question.Subject {
    /// What follows from an answer other than no; nil where the panes or another dialog take it.
    func reply(to answer: Question.Answer, _ context: ScreenContext) -> CommandReply? {
        let strings = context.strings
        let deleted = context.link == .online ? strings.deleted : strings.deletedLater
        switch self {
        case .deleteMessage(let row): return CommandReply(text: deleted, effects: [.delete(row.id)])
        case .openLink(let link): return CommandReply(effects: [.openLink(link)])
        case .removeContact(let peer, let name):
            return CommandReply(text: strings.removed(name), effects: [.removeContact(peer)])
        case .deleteConversation(let peer, _):
            return CommandReply(text: deleted, effects: [.deleteConversation(peer)])
        case .held, .heldFromFormerServer:
            switch answer {
            case .sendAll: return CommandReply(effects: [.sendHeld])
            case .discardAll: return CommandReply(effects: [.discardHeld])
            case .no, .yes, .oneLine, .look: return nil
            }
        case .paste: return nil
        }
    }
}

/// Several links of a message, one of which is to be opened.
struct LinkPicker: Hashable, Sendable {
    var links: [String]
    var selection = 0

    mutating func handle(_ command: Command?) -> DialogAction {
        switch command {
        case .accept: return .close([.openLink(links[selection])])
        case .up: selection = max(0, selection - 1)
        case .down, .switchPane: selection = min(links.count - 1, selection + 1)
        default: break
        }
        return .stay()
    }
}
