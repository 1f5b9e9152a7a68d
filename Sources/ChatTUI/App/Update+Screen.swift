import ChatClientCore

/// Arranging the screen.
extension AppState {
    private static let listStep = 2

    mutating func toggleList() -> [Effect] {
        preferences.isListHidden.toggle()
        if preferences.isListHidden, open != nil { pane = .conversation }
        return [.keepPreferences(preferences)]
    }

    /// Makes the list wider (positive) or narrower by a step; a hidden one is shown first.
    mutating func resizeList(by steps: Int) -> [Effect] {
        guard !preferences.isListHidden else { return toggleList() }
        let now = Layout.listColumns(in: size, preferences)
        preferences.listColumns = now + steps * Self.listStep
        // What does not fit is not remembered: the next step back would do nothing.
        preferences.listColumns = Layout.listColumns(in: size, preferences)
        return [.keepPreferences(preferences)]
    }

    /// `/list`: without a word shows or hides it; a number is its width.
    mutating func arrangeList(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else { return toggleList() }
        let range = Layout.listColumnsRange
        guard let columns = Int(argument), range.contains(columns) else {
            say(strings.listWidths(range), .warning)
            return []
        }
        preferences.isListHidden = false
        preferences.listColumns = columns
        return [.keepPreferences(preferences)]
    }
}

// MARK: One conversation's place and voice

extension AppState {
    /// The conversation that the cursor of the list is on, or the open one.
    private var meant: Conversation? {
        let peer = pane == .list ? listCursor : open?.peer ?? listCursor
        return peer.flatMap { conversation(with: $0) }
    }

    mutating func togglePinned() -> [Effect] {
        guard let conversation = meant else { return [] }
        let isPinned = !conversation.isPinned
        say(strings.pinned(displayName(of: conversation.peer), isPinned))
        return [.pin(isPinned, conversation.peer)]
    }

    mutating func toggleMuted() -> [Effect] {
        guard let conversation = meant else { return [] }
        let isMuted = !conversation.isMuted
        say(strings.muted(displayName(of: conversation.peer), isMuted))
        return [.mute(isMuted, conversation.peer)]
    }
}
