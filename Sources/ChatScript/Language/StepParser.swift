import ChatClientCore
import ChatWire

/// Parses steps: who does what.
struct StepParser {
    let scanner: Scanner
    /// The people in the current scenario.
    private var people: Set<String> = []
    private var values: ValueParser { ValueParser(scanner: scanner) }
    private var patterns: PatternParser { PatternParser(scanner: scanner) }
    private var calls: CallParser { CallParser(scanner: scanner) }
    private var sockets: SocketStepParser { SocketStepParser(scanner: scanner) }

    init(scanner: Scanner) { self.scanner = scanner }

    /// Every verb in its form for one person; without the final s it is for several.
    static let verbs = [
        "connects", "disconnects", "emits", "joins", "leaves", "sends", "expects", "opens", "pings", "closes",
        "loses", "goes", "stalls", "comes", "starts", "stops", "restarts", "writes", "reads", "shows",
        "listens", "answers",
    ]

    mutating func step() throws(ScriptProblem) -> Step {
        let start = scanner.position
        let word = scanner.peekWord()
        var subjects: [Subject] = []
        let action: Action
        switch word {
        case "people": action = try people(areNew: false)
        case "new":
            _ = scanner.word()
            scanner.skipBlanks()
            guard scanner.peekWord() == "people" else { throw scanner.problem("after new comes people") }
            action = try people(areNew: true)
        case "check", "let", "wait":
            _ = scanner.word()
            action = try (word == "check" ? check() : word == "let" ? assignment() : pause())
        case "nobody":
            _ = scanner.word()
            scanner.skipBlanks()
            action = try calls.call(from: scanner.position, ofNobody: true)
        default:
            guard word.first?.isUppercase == true else { throw unknownStep(word, at: start) }
            subjects = try self.subjects()
            action = try deed()
        }
        try scanner.endOfLine()
        return Step(position: start, text: scanner.text(from: start), subjects: subjects, action: action)
    }

    private func unknownStep(_ word: String, at position: SourcePosition) -> ScriptProblem {
        let known = [
            "people", "new people", "nobody", "check", "let", "wait", "finally", "scenario", "feature",
        ]
        return scanner.problem(
            "'\(word.isEmpty ? String(scanner.peek ?? " ") : word)' begins no step", at: position,
            suggestion: Spelling.nearest(to: word, among: known, limit: 1).first)
    }

    // MARK: Who

    private mutating func people(areNew: Bool) throws(ScriptProblem) -> Action {
        _ = scanner.word()
        var names: [String] = []
        repeat {
            scanner.skipBlanks()
            let position = scanner.position
            let name = try scanner.name("people")
            guard name.first?.isUppercase == true, !CallParser.methods.contains(name) else {
                throw scanner.problem("names begin with a capital letter", at: position)
            }
            guard people.insert(name).inserted else {
                throw scanner.problem("\(name) is on already", at: position)
            }
            names.append(name)
            scanner.skipBlanks()
        } while scanner.take(",") || scanner.take(word: "and")
        return .people(names, areNew: areNew)
    }

    private func subjects() throws(ScriptProblem) -> [Subject] {
        var subjects: [Subject] = []
        repeat { subjects.append(try subject()) } while takeListSeparator()
        return subjects
    }

    private func takeListSeparator() -> Bool {
        scanner.skipBlanks()
        return scanner.take(",") || scanner.take(word: "and")
    }

    private func subject() throws(ScriptProblem) -> Subject {
        let person = try person()
        guard scanner.take("/") else { return Subject(person: person, device: "") }
        let device = scanner.word()
        guard !device.isEmpty else { throw scanner.problem("after / comes the name of a device") }
        return Subject(person: person, device: device)
    }

    /// The name of a person who is in the scenario.
    func person() throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        let position = scanner.position
        let name = scanner.word()
        guard people.contains(name) else {
            throw scanner.problem(
                name.isEmpty
                    ? "somebody's name is missing" : "'\(name)' has not been brought on: people \(name)",
                at: position,
                suggestion: Spelling.nearest(to: name, among: people.sorted(), limit: 1).first)
        }
        return name
    }

    // MARK: What

    /// The action of a person.
    private func deed() throws(ScriptProblem) -> Action {
        scanner.skipBlanks()
        let position = scanner.position
        let word = scanner.peekWord()
        if CallParser.methods.contains(word) { return try calls.call(from: position, ofNobody: false) }
        guard let verb = Self.verbs.first(where: { $0 == word || Self.plural($0) == word }) else {
            let known = Self.verbs + CallParser.methods
            throw scanner.problem(
                word.isEmpty ? "what is done is missing" : "there is no step '\(word)'", at: position,
                suggestion: Spelling.nearest(to: word, among: known, limit: 1).first)
        }
        _ = scanner.word()
        return try deed(verb, at: position)
    }

    private static func plural(_ verb: String) -> String {
        verb == "goes" ? "go" : String(verb.dropLast())
    }

    private func deed(_ verb: String, at position: SourcePosition) throws(ScriptProblem) -> Action {
        switch verb {
        case "connects": return .connect(try sockets.opening())
        case "disconnects": return .disconnect
        case "emits": return .emit(try sockets.emission())
        case "joins": return .join(true, person: try person())
        case "leaves": return .join(false, person: try person())
        case "sends": return try sends()
        case "expects": return .expect(try sockets.expectation())
        case "opens": return try opens()
        case "pings": return .ping(try values.optionalExpression())
        case "closes": return .closeRaw(try values.optionalExpression())
        case "loses":
            try scanner.keyword("connection")
            return .link(.breaks)
        case "goes":
            try scanner.keyword("offline")
            return .link(.goesOffline)
        case "stalls": return .link(.stalls)
        case "comes":
            try scanner.keyword("back")
            return .link(.comesBack)
        case "starts":
            try scanner.keyword("client")
            return .startClient(isOffline: scanner.take(word: "offline"))
        case "stops":
            try scanner.keyword("client")
            return .stopClient
        case "restarts":
            try scanner.keyword("client")
            return .restartClient
        case "writes": return .write(to: try person(), try values.expression())
        case "reads": return .read(try person())
        case "shows": return try shows()
        case "listens":
            try scanner.keyword("for")
            try scanner.keyword("pushes")
            return .listenForPushes
        case "answers":
            try scanner.keyword("pushes")
            try scanner.keyword("with")
            return .answerPushes(try values.expression())
        default: throw scanner.problem("there is no step '\(verb)'", at: position)
        }
    }

    private func sends() throws(ScriptProblem) -> Action {
        if scanner.take(word: "frame") { return .sendFrame(try values.expression()) }
        if scanner.take(word: "binary") { return .sendBinary(try values.expression()) }
        return .send(try sockets.sending(to: try person()))
    }

    private func opens() throws(ScriptProblem) -> Action {
        guard scanner.take(word: "websocket") else { return .open(try person()) }
        scanner.skipBlanks()
        let path = scanner.peek == "/" || scanner.peek == "\"" ? try values.path() : nil
        return .openRaw(path: path, refusal: scanner.takeArrow() ? try patterns.status() : nil)
    }

    private func shows() throws(ScriptProblem) -> Action {
        scanner.skipBlanks()
        let position = scanner.position
        let word = scanner.word()
        let view: Action.View
        switch word {
        case "link": view = .link
        case "list": view = .list
        case "outbox": view = .outbox
        case "chat": view = .chat(with: try person())
        default:
            throw scanner.problem(
                "a client shows link, chat, list or outbox", at: position,
                suggestion: Spelling.nearest(to: word, among: ["link", "chat", "list", "outbox"], limit: 1)
                    .first)
        }
        _ = scanner.continueLine()
        let pattern = try patterns.pattern()
        return .show(view, pattern, within: scanner.take(word: "within") ? try scanner.duration() : nil)
    }

    // MARK: Without anybody

    private func check() throws(ScriptProblem) -> Action {
        let value = try values.expression()
        try scanner.keyword("is")
        return .check(value, try patterns.pattern())
    }

    private func assignment() throws(ScriptProblem) -> Action {
        let name = try scanner.name("let")
        scanner.skipBlanks()
        guard scanner.take("=") else { throw scanner.problem("'=' is missing") }
        return .assign(name, try values.expression())
    }

    private func pause() throws(ScriptProblem) -> Action {
        let duration = try scanner.duration()
        try scanner.keyword("because")
        return .wait(duration, reason: try values.quoted("the reason"))
    }
}
