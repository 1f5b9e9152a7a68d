import ChatClientCore
import ChatWire

/// What lies over the panes, or over the first screen.
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

/// What a key in a dialog leads to, besides a change of the dialog itself.
enum DialogAction: Hashable, Sendable {
    case stay([Effect] = [])
    case close([Effect] = [])
    /// Closes the dialog and shows a conversation.
    case show(UserID)
    /// Closes the dialog and shows a message, chosen.
    case showMessage(UserID, RowID)
    /// Closes the dialog and goes to a hit.
    case follow(SearchTrail)
    /// Closes the dialog and does what was decided.
    case answer(Question.Subject, Question.Answer)
    case perform(MessageCommand, OutboxPanel.Entry)
}

/// What a dialog asked the client for.
enum DialogAnswer: Sendable {
    case hits(SearchQuestion, SearchPage, isMore: Bool)
    case searchFailed(ChatError)
    case outbox([OutboxPanel.Entry])
    case people([Person], query: String)
    case findFailed(ChatError, query: String)
}

extension Dialog {
    /// Takes a key. A key that is being tried has no command.
    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        if command == .cancel { return .close() }
        switch self {
        case .help(let scroll): return handleHelp(scroll, command, context)
        case .details: return .close()
        case .switcher(var switcher):
            defer { self = .switcher(switcher) }
            return switcher.handle(key, command, context)
        case .find(var finder):
            defer { self = .find(finder) }
            return finder.handle(key, command, context)
        case .question(var question):
            defer { self = .question(question) }
            return question.handle(key, command, context)
        case .links(var picker):
            defer { self = .links(picker) }
            return picker.handle(command)
        case .search(var panel):
            defer { self = .search(panel) }
            return panel.handle(key, command, context)
        case .outbox(var panel):
            defer { self = .outbox(panel) }
            return panel.handle(key, command, context)
        case .keys(var trial):
            guard trial.takes(key, closing: context.keymap.key(for: .cancel)) else { return .close() }
            self = .keys(trial)
            return .stay()
        }
    }

    private mutating func handleHelp(
        _ scroll: Int, _ command: Command?, _ context: ScreenContext
    ) -> DialogAction {
        let page = max(1, context.size.rows - 6)
        let last = HelpDialog.scrollMax(context)
        switch command {
        case .help, .accept: return .close()
        case .edit(.lineStart), .scrollToStart: self = .help(scroll: 0)
        case .edit(.lineEnd), .scrollToEnd: self = .help(scroll: last)
        case .up, .lineUp: self = .help(scroll: max(0, scroll - 1))
        case .down, .lineDown: self = .help(scroll: min(scroll + 1, last))
        case .pageUp: self = .help(scroll: max(0, scroll - page))
        case .pageDown: self = .help(scroll: min(scroll + page, last))
        default: break
        }
        return .stay()
    }

    /// Takes a paste, joined to one line.
    mutating func paste(_ text: String, _ context: ScreenContext) -> [Effect] {
        switch self {
        case .switcher(var switcher):
            switcher.query.insert(text)
            self = .switcher(switcher)
        case .find(var finder):
            finder.query.insert(text)
            finder.queryChanged(at: context.instant)
            self = .find(finder)
        case .search(var panel):
            panel.query.insert(text)
            defer { self = .search(panel) }
            return panel.ask()
        case .help, .question, .links, .details, .outbox, .keys: break
        }
        return []
    }

    // MARK: Answers

    /// Takes an answer; nil when this dialog has not asked for it.
    mutating func take(_ answer: DialogAnswer, _ context: ScreenContext) -> [Effect]? {
        switch (self, answer) {
        case (.search(var panel), .hits(let question, let page, let isMore)):
            defer { self = .search(panel) }
            guard isMore else { return panel.take(page, for: question, context) }
            panel.takeMore(page, for: question)
        case (.search(var panel), .searchFailed(let error)):
            defer { self = .search(panel) }
            return panel.take(problem: context.strings.error(error))
        case (.outbox(var panel), .outbox(let entries)):
            panel.take(entries)
            self = .outbox(panel)
        case (.find(var finder), .people(let people, let query)):
            finder.take(people, for: query)
            self = .find(finder)
        case (.find(var finder), .findFailed(let error, let query)):
            finder.take(problem: context.strings.error(error), for: query)
            self = .find(finder)
        default: return nil
        }
        return []
    }

    /// Asks the server for people when typing has paused.
    mutating func askIfDue(at instant: MonotonicInstant) -> [Effect] {
        guard case .find(var finder) = self else { return [] }
        defer { self = .find(finder) }
        return finder.askIfDue(at: instant)
    }

    var isKeyTrial: Bool {
        if case .keys = self { true } else { false }
    }

    // MARK: Clicks

    /// The line that the cursor is on; nil for dialogs without lines to choose.
    var selection: Int? {
        get {
            switch self {
            case .switcher(let switcher): switcher.selection
            case .find(let finder): finder.selection
            case .question(let question): question.selection
            case .links(let picker): picker.selection
            case .search(let panel): panel.selection
            case .outbox(let panel): panel.selection
            case .help, .details, .keys: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .switcher(var switcher):
                switcher.selection = newValue
                self = .switcher(switcher)
            case .find(var finder):
                finder.selection = newValue
                self = .find(finder)
            case .question(var question):
                question.selection = newValue
                self = .question(question)
            case .links(var picker):
                picker.selection = newValue
                self = .links(picker)
            case .search(var panel):
                panel.selection = newValue
                self = .search(panel)
            case .outbox(var panel):
                panel.selection = newValue
                self = .outbox(panel)
            case .help, .details, .keys: break
            }
        }
    }

    /// True where a line decides about messages: the first click only chooses it.
    var needsSecondClick: Bool {
        switch self {
        case .outbox: true
        case .question(let question): !question.takesLetters
        case .help, .switcher, .find, .links, .details, .search, .keys: false
        }
    }
}

extension Key {
    /// The text that the key types, if it types any.
    var typedText: String? {
        guard case .character(let character) = code, modifiers.isSubset(of: .shift) else { return nil }
        return String(character)
    }
}
