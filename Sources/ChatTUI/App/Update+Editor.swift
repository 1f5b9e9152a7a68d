import ChatClientCore
import ChatWire

/// Pastes, and the person's own editor on the composer's text.
extension AppState {
    /// More lines than this are asked about before they become a message.
    static let pasteLinesMax = 10

    /// Asks about a long paste; nil for one that may go in as it is.
    mutating func askAboutPaste(_ text: String) -> [Effect]? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        guard stage == .chat, dialog == nil, open != nil, lines > Self.pasteLinesMax else { return nil }
        dialog = .question(Question(.paste(text, lines: lines)))
        return []
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
        case .failed(let left):
            // What was saved before the editor failed is kept, but not put in the way of anything.
            if left != open?.editor.text { open?.editor.keepForYank(left) }
            say(strings.editorFailed, .warning, for: .seconds(10))
        case .unavailable:
            say(strings.noEditor, .warning, for: .seconds(10))
        }
        return editorChanged()
    }
}
