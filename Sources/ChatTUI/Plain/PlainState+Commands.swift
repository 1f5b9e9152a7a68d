import ChatClientCore
import ChatWire

/// What lines and commands do.
extension PlainState {
    /// Takes a line as it came. A line that is not what was written is refused as a whole, and answers nothing.
    mutating func enter(_ line: LineReader.Line) -> PlainOutput {
        switch line {
        case .text(let text): enter(text)
        case .tooLong: .line(strings.plainLineTooLong)
        case .notText: .line(strings.plainNotText)
        }
    }

    /// Lines that came at once from a terminal were pasted, or typed before it was known what they would mean. They
    /// are taken neither for commands nor for answers: returns what is said instead; nil when they are texts.
    func refusal(ofPasted lines: [LineReader.Line]) -> PlainOutput? {
        let hasCommand = lines.contains { line in
            guard case .text(let text) = line else { return false }
            return text.hasPrefix("/") && !text.hasPrefix("//")
        }
        guard lines.count > 1, hasCommand || question != nil else { return nil }
        return .line(strings.plainPasted(lines.count))
    }

    /// Takes a line that was typed: a message, a command, or an answer.
    mutating func enter(_ line: String) -> PlainOutput {
        if let question {
            self.question = nil
            switch question {
            case .person(let people): return choose(line, among: people)
            case .confirm(let effect, let done): return confirm(line, effect, done)
            }
        }
        guard !line.allSatisfy(\.isWhitespace) else { return PlainOutput() }
        if line.hasPrefix("//") { return send(String(line.dropFirst())) }
        if line.hasPrefix("/") { return run(String(line.dropFirst())) }
        return send(line)
    }

    private func send(_ text: String) -> PlainOutput {
        guard let peer = open?.peer else { return .line(strings.plainNobodyOpen) }
        guard text.unicodeScalars.count <= ChatModel.messageLengthMax else {
            return .line(strings.tooLong(ChatModel.messageLengthMax))
        }
        return PlainOutput(effects: [.send(text, to: peer)])
    }

    private mutating func run(_ line: String) -> PlainOutput {
        switch SlashLine(line, on: .plain, strings.language) {
        case .command(let command, let argument): run(command, argument)
        case .mistake(let mistake): .line(model.words(for: mistake, on: .plain))
        }
    }

    private mutating func run(_ command: SlashCommand, _ argument: String) -> PlainOutput {
        switch command {
        case .help: PlainOutput(lines: help)
        case .quit: leave(.quit)
        case .find: find(argument)
        case .goTo: goTo(argument)
        case .next: model.nextUnread(after: open?.peer).map { show($0) } ?? .line(strings.nothingUnread)
        case .retry: PlainOutput(model.retry(open?.window.waiting ?? []))
        case .discard: PlainOutput(model.discard(open?.window.waiting ?? []))
        case .search: search(argument)
        case .date: goToDate(argument)
        case .end: sayEnd()
        case .unread: sayUnread()
        case .older: showOlder()
        case .gap: fillGap()
        case .conversations: PlainOutput(lines: printList())
        case .outbox: PlainOutput(effects: [.loadOutbox])
        case .pin: withOpen { PlainOutput($0.model.togglePinned($1)) }
        case .mute: withOpen { PlainOutput($0.model.toggleMuted($1)) }
        case .rename: withOpen { $0.rename($1, to: argument) }
        case .remove: withOpen { $0.askToRemove($1) }
        case .delete: withOpen { state, _ in state.deleteNewest() }
        case .deleteConversation: withOpen { $0.askToDelete($1) }
        case .status: PlainOutput(lines: status)
        case .typing: announceTyping(argument)
        case .reconnect: PlainOutput(effects: [.reconnect])
        case .signOut: PlainOutput(effects: [.open(nil), .signOut])
        case .keys, .edit, .copy, .list, .profile: .line(strings.plainFullScreenOnly)
        }
    }

    /// The commands, one a line, as full-screen help has them.
    private var help: [String] {
        SlashCommand.all(on: .plain).map { strings.words(for: $0) }.map { "/\($0.names[0]): \($0.help)" }
            + ["//: " + strings.doubleSlash]
    }

    private var status: [String] {
        [
            strings.plainLink(link, secondsToNextTry: secondsToNextTry),
            strings.plainOutbox(outbox),
            totalUnread > 0 ? strings.unread(totalUnread) + "." : strings.nothingUnread,
        ]
    }

    private mutating func announceTyping(_ argument: String) -> PlainOutput {
        let (on, off) = (["on", "1"] + Language.yesWords, ["off", "0"] + Language.noWords)
        let word = argument.lowercased()
        guard word.isEmpty || on.contains(word) || off.contains(word) else {
            return .line(strings.words(for: .typing).help)
        }
        tellsTyping = word.isEmpty ? !tellsTyping : on.contains(word)
        return .line(strings.typingAnnounced(tellsTyping))
    }

    private mutating func goTo(_ name: String) -> PlainOutput {
        guard !name.isEmpty else { return PlainOutput(lines: printList()) }
        // A number is that of the list that was printed: a message that came since has not moved the others.
        if let number = Int(name), listed.indices.contains(number - 1) { return show(listed[number - 1]) }
        switch Destination(name, among: conversations) {
        case .one(let peer): return show(peer)
        case .several(let people): return .line(strings.couldBe(name, people.map(wording.nameWithAddress)))
        case .nobody: return .line(strings.nobodyNamed(name))
        }
    }

    // MARK: The open conversation

    /// Runs a command on the open conversation; without one it says so.
    private mutating func withOpen(
        _ body: (inout PlainState, Conversation) -> PlainOutput
    ) -> PlainOutput {
        guard let conversation = open.flatMap({ conversation(with: $0.peer) }) else {
            return .line(strings.plainNobodyOpen)
        }
        return body(&self, conversation)
    }

    private func rename(_ conversation: Conversation, to name: String) -> PlainOutput {
        guard !name.isEmpty else { return .line(strings.plainNewName(displayName(of: conversation.peer))) }
        return PlainOutput(model.rename(conversation.peer, to: name))
    }

    private mutating func askToRemove(_ conversation: Conversation) -> PlainOutput {
        let name = displayName(of: conversation.peer)
        return ask(
            strings.plainRemove(name), then: .removeContact(conversation.peer), done: strings.removed(name))
    }

    private mutating func askToDelete(_ conversation: Conversation) -> PlainOutput {
        ask(
            strings.plainDeleteConversation(displayName(of: conversation.peer)),
            then: .deleteConversation(conversation.peer), done: strings.plainDeleting)
    }

    private mutating func deleteNewest() -> PlainOutput {
        guard let row = open?.window.newestOwnRow else { return .line(strings.plainNothingToDelete) }
        if row.state.isUnsent, let message = row.tempID {
            return PlainOutput(lines: [strings.discarded(1)], effects: [.discard([message])])
        }
        return ask(
            strings.plainDelete(wording.excerpt(row.content)), then: .delete(row.id),
            done: strings.plainDeleting)
    }

    private mutating func ask(_ words: String, then effect: Effect, done: String) -> PlainOutput {
        question = .confirm(effect, done: done)
        return .line(words)
    }

    /// Only a yes is a yes.
    private func confirm(_ line: String, _ effect: Effect, _ done: String) -> PlainOutput {
        guard Language.yesWords.contains(line.trimmed.lowercased()) else {
            return .line(strings.plainNothingDone)
        }
        return PlainOutput(lines: [done], effects: [effect])
    }
}
