/// What a key can do. The keymap binds keys to commands, and help is made from it.
enum Command: Hashable, Sendable {
    // Anywhere
    case help
    case quit
    case interrupt
    case suspend
    case redraw
    case reconnect
    case switcher
    case findPeople
    case outbox
    // Moving between conversations
    case nextUnread
    case previousConversation
    case nextConversation
    case conversation(Int)
    case switchPane
    case toggleList
    case widenList
    case narrowList
    case togglePinned
    case toggleMuted
    // Moving in a conversation
    case pageUp
    case pageDown
    case lineUp
    case lineDown
    case scrollToStart
    case scrollToEnd
    case chooseMessage
    case search
    case searchAll
    case message(MessageCommand)
    // In lists, dialogs and the composer
    case up
    case down
    case accept
    case cancel
    case newline
    case externalEditor
    /// The first key of a pair.
    case prefix
    case edit(Edit)

    /// What a key can do to a text that is being written.
    enum Edit: Hashable, Sendable {
        case left, right, wordLeft, wordRight, lineStart, lineEnd, textStart, textEnd
        case deleteBackward, deleteForward
        case killToEnd, killToStart, killWordBackward, killWordForward, killToSpace
        case yank, yankEarlier, transpose, undo, redo
    }
}

extension LineEditor {
    mutating func apply(_ edit: Command.Edit) {
        switch edit {
        case .left: moveLeft()
        case .right: moveRight()
        case .wordLeft: moveWordLeft()
        case .wordRight: moveWordRight()
        case .lineStart: moveToLineStart()
        case .lineEnd: moveToLineEnd()
        case .textStart: moveToStart()
        case .textEnd: moveToEnd()
        case .deleteBackward: deleteBackward()
        case .deleteForward: deleteForward()
        case .killToEnd: killToLineEnd()
        case .killToStart: killToLineStart()
        case .killWordBackward: killWordBackward()
        case .killWordForward: killWordForward()
        case .killToSpace: killToSpaceBackward()
        case .yank: yank()
        case .yankEarlier: yankEarlier()
        case .transpose: transpose()
        case .undo: undo()
        case .redo: redo()
        }
    }
}
