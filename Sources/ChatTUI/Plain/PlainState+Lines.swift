import ChatClientCore
import ChatWire

extension PlainState {
    /// A line as it came. One that is not what was written is refused whole, and answers nothing.
    mutating func enter(_ line: LineReader.Line) -> PlainOutput {
        switch line {
        case .text(let text): return enter(text)
        case .tooLong: return PlainOutput(lines: [strings.plainLineTooLong])
        case .notText: return PlainOutput(lines: [strings.plainNotText])
        }
    }

    /// Lines that came at once from a terminal were pasted, or typed before it was known what they would mean:
    /// what is said of them when they are taken neither for commands nor for answers; nil when they are texts.
    func refusal(ofPasted lines: [LineReader.Line]) -> PlainOutput? {
        let hasCommand = lines.contains { line in
            guard case .text(let text) = line else { return false }
            return text.hasPrefix("/") && !text.hasPrefix("//")
        }
        guard lines.count > 1, hasCommand || question != nil else { return nil }
        return PlainOutput(lines: [strings.plainPasted(lines.count)])
    }

    /// A line that was typed: a message, a command, or an answer.
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

    private mutating func send(_ text: String) -> PlainOutput {
        guard let open else { return PlainOutput(lines: [strings.plainNobodyOpen]) }
        guard text.unicodeScalars.count <= AppState.messageLengthMax else {
            return PlainOutput(lines: [strings.tooLong(AppState.messageLengthMax)])
        }
        return PlainOutput(effects: [.send(text, to: open)])
    }

    private mutating func run(_ line: String) -> PlainOutput {
        switch SlashLine(line, on: .plain, strings.language) {
        case .command(let command, let argument): run(command, argument)
        case .mistake(let mistake): PlainOutput(lines: [words(for: mistake, on: .plain)])
        }
    }

    private mutating func run(_ command: SlashCommand, _ argument: String) -> PlainOutput {
        switch command {
        case .help: return PlainOutput(lines: help())
        case .quit: return leave(.quit)
        case .find: return find(argument)
        case .goTo: return goTo(argument)
        case .next: return openNextUnread()
        case .retry: return decide(strings.retried) { .retry($0) }
        case .discard: return decide(strings.discarded) { .discard($0) }
        case .search: return search(argument)
        case .date: return goToDate(argument)
        case .end: return sayEnd()
        case .unread: return sayUnread()
        case .older: return showOlder()
        case .gap: return fillGap()
        case .conversations: return PlainOutput(lines: list())
        case .outbox: return PlainOutput(effects: [.loadOutbox])
        case .pin: return togglePinned()
        case .mute: return toggleMuted()
        case .rename: return rename(argument)
        case .remove: return askToRemove()
        case .delete: return deleteNewest()
        case .deleteConversation: return askToDeleteConversation()
        case .status: return sayStatus()
        case .typing: return announceTyping(argument)
        case .reconnect: return PlainOutput(effects: [.reconnect])
        case .signOut: return PlainOutput(effects: [.open(nil), .signOut])
        case .keys, .edit, .copy, .list, .profile: return PlainOutput(lines: [strings.plainFullScreenOnly])
        }
    }

    /// The commands, one a line, as full screen help has them.
    private func help() -> [String] {
        SlashCommand.all(on: .plain).map { strings.words(for: $0) }.map { "/\($0.names[0]): \($0.help)" }
            + ["//: " + strings.doubleSlash]
    }

    private func sayStatus() -> PlainOutput {
        PlainOutput(lines: [
            strings.plainLink(link, secondsToNextTry: secondsToNextTry),
            strings.plainOutbox(outbox),
            totalUnread > 0 ? strings.unread(totalUnread) + "." : strings.nothingUnread,
        ])
    }

    private mutating func announceTyping(_ argument: String) -> PlainOutput {
        let (on, off) = (["on", "1"] + Language.yesWords, ["off", "0"] + Language.noWords)
        let word = argument.lowercased()
        guard word.isEmpty || on.contains(word) || off.contains(word) else {
            return PlainOutput(lines: [strings.words(for: .typing).help])
        }
        tellsTyping = word.isEmpty ? !tellsTyping : on.contains(word)
        return PlainOutput(lines: [strings.typingAnnounced(tellsTyping)])
    }

    // MARK: Commands

    private mutating func goTo(_ name: String) -> PlainOutput {
        guard !name.isEmpty else { return PlainOutput(lines: list()) }
        // A number is that of the list that was said: who wrote since has not moved the others.
        if let number = Int(name), listed.indices.contains(number - 1) {
            return openConversation(listed[number - 1])
        }
        switch Destination(name, among: conversations) {
        case .one(let peer): return openConversation(peer)
        case .several(let people):
            let names = people.map { person in
                let address = conversation(with: person)?.email ?? "#\(person.rawValue)"
                return "\(displayName(of: person)) <\(address)>"
            }
            return PlainOutput(lines: [strings.couldBe(name, names)])
        case .nobody: return PlainOutput(lines: [strings.nobodyNamed(name)])
        }
    }

    private mutating func openNextUnread() -> PlainOutput {
        guard let next = nextUnread else { return PlainOutput(lines: [strings.nothingUnread]) }
        return openConversation(next)
    }

    private func decide(_ words: (Int) -> String, _ effect: ([TempID]) -> Effect) -> PlainOutput {
        let waiting = waitingHere
        guard !waiting.isEmpty else { return PlainOutput(lines: [strings.nothingToRetry]) }
        return PlainOutput(lines: [words(waiting.count)], effects: [effect(waiting)])
    }

    // MARK: People

    private mutating func find(_ query: String) -> PlainOutput {
        guard query.count >= PeopleFinder.queryLengthMin else {
            return PlainOutput(lines: [strings.plainSearchWhat])
        }
        isAsking = true
        return PlainOutput(lines: [strings.searching], effects: [.findPeople(query)])
    }

    mutating func found(_ people: [Person]) -> PlainOutput {
        isAsking = false
        guard !people.isEmpty else { return PlainOutput(lines: [strings.noMatch]) }
        question = .person(people)
        let entries = people.enumerated().map { index, person in
            let isKnown = conversations.contains { $0.peer == person.id }
            return strings.plainListEntry(
                index + 1, person.name,
                [person.email, isKnown ? strings.alreadyInList : nil].compactMap(\.self))
        }
        return PlainOutput(lines: entries + [strings.plainChoose])
    }

    private mutating func choose(_ line: String, among people: [Person]) -> PlainOutput {
        guard let number = Int(line.trimmed), people.indices.contains(number - 1) else {
            let said = PlainOutput(lines: [strings.plainNobodyAdded])
            // Whatever else was written is no answer; a command still is one.
            return line.hasPrefix("/") ? said + enter(line) : said
        }
        let person = people[number - 1]
        if conversations.contains(where: { $0.peer == person.id }) { return openConversation(person.id) }
        isAsking = true
        return PlainOutput(effects: [.addContact(person.id, name: person.name)])
    }
}
