import ChatClientCore
import ChatWire

// Steps: who does what.
extension ScriptParser {
    /// Every verb in its form for one person; without the final s it is for several.
    static let verbs = [
        "connects", "disconnects", "emits", "joins", "leaves", "sends", "expects", "opens", "pings", "closes",
        "loses", "goes", "stalls", "comes", "starts", "stops", "restarts", "writes", "reads", "shows",
        "listens", "answers",
    ]
    private static let methods = HTTPMethod.allCases.map(\.rawValue)

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
            action = try call(from: scanner.position, ofNobody: true)
        default:
            guard word.first?.isUppercase == true else { throw unknownStep(word, at: start) }
            subjects = try self.subjects()
            action = try deed()
        }
        try endOfLine()
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
            let name = try name("people")
            guard name.first?.isUppercase == true, !Self.methods.contains(name) else {
                throw scanner.problem("names begin with a capital letter", at: position)
            }
            guard people.insert(name).inserted else {
                throw scanner.problem("\(name) is on already", at: position)
            }
            names.append(name)
            scanner.skipBlanks()
        } while scanner.take(",") || take(word: "and")
        return .people(names, areNew: areNew)
    }

    private mutating func subjects() throws(ScriptProblem) -> [Subject] {
        var subjects: [Subject] = []
        repeat { subjects.append(try subject()) } while takeListSeparator()
        return subjects
    }

    private mutating func takeListSeparator() -> Bool {
        scanner.skipBlanks()
        return scanner.take(",") || take(word: "and")
    }

    private mutating func subject() throws(ScriptProblem) -> Subject {
        let person = try person()
        guard scanner.take("/") else { return Subject(person: person, device: "") }
        let device = scanner.word()
        guard !device.isEmpty else { throw scanner.problem("after / comes the name of a device") }
        return Subject(person: person, device: device)
    }

    /// The name of a person who is in the scenario.
    mutating func person() throws(ScriptProblem) -> String {
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
    private mutating func deed() throws(ScriptProblem) -> Action {
        scanner.skipBlanks()
        let position = scanner.position
        let word = scanner.peekWord()
        if Self.methods.contains(word) { return try call(from: position, ofNobody: false) }
        guard let verb = Self.verbs.first(where: { $0 == word || Self.plural($0) == word }) else {
            let known = Self.verbs + Self.methods
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

    private mutating func deed(_ verb: String, at position: SourcePosition) throws(ScriptProblem) -> Action {
        switch verb {
        case "connects": return .connect(try opening())
        case "disconnects": return .disconnect
        case "emits": return .emit(try emission())
        case "joins": return .join(true, person: try person())
        case "leaves": return .join(false, person: try person())
        case "sends": return try sending()
        case "expects": return .expect(try expectation())
        case "opens": return try opens()
        case "pings": return .ping(try optionalValue())
        case "closes": return .closeRaw(try optionalValue())
        case "loses":
            try keyword("connection")
            return .link(.breaks)
        case "goes":
            try keyword("offline")
            return .link(.goesOffline)
        case "stalls": return .link(.stalls)
        case "comes":
            try keyword("back")
            return .link(.comesBack)
        case "starts":
            try keyword("client")
            return .startClient(isOffline: take(word: "offline"))
        case "stops":
            try keyword("client")
            return .stopClient
        case "restarts":
            try keyword("client")
            return .restartClient
        case "writes": return .write(to: try person(), try expression())
        case "reads": return .read(try person())
        case "shows": return try shows()
        case "listens":
            try keyword("for")
            try keyword("pushes")
            return .listenForPushes
        case "answers":
            try keyword("pushes")
            try keyword("with")
            return .answerPushes(try expression())
        default: throw scanner.problem("there is no step '\(verb)'", at: position)
        }
    }

    private mutating func optionalValue() throws(ScriptProblem) -> Expression? {
        scanner.skipBlanks()
        return isAtValue ? try expression() : nil
    }

    private mutating func opens() throws(ScriptProblem) -> Action {
        guard take(word: "websocket") else { return .open(try person()) }
        scanner.skipBlanks()
        let path = scanner.peek == "/" || scanner.peek == "\"" ? try self.path() : nil
        return .openRaw(path: path, refusal: try takeArrow() ? try status() : nil)
    }

    private mutating func shows() throws(ScriptProblem) -> Action {
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
        let pattern = try pattern()
        return .show(view, pattern, within: take(word: "within") ? try duration() : nil)
    }

    // MARK: Without anybody

    private mutating func check() throws(ScriptProblem) -> Action {
        let value = try expression()
        try keyword("is")
        return .check(value, try pattern())
    }

    private mutating func assignment() throws(ScriptProblem) -> Action {
        let name = try name("let")
        scanner.skipBlanks()
        guard scanner.take("=") else { throw scanner.problem("'=' is missing") }
        return .assign(name, try expression())
    }

    private mutating func pause() throws(ScriptProblem) -> Action {
        let duration = try duration()
        try keyword("because")
        return .wait(duration, reason: try quoted("the reason"))
    }

    // MARK: REST

    private mutating func call(
        from position: SourcePosition, ofNobody: Bool
    ) throws(ScriptProblem) -> Action {
        let word = scanner.word()
        guard let method = HTTPMethod(rawValue: word) else {
            throw scanner.problem(
                "'\(word)' is no method", at: position,
                suggestion: Spelling.nearest(to: word, among: Self.methods, limit: 1).first)
        }
        scanner.skipBlanks()
        var call = RESTCall(method: method, path: try path())
        if ofNobody { call.authorization = .none }
        if scanner.continueLine(), !scanner.looks(at: "->"), isAtValue { call.body = .json(try expression()) }
        while scanner.continueLine() {
            if take(word: "with") {
                try option(of: &call)
            } else if take(word: "without") {
                try keyword("token")
                call.authorization = .none
            } else {
                break
            }
        }
        guard try takeArrow() else { return .call(call) }
        call.status = try status()
        if scanner.continueLine(), !scanner.looks(at: "->") { call.answer = try pattern() }
        return .call(call)
    }

    private mutating func option(of call: inout RESTCall) throws(ScriptProblem) {
        scanner.skipBlanks()
        let position = scanner.position
        switch scanner.word() {
        case "header":
            let name = try expression()
            call.headers.append((name, try expression()))
        case "token": call.authorization = .token(try expression())
        case "text": call.body = .text(try expression())
        case "type": call.contentType = try expression()
        default:
            throw scanner.problem("after with comes header, token, text or type", at: position)
        }
    }

    /// A path, quoted or not; `${…}` in it becomes a value.
    mutating func path() throws(ScriptProblem) -> Expression {
        if scanner.peek == "\"" { return try expression() }
        guard scanner.peek == "/" else { throw scanner.problem("a path is missing; it begins with /") }
        var text = TextParts()
        while let character = scanner.peek, character != " ", character != "\t" {
            if scanner.looks(at: "${") {
                text.append(try embedded())
            } else {
                text.plain.append(character)
                scanner.advance()
            }
        }
        return text.expression
    }

    /// Consumes `->`, also at the beginning of the next line.
    mutating func takeArrow() throws(ScriptProblem) -> Bool {
        guard scanner.continueLine(), scanner.take("->") else { return false }
        scanner.skipBlanks()
        return true
    }

    /// A status: a pattern, or `2xx`.
    mutating func status() throws(ScriptProblem) -> Pattern {
        scanner.skipBlanks()
        if let digit = scanner.peek?.wholeNumberValue, scanner.peek(1) == "x", scanner.peek(2) == "x" {
            scanner.advance(3)
            return .oneOf(
                (0..<100).map { .equal(.literal(.integer(Int64(digit * 100 + $0)))) })
        }
        return try pattern()
    }
}
