import ChatClientCore
import ChatWire

/// An unsent message that is being changed in the composer.
struct EditedMessage: Hashable, Sendable {
    var tempID: TempID
    /// True when the message waits for the person, and is sent again once it was changed.
    var sendsAgain: Bool
    /// The text that was in the composer before.
    var setAside: String
}

/// What Enter does with the composer's text.
enum Submission: Hashable, Sendable {
    case nothing
    /// The line behind the slash.
    case command(String)
    case message(String)
    case change(EditedMessage, to: String)
    case emptyChange
    case tooLong
}

/// The text that is being written to one person, with its draft on disk.
struct Composer: Hashable, Sendable {
    let peer: UserID
    var editor = LineEditor()
    /// The unsent message that is being changed here.
    private(set) var edited: EditedMessage?
    /// True when the slash that the text begins with was typed. In a paste, or in what the editor program saved, a
    /// slash is text.
    private(set) var isCommandTyped = false
    /// When the draft is to be saved.
    private(set) var draftDeadline: MonotonicInstant?
    /// The draft as it is on disk.
    private var savedDraft = ""
    private var isTypingTold = false
    /// Which of the texts sent from here is in the composer.
    private var historyPosition: Int?
    private var keptCompletionCursor: CompletionCursor?

    static let draftDelay: Duration = .milliseconds(500)

    init(peer: UserID) { self.peer = peer }

    /// The unfinished text that is kept on disk; a changed message is no draft. As in the composer, a second slash
    /// says that the first does not begin a command.
    private var draft: String { edited?.setAside ?? (isTextWithSlash ? "/" : "") + editor.text }

    /// True for a command. A text of several lines never is one.
    var isCommand: Bool {
        let text = editor.text
        return edited == nil && isCommandTyped && text.hasPrefix("/") && !text.hasPrefix("//")
            && !text.contains(where: \.isNewline)
    }

    /// True for a text whose first slash was not typed to begin a command.
    private var isTextWithSlash: Bool { !isCommandTyped && editor.text.hasPrefix("/") }

    // MARK: Writing

    mutating func insert(_ text: String, isTyped: Bool, _ language: Language) {
        if editor.before.isEmpty { isCommandTyped = isTyped && text == "/" }
        editor.insert(text)
        historyPosition = nil
        if text == ":" { replaceNamedEmoji(language) }
    }

    /// The part of a paste that goes into the composer: a text far longer than a message would make each key slow.
    func fitting(_ text: String) -> String {
        let room = ChatModel.messageLengthMax - editor.scalarCount
        let scalars = text.unicodeScalars
        guard scalars.count > room + ChatModel.messageLengthMax else { return text }
        return String(scalars.prefix(max(0, room)))
    }

    /// The closing colon of a `:name:` turns it into its emoji.
    private mutating func replaceNamedEmoji(_ language: Language) {
        let before = editor.before
        guard before.hasSuffix(":"), let begun = CompletionSource.emojiBegun(String(before.dropLast())),
            begun.count >= 2, let emoji = EmojiNames.named(String(begun), language)
        else { return }
        editor.replaceBackward(begun.count + 2, with: emoji)
    }

    /// Puts a command there, to be changed or run.
    mutating func replace(withCommand line: String) {
        editor.replace(with: "/" + line)
        isCommandTyped = true
    }

    /// Takes what the person's editor program saved.
    mutating func replace(withText text: String) {
        editor.replace(with: text)
        isCommandTyped = false
    }

    /// Brings back a text that was sent before. Only an empty composer or another recalled text is replaced; false
    /// when nothing is.
    mutating func recall(_ direction: Int, from history: [String]) -> Bool {
        guard editor.isEmpty || historyPosition != nil else { return false }
        let position = (historyPosition ?? history.count) + direction
        guard position >= 0, position <= history.count else { return false }
        let isPresent = position == history.count
        historyPosition = isPresent ? nil : position
        let text = isPresent ? "" : history[position]
        editor.replace(with: text)
        // A single slash in the history began a command; a text with a slash has two there.
        isCommandTyped = text.hasPrefix("/")
        return true
    }

    /// Puts a message that could not be stored back where it was written, before what is there now.
    mutating func putBack(_ text: String) {
        let shown = Self.withSecondSlash(text) + (editor.isEmpty ? "" : "\n")
        editor.insertAtStart(shown)
        isCommandTyped = shown.hasPrefix("/")
    }

    /// A text as it is written where a single slash would begin a command.
    static func withSecondSlash(_ text: String) -> String { text.hasPrefix("/") ? "/" + text : text }

    // MARK: Drafts and typing

    /// To be called after every change of the text.
    mutating func changed(at instant: MonotonicInstant) -> [Effect] {
        if !editor.text.hasPrefix("/") { isCommandTyped = false }
        if draftDeadline == nil, draft != savedDraft { draftDeadline = instant + Self.draftDelay }
        let types = edited == nil && !editor.text.allSatisfy(\.isWhitespace) && !isCommand
        guard types || isTypingTold else { return [] }
        isTypingTold = types
        return [.typing(types, to: peer)]
    }

    mutating func saveDraftIfDue(at instant: MonotonicInstant) -> [Effect] {
        guard let deadline = draftDeadline, instant >= deadline else { return [] }
        draftDeadline = nil
        guard draft != savedDraft else { return [] }
        savedDraft = draft
        return [.saveDraft(draft, for: peer)]
    }

    /// What must be done before the conversation leaves the screen.
    var closing: [Effect] {
        (isTypingTold ? [.typing(false, to: peer)] : [])
            + (draft != savedDraft ? [.saveDraft(draft, for: peer)] : [])
    }

    /// Brings a kept draft back.
    mutating func restore(draft: String) {
        editor = LineEditor(draft)
        savedDraft = draft
        isCommandTyped = draft.hasPrefix("/")
    }

    // MARK: Sending

    var submission: Submission {
        var text = editor.text
        let isBlank = text.allSatisfy(\.isWhitespace)
        if isBlank { return edited == nil ? .nothing : .emptyChange }
        if isCommand { return .command(String(text.dropFirst())) }
        if edited == nil, isCommandTyped, text.hasPrefix("//") { text.removeFirst() }
        guard text.unicodeScalars.count <= ChatModel.messageLengthMax else { return .tooLong }
        return edited.map { .change($0, to: text) } ?? .message(text)
    }

    /// Empties the composer after its text has gone. The draft on disk goes with the message.
    mutating func empty() {
        editor.clear()
        isCommandTyped = false
        historyPosition = nil
        savedDraft = ""
        draftDeadline = nil
        isTypingTold = false
    }

    /// Empties the composer of a command, whose text may have been saved as a draft while it was written.
    mutating func emptyOfCommand() -> [Effect] {
        let wasSaved = !savedDraft.isEmpty
        empty()
        return wasSaved ? [.saveDraft("", for: peer)] : []
    }

    // MARK: Changing an unsent message

    mutating func beginChanging(_ row: TimelineRow, _ tempID: TempID) {
        let setAside = draft
        isCommandTyped = false
        edited = EditedMessage(tempID: tempID, sendsAgain: row.state != .queued, setAside: setAside)
        historyPosition = nil
        editor.replace(with: row.content)
    }

    /// Leaves the message as it was, and brings back what was there before.
    mutating func stopChanging(at instant: MonotonicInstant) -> [Effect] {
        guard let edited else { return [] }
        self.edited = nil
        editor.replace(with: edited.setAside)
        isCommandTyped = edited.setAside.hasPrefix("/")
        return changed(at: instant)
    }
}

// MARK: Completing

extension Composer {
    /// The cursor in the list of completions, for the text as it is now.
    var completionCursor: CompletionCursor {
        get {
            let before = editor.before
            if let cursor = keptCompletionCursor, cursor.before == before { return cursor }
            return CompletionCursor(before: before)
        }
        set { keptCompletionCursor = newValue }
    }

    mutating func take(_ item: CompletionList.Item, of list: CompletionList) {
        editor.replaceBackward(list.replaced, with: item.text)
    }

    /// What a key did to the list of completions.
    enum CompletionStep: Hashable, Sendable {
        /// The cursor moved, or the list was closed.
        case moved
        /// An item was taken; `runs` when Enter may go on to run it.
        case taken(runs: Bool)
    }

    /// Takes a key while the list is shown; nil for keys that go on to the composer.
    mutating func complete(_ command: Command, from list: CompletionList) -> CompletionStep? {
        var cursor = completionCursor
        let last = list.items.count - 1
        switch command {
        case .up: cursor.index = max(0, (cursor.index ?? 1) - 1)
        case .down: cursor.index = min(last, cursor.index.map { $0 + 1 } ?? min(1, last))
        case .pageUp: cursor.index = 0
        case .pageDown: cursor.index = last
        case .cancel: cursor.isDismissed = true
        case .switchPane:
            take(list.items[min(last, cursor.index ?? 0)], of: list)
            return .taken(runs: false)
        case .accept:
            guard let index = cursor.index else { return nil }
            take(list.items[min(last, index)], of: list)
            return .taken(runs: true)
        default: return nil
        }
        completionCursor = cursor
        return .moved
    }

    /// Tab behind a word: takes the name if there is one, shows a list if there are several; false otherwise.
    mutating func completeName(from source: CompletionSource) -> Bool {
        guard editor.after.first.map({ !$0.isLetter }) ?? true else { return false }
        var cursor = completionCursor
        cursor.wantsNames = true
        completionCursor = cursor
        guard let list = source.list(for: self) else {
            keptCompletionCursor = nil
            return false
        }
        if list.items.count == 1 { take(list.items[0], of: list) }
        return true
    }
}
