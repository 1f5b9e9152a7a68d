import ChatClientCore
import ChatWire

/// Pastes, and the person's own editor on the composer's text.
extension AppState {
    /// More lines than this are asked about before they become a message.
    static let pasteLinesMax = 10

    /// Asks about a long paste; nil for one that may go in as it is.
    mutating func askAboutPaste(_ text: String) -> [Effect]? {
        // A last break ends the last line, and begins none.
        let lines = (text.hasSuffix("\n") ? text.dropLast() : text[...])
            .split(separator: "\n", omittingEmptySubsequences: false).count
        guard stage == .chat, dialog == nil, open != nil, lines > Self.pasteLinesMax else { return nil }
        dialog = .question(Question(.paste(text, lines: lines)))
        return []
    }

    /// What of a paste goes into the composer: what is far longer than a message would only make each key slow.
    mutating func fittingPaste(_ text: String) -> String {
        guard stage == .chat, dialog == nil, let opened = open else { return text }
        let room = Self.messageLengthMax - opened.editor.scalarCount
        let scalars = text.unicodeScalars
        guard scalars.count > room + Self.messageLengthMax else { return text }
        say(strings.pasteCut(Self.messageLengthMax), .warning, for: .seconds(15))
        return String(scalars.prefix(max(0, room)))
    }

    /// Gives the composer's text, or what stands behind the command, to the person's editor.
    mutating func editExternally(_ text: String = "") -> [Effect] {
        guard let opened = open else { return [] }
        return [.editExternally(text.isEmpty ? opened.editor.text : text)]
    }

    mutating func editedExternally(_ outcome: ExternalEditor.Outcome) -> [Effect] {
        // An editor may end by itself, long after the person went.
        awaitsKey = true
        switch outcome {
        case .saved(let text):
            pane = .conversation
            open?.editor.replace(with: text)
            open?.isCommandTyped = false
        case .failed(let left): keepTextBefore(left, strings.editorFailed(yank: keyName(.edit(.yank))))
        case .notText(let left): keepTextBefore(left, strings.editorSavedNoText(yank: keyName(.edit(.yank))))
        case .tooLong: keepTextBefore(nil, strings.editorSavedTooMuch)
        case .noEditor(let choice): keepTextBefore(nil, strings.noEditor(choice))
        case .noFile(let reason): keepTextBefore(nil, strings.noFileForEditor(reason))
        }
        return editorChanged()
    }

    /// What the editor left is kept for Ctrl-Y, but not put in the way of anything.
    private mutating func keepTextBefore(_ left: String?, _ reason: String) {
        if let left, left != open?.editor.text { open?.editor.keepForYank(left) }
        say(reason, .warning, for: .seconds(10))
    }
}
