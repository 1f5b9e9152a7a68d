import ChatClientCore
import ChatWire

extension AppState {
    /// How many lines a notch of the wheel is.
    private static let wheelLines = 3

    /// The wheel scrolls what is under it; a click chooses a conversation or places the cursor.
    mutating func handle(_ event: MouseEvent) -> [Effect] {
        switch event.action {
        case .wheelUp: return stage == .chat ? wheel(1, at: event.place) : []
        case .wheelDown: return stage == .chat ? wheel(-1, at: event.place) : []
        case .press(.left): return click(at: event.place)
        case .press, .release: return []
        }
    }

    private mutating func click(at place: Point) -> [Effect] {
        let target = AppView.render(self).target(at: place)
        switch (stage, target) {
        case (.signIn(var form), .field(let field)):
            guard !form.isWorking else { return [] }
            form.field = field
            stage = .signIn(form)
            return []
        case (_, .key(let key)) where dialog == nil: return handle(key)
        case (.starting, _), (.signIn, _): return []
        case (.chat, .completion(let index)): return takeCompletion(index)
        case (.chat, _): return dialog == nil ? clickPanes(at: place) : clickDialog(target)
        }
    }

    // MARK: Dialogs

    /// A line of a list is chosen and taken at once, where that is what Enter does. Where it decides about
    /// messages, the first click only chooses.
    private mutating func clickDialog(_ target: ClickTarget?) -> [Effect] {
        guard case .item(let index) = target else {
            if case .question = dialog { return [] }
            if case .details = dialog { dialog = nil } else if target == nil { dialog = nil }
            return []
        }
        let wasChosen = chosenItem == index
        chosenItem = index
        let needsTwo =
            switch dialog {
            case .outbox: true
            case .question(let question): !question.takesLetters
            default: false
            }
        guard wasChosen || !needsTwo else { return [] }
        return handleDialog(Key(.enter), .accept)
    }

    /// The line that the dialog's cursor is on; nil where there is none.
    private var chosenItem: Int? {
        get {
            switch dialog {
            case .switcher(let switcher): switcher.selection
            case .find(let finder): finder.selection
            case .question(let question): question.selection
            case .links(let picker): picker.selection
            case .search(let panel): panel.selection
            case .outbox(let panel): panel.selection
            case .help, .details, .keys, nil: nil
            }
        }
        set {
            guard let newValue else { return }
            switch dialog {
            case .switcher(var switcher):
                switcher.selection = newValue
                dialog = .switcher(switcher)
            case .find(var finder):
                finder.selection = newValue
                dialog = .find(finder)
            case .question(var question):
                question.selection = newValue
                dialog = .question(question)
            case .links(var picker):
                picker.selection = newValue
                dialog = .links(picker)
            case .search(var panel):
                panel.selection = newValue
                dialog = .search(panel)
            case .outbox(var panel):
                panel.selection = newValue
                dialog = .outbox(panel)
            case .help, .details, .keys, nil: break
            }
        }
    }

    // MARK: Panes

    private mutating func wheel(_ direction: Int, at place: Point) -> [Effect] {
        if dialog != nil {
            // Whatever moves through a dialog line by line.
            return handle(keymap.key(for: direction > 0 ? .up : .down) ?? Key(direction > 0 ? .up : .down))
        }
        let layout = layout
        if layout.list.contains(place) {
            scrollList(by: -direction, in: layout.list)
        } else if layout.conversation.contains(place) {
            scroll(up: direction * Self.wheelLines)
        }
        return []
    }

    private mutating func scrollList(by items: Int, in area: Rect) {
        let view = ConversationList.view(self, in: area)
        listScroll = min(max(0, view.first + items), max(0, conversations.count - view.fitting))
    }

    private mutating func clickPanes(at place: Point) -> [Effect] {
        let layout = layout
        if layout.list.contains(place) {
            let view = ConversationList.view(self, in: layout.list)
            let index = view.first + (place.row - layout.list.row) / view.rowsEach
            guard index < min(conversations.count, view.first + view.fitting) else { return [] }
            let scrolled = listScroll
            let effects = openConversation(with: conversations[index].peer)
            // What was clicked does not run away from under the mouse.
            listScroll = scrolled
            return effects
        }
        if layout.composer.contains(place) { placeCursor(at: place, in: layout.composer) }
        if layout.timeline.contains(place) { chooseMessage(at: place, in: layout.timeline) }
        if layout.typing.contains(place), open?.scroll != .end { return goToEnd() }
        return []
    }

    /// The message under the mouse is chosen; a click beside all of them leaves choosing.
    private mutating func chooseMessage(at place: Point, in area: Rect) {
        guard let view = TimelineLayout(self, in: area) else { return }
        let lines = view.visible()
        let index = place.row - (area.endRow - lines.count)
        guard lines.indices.contains(index), let row = lines[index].row else {
            open?.chosen = nil
            return
        }
        pane = .conversation
        open?.chosen = ChosenMessage(view.rows[row])
    }

    private mutating func placeCursor(at place: Point, in area: Rect) {
        guard let editor = open?.editor else { return }
        pane = .conversation
        open?.chosen = nil
        let text = Composer.textArea(area)
        guard !text.isEmpty, !editor.isEmpty else { return }
        let layout = EditorLayout(editor, width: text.columns)
        let line = Composer.firstLine(layout, rows: text.rows) + place.row - text.row
        guard layout.lines.indices.contains(line) else { return }
        open?.editor.move(to: layout.offset(row: line, column: max(0, place.column - text.column)))
    }
}

extension Rect {
    func contains(_ place: Point) -> Bool {
        column..<endColumn ~= place.column && row..<endRow ~= place.row
    }
}
