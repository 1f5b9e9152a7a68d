import ChatClientCore
import ChatWire

/// An unsent message that is being changed in the composer.
struct EditedMessage: Hashable, Sendable {
    var tempID: TempID
    /// True when it waits for the person and is sent once it was changed.
    var sendsAgain: Bool
    /// What was in the composer before.
    var setAside: String
}

extension OpenConversation {
    /// The unfinished text that is kept on the disk: a changed message is no draft. As in the composer, a second
    /// slash says that the first begins no command.
    var draft: String { edited?.setAside ?? (isTextWithSlash ? "/" : "") + editor.text }

    /// What is typed behind a slash. A text of several lines is never a command.
    var isCommand: Bool {
        let text = editor.text
        return edited == nil && isCommandTyped && text.hasPrefix("/") && !text.hasPrefix("//")
            && !text.contains(where: \.isNewline)
    }

    /// A text that begins with a slash which nobody typed to begin a command.
    private var isTextWithSlash: Bool { !isCommandTyped && editor.text.hasPrefix("/") }

    /// Brings a kept draft back.
    mutating func restore(draft: String) {
        editor = LineEditor(draft)
        savedDraft = draft
        isCommandTyped = draft.hasPrefix("/")
    }
}

extension AppState {
    /// Brings an unsent message into the composer.
    mutating func beginEditing(_ row: TimelineRow) -> [Effect] {
        guard row.isMine, let tempID = row.tempID, [.queued, .failed, .held].contains(row.state) else {
            say(
                row.state.isUnsent
                    ? strings.onItsWay : strings.onlyUnsentAreEdited(quote: keyName(.message(.quote))))
            return []
        }
        let setAside = open?.draft ?? ""
        open?.isCommandTyped = false
        open?.chosen = nil
        open?.edited = EditedMessage(
            tempID: tempID, sendsAgain: row.state != .queued, setAside: setAside)
        open?.historyPosition = nil
        open?.editor.replace(with: row.content)
        return []
    }

    /// Leaves the message as it was.
    mutating func stopEditing() -> [Effect] {
        guard let edited = open?.edited else { return [] }
        open?.edited = nil
        open?.editor.replace(with: edited.setAside)
        open?.isCommandTyped = edited.setAside.hasPrefix("/")
        return editorChanged()
    }

    /// Enter: the changed text takes the place of the old one.
    mutating func finishEditing(_ edited: EditedMessage) -> [Effect] {
        guard let opened = open else { return [] }
        let text = opened.editor.text
        guard !text.allSatisfy(\.isWhitespace) else {
            say(strings.emptyEdit(keyName(.cancel)), .warning)
            return []
        }
        guard text.unicodeScalars.count <= Self.messageLengthMax else {
            say(strings.tooLong(Self.messageLengthMax), .error)
            return []
        }
        return goToEnd() + stopEditing() + [
            .edit(edited.tempID, text, to: opened.peer, sendsAgain: edited.sendsAgain)
        ]
    }
}
