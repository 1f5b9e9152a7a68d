import ChatClientCore
import ChatWire

/// Something that is asked before it is done.
struct Question: Hashable, Sendable {
    /// What it is about.
    enum Subject: Hashable, Sendable {
        /// An own sent message goes on both sides.
        case deleteMessage(TimelineRow)
        case openLink(String)
    }

    var subject: Subject
    /// The answer that Enter gives. The first one is always the harmless one.
    var selection = 0

    /// What may be answered.
    enum Answer: Hashable, Sendable {
        case no
        case yes
    }

    var answers: [Answer] {
        switch subject {
        case .deleteMessage, .openLink: [.no, .yes]
        }
    }

    init(_ subject: Subject) {
        self.subject = subject
        // Opening what is shown in full is what was asked for.
        if case .openLink = subject { selection = 1 }
    }
}

/// Several links of a message, one of which is to be opened.
struct LinkPicker: Hashable, Sendable {
    var links: [String]
    var selection = 0
}
