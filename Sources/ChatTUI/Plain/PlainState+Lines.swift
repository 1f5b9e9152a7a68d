import ChatClientCore
import ChatWire

/// Commands that only plain mode needs: what a screen shows all the time has to be asked for.
enum PlainCommand: Hashable, Sendable, CaseIterable {
    case list, older, status, typing

    func names(_ language: Language) -> [String] {
        language.andOthers.flatMap { $0.catalogue().words(for: self).names }
    }

    init?(name: String) {
        let wanted = name.lowercased()
        guard let command = Self.allCases.first(where: { $0.names(.english).contains(wanted) }) else {
            return nil
        }
        self = command
    }
}

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
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let name = words.first.map(String.init) ?? ""
        let argument = words.count > 1 ? String(words[1]).trimmed : ""
        if let command = PlainCommand(name: name) {
            guard argument.isEmpty || command == .typing else { return takesNothing(name) }
            return run(command, argument)
        }
        guard let command = SlashCommand(name: name) else {
            return PlainOutput(lines: [strings.unknownCommand(name, suggestion: nil)])
        }
        // Words behind it may be a text that happens to begin like a command: nothing is done then.
        guard argument.isEmpty || strings.argument(of: command) != nil else { return takesNothing(name) }
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
        case .gap: return fillGap()
        case .outbox: return PlainOutput(effects: [.loadOutbox])
        case .pin, .mute, .rename, .remove, .delete, .deleteConversation: return change(command, argument)
        case .reconnect: return PlainOutput(effects: [.reconnect])
        case .signOut: return PlainOutput(effects: [.open(nil), .signOut])
        default: return PlainOutput(lines: [strings.plainFullScreenOnly])
        }
    }

    private func takesNothing(_ name: String) -> PlainOutput {
        PlainOutput(lines: [strings.plainTakesNothing(name)])
    }

    private mutating func run(_ command: PlainCommand, _ argument: String) -> PlainOutput {
        switch command {
        case .list: return PlainOutput(lines: list())
        case .older: return showOlder()
        case .status:
            let unread = conversations.reduce(0) { $0 + max(0, $1.unread) }
            return PlainOutput(lines: [
                strings.plainLink(link, secondsToNextTry: secondsToNextTry),
                strings.plainOutbox(outbox),
                unread > 0 ? strings.unread(unread) + "." : strings.nothingUnread,
            ])
        case .typing:
            let (on, off) = (["on", "1"] + Language.yesWords, ["off", "0"] + Language.noWords)
            let word = argument.lowercased()
            guard word.isEmpty || on.contains(word) || off.contains(word) else {
                return PlainOutput(lines: [strings.words(for: .typing as PlainCommand).help])
            }
            tellsTyping = word.isEmpty ? !tellsTyping : on.contains(word)
            return PlainOutput(lines: [strings.typingAnnounced(tellsTyping)])
        }
    }

    private var secondsToNextTry: Int? {
        guard case .offline(_, let next?) = link else { return nil }
        return Int(max(0, (next - instant).saturatedNanoseconds / 1_000_000_000))
    }

    /// The commands, one a line, as full screen help has them.
    private func help() -> [String] {
        let words =
            PlainCommand.allCases.map { strings.words(for: $0) }
            + Self.sharedCommands.map { strings.words(for: $0) }
        return words.map { "/\($0.names[0]): \($0.help)" } + ["//: " + strings.doubleSlash]
    }

    /// What both kinds of client know.
    static let sharedCommands: [SlashCommand] = [
        .goTo, .next, .search, .date, .unread, .end, .gap, .find, .rename, .remove, .delete,
        .deleteConversation, .outbox, .retry, .discard, .pin, .mute, .reconnect, .signOut, .help, .quit,
    ]

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
                let address = conversations.first { $0.peer == person }?.email ?? "#\(person.rawValue)"
                return "\(self.name(of: person)) <\(address)>"
            }
            return PlainOutput(lines: [strings.couldBe(name, names)])
        case .nobody: return PlainOutput(lines: [strings.nobodyNamed(name)])
        }
    }

    private mutating func openNextUnread() -> PlainOutput {
        guard let next = conversations.first(where: { $0.unread > 0 && $0.peer != open }) else {
            return PlainOutput(lines: [strings.nothingUnread])
        }
        return openConversation(next.peer)
    }

    private func decide(_ words: (Int) -> String, _ effect: ([TempID]) -> Effect) -> PlainOutput {
        let waiting = rows.filter { $0.state == .failed || $0.state == .held }.compactMap(\.tempID)
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

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
