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
        guard lines.count > 1, lines.contains(where: \.isCommand) || question != nil else { return nil }
        return .line(strings.plainPasted(lines.count))
    }

    /// Takes a line that was typed: a message, a command, or an answer.
    mutating func enter(_ line: String) -> PlainOutput {
        if let question {
            self.question = nil
            switch question {
            case .person(let people): return choose(line, among: people)
            case .confirm(let effect, let done): return wording.confirm(line, effect, done)
            }
        }
        guard !line.allSatisfy(\.isWhitespace) else { return PlainOutput() }
        if line.hasPrefix("//") { return send(String(line.dropFirst())) }
        if line.hasPrefix("/") { return run(String(line.dropFirst())) }
        return send(line)
    }

    private func send(_ text: String) -> PlainOutput {
        guard let open else { return .line(strings.plainNobodyOpen) }
        return open.send(text).map { PlainOutput(effects: [$0]) }
            ?? .line(strings.tooLong(ChatModel.messageLengthMax))
    }

    private mutating func run(_ line: String) -> PlainOutput {
        switch SlashLine(line, on: .plain, strings.language) {
        case .command(let command, let argument):
            let output = run(command, argument)
            question = output.question
            return output
        case .mistake(let mistake): return .line(model.words(for: mistake, on: .plain))
        }
    }

    private mutating func run(_ command: SlashCommand, _ argument: String) -> PlainOutput {
        switch command.entry.plain {
        case .run(let action): return action(&self, argument)
        case .onOpen(let action):
            guard let open, let conversation = conversation(with: open.peer) else {
                return .line(strings.plainNobodyOpen)
            }
            return action(self, open, conversation, argument)
        case .elsewhere: return .line(strings.plainFullScreenOnly)
        }
    }

    /// The messages of the open conversation that wait for the person.
    var waiting: [TempID] { open?.window.waiting ?? [] }

    mutating func showNextUnread() -> PlainOutput {
        model.nextUnread(after: open?.peer).map { show($0) } ?? .line(strings.nothingUnread)
    }

    /// Prints the newest messages once more.
    func sayEnd() -> PlainOutput {
        open.map { PlainOutput(lines: wording.newest(in: $0.window)) } ?? .line(strings.plainNobodyOpen)
    }

    /// Prints once more what was unread when the conversation was opened, and what came since.
    func sayUnread() -> PlainOutput {
        open.map { PlainOutput(lines: wording.unread(in: $0)) } ?? .line(strings.plainNobodyOpen)
    }

    /// `/typing`: on, off, or the other way round.
    mutating func announceTyping(_ argument: String) -> PlainOutput {
        guard let isOn = argument.isEmpty ? !tellsTyping : Language.isOn(argument) else {
            return .line(strings.words(for: .typing).help)
        }
        tellsTyping = isOn
        return .line(strings.typingAnnounced(isOn))
    }

    mutating func goTo(_ name: String) -> PlainOutput {
        guard !name.isEmpty else { return PlainOutput(lines: printList()) }
        // A number is that of the list that was printed: a message that came since has not moved the others.
        if let number = Int(name), listed.indices.contains(number - 1) { return show(listed[number - 1]) }
        switch Destination(name, among: conversations) {
        case .one(let peer): return show(peer)
        case .several(let people): return .line(strings.couldBe(name, people.map(wording.nameWithAddress)))
        case .nobody: return .line(strings.nobodyNamed(name))
        }
    }
}
