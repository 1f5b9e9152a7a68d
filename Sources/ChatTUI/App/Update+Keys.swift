import ChatClientCore
import ChatWire

extension AppState {
    mutating func handle(_ key: Key) -> [Effect] {
        if case .keys(let trial) = dialog { return tryKey(trial, key) }
        listScroll = nil
        let command = pairedCommand(for: key) ?? keymap.command(for: key)
        if let effects = handleAnywhere(command) { return effects }
        switch stage {
        case .starting: return []
        case .signIn: return handleSignIn(key, command)
        case .chat:
            if dialog != nil { return handleDialog(key, command) }
            return handleChat(key, command)
        }
    }

    /// The second key of a pair.
    private mutating func pairedCommand(for key: Key) -> Command? {
        guard isAfterPrefix else { return nil }
        isAfterPrefix = false
        return keymap.pairs[key]
    }

    /// The text that a key types, if it types any.
    func typed(_ key: Key) -> String? {
        guard case .character(let character) = key.code, key.modifiers.isSubset(of: .shift) else {
            return nil
        }
        return String(character)
    }

    private mutating func handleAnywhere(_ command: Command?) -> [Effect]? {
        switch command {
        case .quit: return leave(.quit)
        case .interrupt: return interrupt()
        case .suspend:
            awaitsKey = true
            return [.suspend]
        case .redraw: return [.redraw]
        default: return nil
        }
    }

    private mutating func interrupt() -> [Effect] {
        if let until = interruptUntil, instant < until { return leave(.quit) }
        interruptUntil = instant + .seconds(3)
        let unsent = outbox.unsent
        let key = keyName(.interrupt) ?? ""
        say(
            unsent > 0 ? strings.againQuits(key, unsent: unsent) : strings.againQuits(key), .warning,
            for: .seconds(3))
        return []
    }

    /// An Enter so soon after an ESC that closed nothing is Alt-Enter, which a slow line has cut in two: what
    /// is half written must not go out.
    private mutating func isCutAltEnter(_ key: Key) -> Bool {
        defer { loneEscape = nil }
        guard key == Key(.enter), let loneEscape, open != nil, dialog == nil,
            instant - loneEscape < Self.altEnterDelay
        else { return false }
        pane = .conversation
        return true
    }

    private static let altEnterDelay: Duration = .milliseconds(400)

    private mutating func handleChat(_ key: Key, _ before: Command?) -> [Effect] {
        let command = isCutAltEnter(key) ? .newline : before
        if let command, let effects = handleCompletion(command) { return effects }
        if isChoosing, let effects = handleChosen(key, command) { return effects }
        if let text = typed(key) { return type(text) }
        guard let command else { return [] }
        switch command {
        case .help: dialog = .help(scroll: 0)
        case .switcher: dialog = .switcher(Switcher())
        case .findPeople: dialog = .find(PeopleFinder())
        case .reconnect: return [.reconnect]
        case .nextUnread: return openNextUnread()
        case .previousConversation: return openNeighbour(-1)
        case .nextConversation: return openNeighbour(1)
        case .conversation(let number):
            guard conversations.indices.contains(number - 1) else { return [] }
            return openConversation(with: conversations[number - 1].peer)
        case .switchPane:
            if completeName() { return editorChanged() }
            switchPane()
        case .pageUp: return page(1)
        case .pageDown: return page(-1)
        case .lineUp: scroll(up: 1)
        case .lineDown: scroll(up: -1)
        case .scrollToStart: return goToStart()
        case .scrollToEnd: return goToEnd()
        case .chooseMessage: return chooseMessage()
        case .toggleList: return toggleList()
        case .widenList: return resizeList(by: 1)
        case .narrowList: return resizeList(by: -1)
        case .togglePinned: return togglePinned()
        case .toggleMuted: return toggleMuted()
        case .search: return beginSearch("", everywhere: open == nil)
        case .searchAll: return beginSearch("", everywhere: true)
        case .outbox: return showOutbox()
        case .externalEditor: return editExternally()
        case .prefix: isAfterPrefix = true
        case .cancel: return cancel()
        case .up, .down, .accept, .newline, .edit:
            return pane == .list ? handleList(command) : handleComposer(command)
        case .quit, .interrupt, .suspend, .redraw, .message: break
        }
        return []
    }

    /// Letters go to the composer, wherever the keyboard is.
    private mutating func type(_ text: String) -> [Effect] {
        guard open != nil, !layout.isNarrow || pane == .conversation else { return [] }
        return insert(text, isTyped: true)
    }

    /// Puts text where the cursor of the composer is.
    mutating func insert(_ text: String, isTyped: Bool = false) -> [Effect] {
        pane = .conversation
        open?.chosen = nil
        if open?.editor.before.isEmpty == true { open?.isCommandTyped = isTyped && text == "/" }
        open?.editor.insert(text)
        open?.historyPosition = nil
        if text == ":" { replaceNamedEmoji() }
        return editorChanged()
    }

    mutating func paste(_ text: String) -> [Effect] {
        let text = fittingPaste(text)
        if let asking = askAboutPaste(text) { return asking }
        let oneLine = Self.oneLine(text)
        switch (stage, dialog) {
        case (.signIn(var form), _):
            form[form.field].insert(oneLine)
            stage = .signIn(form)
            return []
        case (_, .switcher(var switcher)):
            switcher.query.insert(oneLine)
            dialog = .switcher(switcher)
            return []
        case (_, .find(var finder)):
            finder.query.insert(oneLine)
            dialog = .find(queryChanged(finder))
            return []
        case (_, .search(var panel)):
            panel.query.insert(oneLine)
            return ask(&panel)
        case (.chat, nil):
            guard open != nil, !layout.isNarrow || pane == .conversation else { return [] }
            return insert(text)
        default: return []
        }
    }

    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private mutating func switchPane() {
        pane = pane == .list ? .conversation : .list
        if open == nil { pane = .list }
        if pane == .list { listCursor = open?.peer ?? listCursor ?? conversations.first?.peer }
    }

    private mutating func cancel() -> [Effect] {
        if open?.edited != nil, pane == .conversation {
            return stopEditing()
        }
        loneEscape = instant - escapeDelay
        if open != nil, open?.scroll != .end, pane == .conversation {
            return goToEnd()
        } else if notice != nil {
            notice = nil
        } else if layout.isNarrow {
            pane = .list
        } else if pane == .list, open != nil {
            pane = .conversation
        }
        return []
    }

    private mutating func page(_ direction: Int) -> [Effect] {
        if layout.isNarrow, pane == .list {
            moveListCursor(by: -direction * max(1, layout.list.rows / ConversationList.itemRows))
        } else {
            scroll(up: direction * max(1, layout.timeline.rows - 1))
        }
        return []
    }

    // MARK: The list

    private mutating func handleList(_ command: Command) -> [Effect] {
        switch command {
        case .up: moveListCursor(by: -1)
        case .down: moveListCursor(by: 1)
        case .edit(.lineStart), .edit(.textStart): moveListCursor(by: -conversations.count)
        case .edit(.lineEnd), .edit(.textEnd): moveListCursor(by: conversations.count)
        case .edit(.right), .accept:
            if let listCursor { return openConversation(with: listCursor) }
        default: break
        }
        return []
    }

    mutating func moveListCursor(by delta: Int) {
        guard !conversations.isEmpty else { return }
        let index = conversations.firstIndex { $0.peer == listCursor } ?? 0
        listCursor = conversations[min(max(0, index + delta), conversations.count - 1)].peer
    }

    private mutating func openNeighbour(_ delta: Int) -> [Effect] {
        guard !conversations.isEmpty else { return [] }
        let current = open?.peer ?? listCursor
        guard let index = conversations.firstIndex(where: { $0.peer == current }) else {
            return openConversation(with: conversations[0].peer)
        }
        let next = index + delta
        guard conversations.indices.contains(next) else { return [] }
        return openConversation(with: conversations[next].peer)
    }

    /// The next conversation with unread messages below the open one, then from the top.
    mutating func openNextUnread() -> [Effect] {
        guard let next = nextUnread else {
            say(strings.nothingUnread)
            return []
        }
        return openConversation(with: next)
    }

    // MARK: The composer

    private mutating func handleComposer(_ command: Command) -> [Effect] {
        guard let opened = open else { return [] }
        let width = layout.composer.columns - Self.composerPromptColumns
        switch command {
        case .accept: return enter()
        case .newline:
            open?.editor.insert("\n")
            return editorChanged()
        case .up:
            if open?.editor.moveVertically(by: -1, width: width) == false { return recall(-1) }
            return []
        case .down:
            if open?.editor.moveVertically(by: 1, width: width) == false { return recall(1) }
            return []
        // Without a text to move in, these move in the conversation.
        case .edit(.lineStart) where opened.editor.isEmpty: return goToStart()
        case .edit(.lineEnd) where opened.editor.isEmpty: return goToEnd()
        case .edit(let edit):
            open?.editor.apply(edit)
            return open?.editor.text == opened.editor.text ? [] : editorChanged()
        default: return []
        }
    }

    /// Brings back what was sent before; only into an empty composer or over another recall.
    private mutating func recall(_ direction: Int) -> [Effect] {
        guard let opened = open, opened.editor.isEmpty || opened.historyPosition != nil else { return [] }
        let history = histories[opened.peer] ?? []
        let position = (opened.historyPosition ?? history.count) + direction
        guard position >= 0, position <= history.count else { return [] }
        let isPresent = position == history.count
        open?.historyPosition = isPresent ? nil : position
        let text = isPresent ? "" : history[position]
        open?.editor.replace(with: text)
        // What stands there was run as a command; a text with a slash stands there with two.
        open?.isCommandTyped = text.hasPrefix("/")
        return editorChanged()
    }

    // MARK: Dialogs

    mutating func handleDialog(_ key: Key, _ command: Command?) -> [Effect] {
        if command == .cancel {
            dialog = nil
            return []
        }
        switch dialog {
        case .search(let panel): return handleSearch(panel, key, command)
        case .outbox(let panel): return handleOutbox(panel, key, command)
        case .question(let question): return handleQuestion(question, key, command)
        case .links(let picker): return handleLinks(picker, command)
        case .details:
            dialog = nil
            return []
        case .help(let scroll):
            handleHelp(scroll, command)
            return []
        case .switcher(let switcher): return handleSwitcher(switcher, key, command)
        case .find(let finder): return handleFinder(finder, key, command)
        case .keys(let trial): return tryKey(trial, key)
        case nil: return []
        }
    }

    private mutating func handleHelp(_ scroll: Int, _ command: Command?) {
        let page = max(1, size.rows - 6)
        switch command {
        case .help, .accept: dialog = nil
        case .edit(.lineStart), .scrollToStart: dialog = .help(scroll: 0)
        case .edit(.lineEnd), .scrollToEnd: dialog = .help(scroll: HelpDialog.scrollMax(self))
        case .up, .lineUp: dialog = .help(scroll: max(0, scroll - 1))
        case .down, .lineDown: dialog = .help(scroll: min(scroll + 1, HelpDialog.scrollMax(self)))
        case .pageUp: dialog = .help(scroll: max(0, scroll - page))
        case .pageDown: dialog = .help(scroll: min(scroll + page, HelpDialog.scrollMax(self)))
        default: break
        }
    }

    private mutating func handleSwitcher(_ before: Switcher, _ key: Key, _ command: Command?) -> [Effect] {
        var switcher = before
        let matches = switcher.matches(in: conversations)
        switch command {
        case .accept:
            dialog = nil
            guard matches.indices.contains(switcher.selection) else { return [] }
            return openConversation(with: matches[switcher.selection].peer)
        case .up: switcher.selection = max(0, switcher.selection - 1)
        case .down, .switcher, .switchPane:
            switcher.selection = min(max(0, matches.count - 1), switcher.selection + 1)
        case .edit(let edit):
            switcher.query.apply(edit)
            if switcher.query.text != before.query.text { switcher.selection = 0 }
        default:
            if let text = typed(key) {
                switcher.query.insert(text)
                switcher.selection = 0
            }
        }
        dialog = .switcher(switcher)
        return []
    }

    private mutating func handleFinder(_ before: PeopleFinder, _ key: Key, _ command: Command?) -> [Effect] {
        var finder = before
        switch command {
        case .accept: return acceptFinder(finder)
        case .up: finder.selection = max(0, finder.selection - 1)
        case .down, .switchPane:
            finder.selection = min(max(0, finder.results.count - 1), finder.selection + 1)
        case .edit(let edit):
            finder.query.apply(edit)
            if finder.query.text != before.query.text { finder = queryChanged(finder) }
        default:
            if let text = typed(key) {
                finder.query.insert(text)
                finder = queryChanged(finder)
            }
        }
        dialog = .find(finder)
        return []
    }

    /// The server is asked when typing pauses.
    func queryChanged(_ finder: PeopleFinder) -> PeopleFinder {
        var finder = finder
        finder.problem = nil
        let length = finder.query.text.unicodeScalars.count { !$0.properties.isWhitespace }
        finder.askAt = length >= PeopleFinder.queryLengthMin ? instant + .milliseconds(250) : nil
        if finder.askAt == nil {
            finder.results = []
            finder.asked = nil
            finder.isSearching = false
        }
        return finder
    }

    mutating func askIfDue() -> [Effect] {
        guard case .find(var finder) = dialog, let askAt = finder.askAt, instant >= askAt else { return [] }
        finder.askAt = nil
        let query = finder.query.text
        guard query != finder.asked else {
            dialog = .find(finder)
            return []
        }
        finder.asked = query
        finder.isSearching = true
        dialog = .find(finder)
        return [.findPeople(query)]
    }

    private mutating func acceptFinder(_ before: PeopleFinder) -> [Effect] {
        var finder = before
        guard finder.asked == finder.query.text, !finder.isSearching else {
            finder.askAt = instant
            dialog = .find(finder)
            return askIfDue()
        }
        guard finder.results.indices.contains(finder.selection) else { return [] }
        let person = finder.results[finder.selection]
        if conversation(with: person.id) != nil {
            dialog = nil
            return openConversation(with: person.id)
        }
        return [.addContact(person.id, name: person.name)]
    }

    mutating func found(_ people: [Person], _ query: String) -> [Effect] {
        guard case .find(var finder) = dialog, finder.asked == query else { return [] }
        finder.results = people
        finder.selection = 0
        finder.isSearching = false
        dialog = .find(finder)
        return []
    }

    mutating func findFailed(_ error: ChatError, _ query: String) -> [Effect] {
        guard case .find(var finder) = dialog, finder.asked == query else { return [] }
        finder.isSearching = false
        finder.results = []
        finder.asked = nil
        finder.problem = strings.error(error)
        dialog = .find(finder)
        return []
    }

    mutating func contactAdded(_ peer: UserID, _ name: String) -> [Effect] {
        if case .find = dialog { dialog = nil }
        say(strings.added(name))
        let effects: [Effect] = conversationsReload.request() ? [.loadConversations] : []
        return effects + openConversation(with: peer)
    }

    // MARK: Signing in

    private mutating func handleSignIn(_ key: Key, _ command: Command?) -> [Effect] {
        guard case .signIn(var form) = stage else { return [] }
        guard !form.isWorking else { return [] }
        if key == Key(.function(2)) {
            form.toggleMode()
        } else if let text = typed(key) {
            form[form.field].insert(text)
            form.problem = nil
        } else if key == Key(.tab, .shift) || command == .up {
            form.move(by: -1)
        } else if command == .switchPane || command == .down {
            form.move(by: 1)
        } else if command == .accept {
            return submit(form)
        } else if case .edit(let edit) = command {
            form[form.field].apply(edit)
        }
        stage = .signIn(form)
        return []
    }

    mutating func submit(_ before: SignInForm) -> [Effect] {
        var form = before
        if let empty = form.fields.first(where: { form.isEmpty($0) }) {
            form.problem = empty == form.field ? strings.fillIn : nil
            form.field = empty
            stage = .signIn(form)
            return []
        }
        if form.changesServer, let elsewhere = chosenServer(&form) {
            stage = .signIn(form)
            return elsewhere
        }
        form.isWorking = true
        form.problem = nil
        stage = .signIn(form)
        switch form.mode {
        case .signIn: return [.signIn(email: form.email.text, password: form.password.text)]
        case .register:
            return [.register(name: form.name.text, email: form.email.text, password: form.password.text)]
        }
    }

    /// What to do about a server other than the client's; nil when it is the same one.
    private mutating func chosenServer(_ form: inout SignInForm) -> [Effect]? {
        do throws(ServerURLError) {
            let chosen = try ServerURL(form.server.text)
            if chosen.description == server { return nil }
            form.isWorking = true
            return leave(.server(chosen, form.draft))
        } catch {
            form.problem = strings.serverAddress(error)
            form.field = .server
            return []
        }
    }

    mutating func signedIn(_ account: Account) -> [Effect] {
        self.account = account
        notice = nil
        stage = .starting
        return [.rememberServer] + (conversationsReload.request() ? [.loadConversations] : [])
    }

    mutating func signInRefused(_ error: ChatError) -> [Effect] {
        guard case .signIn(var form) = stage else { return [] }
        form.isWorking = false
        form.problem = strings.error(error)
        stage = .signIn(form)
        return []
    }
}
