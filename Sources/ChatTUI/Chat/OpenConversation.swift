import ChatClientCore
import ChatWire

/// The conversation on screen: its messages, and the text that is being written.
struct OpenConversation: Hashable, Sendable {
    var timeline: TimelinePane
    var composer: Composer
    /// Whether the client was told that somebody looks at the conversation.
    private var isAttended: Bool

    var peer: UserID { timeline.peer }
    var window: MessageWindow { timeline.window }

    /// A conversation whose newest rows are being loaded.
    init(_ peer: UserID, draft: String?, isAttended: Bool, searched: SearchQuestion?) {
        timeline = TimelinePane(loading: peer, searched: searched)
        composer = Composer(peer: peer)
        self.isAttended = isAttended
        if let draft { composer.restore(draft: draft) }
    }

    // MARK: On the screen

    func layout(_ context: ScreenContext) -> Layout {
        let (size, pane, preferences) = (context.size, context.pane, context.preferences)
        let probe = Layout(size: size, pane: pane, composerLines: 1, preferences: preferences)
        let lines = EditorLayout.lineCount(
            of: composer.editor.text, width: probe.composer.columns - Layout.promptColumns,
            most: Layout.composerRowsMax)
        return lines == 1
            ? probe : Layout(size: size, pane: pane, composerLines: lines, preferences: preferences)
    }

    func space(_ context: ScreenContext) -> TimelineSpace {
        let layout = layout(context)
        let isOnScreen = !layout.timeline.isEmpty && (!layout.isNarrow || context.pane == .conversation)
        return TimelineSpace(area: layout.timeline, isOnScreen: isOnScreen, context: context)
    }

    // MARK: Loading

    /// Takes the newest rows, with the kept draft when the conversation is being opened.
    ///
    /// - Parameter isCovered: true while a dialog lies over the conversation.
    mutating func take(
        _ timeline: Timeline, draft: String?, isCovered: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        if let draft, !window.isLoaded, composer.editor.isEmpty { composer.restore(draft: draft) }
        let effects = self.timeline.take(timeline, isCovered: isCovered, space(context))
        return (window.isLoaded ? context.model.connectOnce() : []) + effects
    }

    /// Takes rows from the middle; nil rows are a place that is gone.
    mutating func takeWindow(
        _ timeline: Timeline?, isCovered: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let effects = self.timeline.takeWindow(timeline, isCovered: isCovered, space(context))
        return (window.isLoaded ? context.model.connectOnce() : []) + effects
    }

    /// Loads what is on screen anew: the newest rows, or those around the view.
    mutating func reload(_ context: ScreenContext) -> [Effect] { timeline.reload(space(context)) }

    // MARK: Reading

    /// What a person had in view when they did something.
    struct View {
        var peer: UserID
        var rows: SeenRows
    }

    /// What is in view; nil when nothing is unread or the conversation is not on screen.
    func inView(_ context: ScreenContext) -> View? {
        let space = space(context)
        guard window.unread > 0, space.isOnScreen else { return nil }
        return View(peer: peer, rows: SeenRows(timeline.view(space)))
    }

    /// What lies over the conversation.
    enum Cover: Hashable, Sendable {
        case nothing
        /// The list of completions, over the lowest messages.
        case list
        case dialog
        /// The first screen is shown instead.
        case otherScreen
    }

    /// To be called after each event: leads to the unread line, reports what was read, and loads what is near.
    ///
    /// - Parameter before: what was in view before the event.
    mutating func settle(
        _ before: View?, under cover: Cover, _ context: inout ScreenContext
    ) -> [Effect] {
        let space = space(context)
        var effects = cover == .otherScreen ? [] : timeline.leadToUnread(space)
        if context.departure.reason == nil {
            effects += tellAttention(isShown: cover != .otherScreen, context)
            if cover == .nothing || cover == .list {
                effects += markReadIfSeen(before, isCompleting: cover == .list, &context)
            }
        }
        return effects + timeline.loadNeighboursIfNear(space)
    }

    /// Reports messages as read once they have been in view, together with all older ones.
    private mutating func markReadIfSeen(
        _ before: View?, isCompleting: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let space = space(context)
        guard space.isOnScreen, context.isWatched, window.isLoaded else { return [] }
        let rows = before.flatMap { $0.peer == peer ? $0.rows : nil }
        guard let last = timeline.read(rows, isCompleting: isCompleting, space) else { return [] }
        context.attention.alerts.read(peer)
        return [.markRead(peer, upTo: window.firstUnread == nil ? nil : last.messageID)]
    }

    /// Tells the client whether somebody looks at the conversation: on some servers, fetching marks it as read.
    ///
    /// - Parameter isShown: false while the first screen is shown instead.
    private mutating func tellAttention(isShown: Bool, _ context: ScreenContext) -> [Effect] {
        let isAttended = isShown && context.isWatched && space(context).isOnScreen
        guard self.isAttended != isAttended else { return [] }
        self.isAttended = isAttended
        return [isAttended ? .open(peer) : .show(peer)]
    }
}

// MARK: Moving

extension OpenConversation {
    mutating func scroll(up lines: Int, _ context: ScreenContext) {
        timeline.scroll(up: lines, space(context))
    }

    mutating func goToEnd(_ context: ScreenContext) -> [Effect] { timeline.goToEnd(space(context)) }
    mutating func goToStart(_ context: ScreenContext) -> [Effect] { timeline.goToStart(space(context)) }

    /// Brings a row into view: at once when it is loaded, else with a window of rows around it.
    mutating func jump(to row: RowID, choosing: Bool, _ context: inout ScreenContext) -> [Effect] {
        context.pane = .conversation
        return timeline.jump(to: row, choosing: choosing, space(context))
    }

    /// Puts the cursor on a message in view, if there is one.
    mutating func beginChoosing(_ context: inout ScreenContext) {
        guard timeline.beginChoosing(space(context)) else {
            return context.say(context.strings.nothingToChoose)
        }
        context.pane = .conversation
    }

    /// Moves the cursor among the messages; nil for commands that do something else.
    mutating func move(_ command: MessageCommand, _ context: ScreenContext) -> [Effect]? {
        let space = space(context)
        switch command {
        case .previous: timeline.moveChosen(by: -1, space)
        case .next: timeline.moveChosen(by: 1, space)
        case .pageUp: timeline.moveChosenByPage(1, space)
        case .pageDown: timeline.moveChosenByPage(-1, space)
        case .first: return timeline.chooseFirst(space)
        case .last: return timeline.chooseLast(space)
        case .previousDay: timeline.moveChosenByDay(-1, space)
        case .nextDay: timeline.moveChosenByDay(1, space)
        case .leave: timeline.chosen = nil
        case .copy, .quote, .openLink, .details, .delete, .retry, .edit, .sendAsNew, .search, .nextHit,
            .previousHit, .unreadLine, .fillGap:
            return nil
        }
        return []
    }

    /// Goes to the unread line where there is one, else looks up the first unread message.
    mutating func goToUnread(_ context: inout ScreenContext) -> [Effect] {
        guard let mark = timeline.unreadLine.mark else { return timeline.locateUnread(space(context)) }
        return jump(to: mark.row, choosing: false, &context)
    }

    mutating func unreadLocated(
        _ row: RowID?, count: Int, _ context: inout ScreenContext
    ) -> [Effect] {
        guard let row else {
            context.say(context.strings.nothingUnread)
            return []
        }
        timeline.unreadLine.put(at: row, count: max(1, count), isSeen: window.unread == 0)
        return jump(to: row, choosing: false, &context)
    }

    func goToDate(_ text: String, _ context: inout ScreenContext) -> [Effect] {
        guard let midnight = context.model.midnight(text) else {
            context.say(context.strings.noDate, .warning, for: .seconds(10))
            return []
        }
        return [.locate(peer, at: midnight)]
    }

    /// Takes the answer to a date: a row, or none.
    mutating func located(_ row: RowID?, _ context: inout ScreenContext) -> [Effect] {
        guard let row else {
            context.say(context.strings.noMessageThere)
            return []
        }
        return jump(to: row, choosing: true, &context)
    }

    /// Fetches what may be missing at the gap nearest above the chosen message, or above the end.
    mutating func fillGap(_ context: inout ScreenContext) -> [Effect] {
        let gap = window.nearestGap(above: timeline.chosenIndex)
        if let reply = context.model.reasonAgainstFilling(gap) { return context.take(reply) }
        guard let gap, window.gapBeingFilled == nil else { return [] }
        timeline.window.beginFilling(gap)
        return [.fillGap(gap, peer)]
    }

    mutating func gapFilled(_ error: ChatError?, _ context: inout ScreenContext) -> [Effect] {
        timeline.window.gapFilled()
        if let error { context.say(context.strings.error(error), .error) }
        return []
    }

    mutating func olderFetched(_ foundMore: Bool) -> [Effect] {
        timeline.window.olderFetched(foundMore)
        return []
    }
}

// MARK: Writing

extension OpenConversation {
    /// `/copy`: the other person's newest message, else one's own.
    func copyNewest(_ context: inout ScreenContext) -> [Effect] {
        guard let row = window.newestReceivedRow ?? window.rows.last else {
            context.say(context.strings.nothingToChoose)
            return []
        }
        return [.copy(row.content)]
    }

    /// To be called after every change of the composer's text.
    mutating func editorChanged(_ context: ScreenContext) -> [Effect] {
        composer.changed(at: context.instant)
    }

    /// Puts text where the cursor of the composer is.
    mutating func insert(_ text: String, isTyped: Bool = false, _ context: inout ScreenContext) -> [Effect] {
        context.pane = .conversation
        timeline.chosen = nil
        composer.insert(text, isTyped: isTyped, context.strings.language)
        return editorChanged(context)
    }

    /// A key that moves in the text or changes it.
    ///
    /// - Parameter history: texts that were sent from here, the newest last.
    mutating func write(_ command: Command, history: [String], _ context: ScreenContext) -> [Effect] {
        let before = composer.editor
        let width = layout(context).composer.columns - Layout.promptColumns
        switch command {
        case .newline: composer.editor.insert("\n")
        case .up, .down:
            let step = command == .up ? -1 : 1
            guard !composer.editor.moveVertically(by: step, width: width),
                composer.recall(step, from: history)
            else { return [] }
        // Without a text to move in, these move in the conversation.
        case .edit(.lineStart) where before.isEmpty: return goToStart(context)
        case .edit(.lineEnd) where before.isEmpty: return goToEnd(context)
        case .edit(let edit):
            composer.editor.apply(edit)
            if composer.editor.text == before.text { return [] }
        default: return []
        }
        return editorChanged(context)
    }

    /// Enter on a changed message: the new text takes the place of the old one.
    mutating func change(_ edited: EditedMessage, to text: String, _ context: ScreenContext) -> [Effect] {
        goToEnd(context) + composer.stopChanging(at: context.instant)
            + [.edit(edited.tempID, text, to: peer, sendsAgain: edited.sendsAgain)]
    }

    /// Enter on a new message.
    mutating func send(_ text: String, _ context: ScreenContext) -> [Effect] {
        composer.empty()
        return goToEnd(context) + [.send(text, to: peer)]
    }

    mutating func quote(_ row: TimelineRow, _ context: ScreenContext) -> [Effect] {
        timeline.chosen = nil
        composer.editor.insertAtStart(Quote.of(row.content))
        return editorChanged(context)
    }

    /// Brings an unsent message into the composer.
    mutating func beginChanging(_ row: TimelineRow, _ context: inout ScreenContext) {
        let strings = context.strings
        guard row.isMine, let tempID = row.tempID, [.queued, .failed, .held].contains(row.state) else {
            let quote = context.keyName(.message(.quote))
            return context.say(
                row.state.isUnsent ? strings.onItsWay : strings.onlyUnsentAreEdited(quote: quote))
        }
        timeline.chosen = nil
        composer.beginChanging(row, tempID)
    }

    /// `/rename`: without a name it offers the present one, to be changed.
    mutating func rename(_ name: String, _ context: inout ScreenContext) -> [Effect] {
        guard name.isEmpty else { return context.take(context.model.rename(peer, to: name)) }
        let command = context.strings.words(for: .rename).names[0]
        composer.replace(withCommand: "\(command) \(context.displayName(of: peer))")
        return []
    }

    /// Gives the composer's text, or the text after the command, to the person's editor program.
    func editExternally(_ text: String = "") -> [Effect] {
        [.editExternally(text.isEmpty ? composer.editor.text : text)]
    }

    /// Takes what the person's editor program left.
    mutating func take(_ outcome: ExternalEditor.Outcome, _ context: inout ScreenContext) -> [Effect] {
        let strings = context.strings
        let yank = context.keyName(.edit(.yank))
        switch outcome {
        case .saved(let text):
            context.pane = .conversation
            composer.replace(withText: text)
        case .failed(let left): keepText(left, strings.editorFailed(yank: yank), &context)
        case .notText(let left): keepText(left, strings.editorSavedNoText(yank: yank), &context)
        case .tooLong: keepText(nil, strings.editorSavedTooMuch, &context)
        case .noEditor(let choice): keepText(nil, strings.noEditor(choice), &context)
        case .noFile(let reason): keepText(nil, strings.noFileForEditor(reason), &context)
        }
        return editorChanged(context)
    }

    /// Keeps the composer's text as it is; what the editor left can be yanked.
    private mutating func keepText(_ left: String?, _ reason: String, _ context: inout ScreenContext) {
        if let left, left != composer.editor.text { composer.editor.keepForYank(left) }
        context.say(reason, .warning, for: .seconds(10))
    }
}
