import ChatClientCore

/// Parses what people do on Socket.IO sessions, and what they expect there.
struct SocketStepParser {
    let scanner: Scanner
    private var values: ValueParser { ValueParser(scanner: scanner) }
    private var patterns: PatternParser { PatternParser(scanner: scanner) }

    func opening() throws(ScriptProblem) -> SocketOpening {
        var opening = SocketOpening()
        if scanner.take(word: "by") { opening.transport = try transport() }
        if scanner.take(word: "without") {
            try scanner.keyword("auth")
            opening.auth = .none
        } else if scanner.take(word: "with") {
            opening.auth = .value(try values.expression())
        }
        guard scanner.takeArrow() else { return opening }
        let position = scanner.position
        switch scanner.word() {
        case "silence": opening.result = .silence
        case "refused": opening.result = .refused(scanner.continueLine() ? try patterns.pattern() : nil)
        default: throw scanner.problem("after -> comes refused or silence", at: position)
        }
        return opening
    }

    private func transport() throws(ScriptProblem) -> SocketOpening.Transport {
        scanner.skipBlanks()
        let position = scanner.position
        switch scanner.word() {
        case "websocket": return .webSocket
        case "polling":
            guard scanner.take(word: "then") else { return .polling }
            try scanner.keyword("websocket")
            return .upgraded
        default:
            throw scanner.problem("after by comes websocket, polling or polling then websocket", at: position)
        }
    }

    func emission() throws(ScriptProblem) -> Emission {
        let event = try eventName()
        var arguments: [Expression] = []
        if scanner.continueLine(), values.isAtValue {
            repeat { arguments.append(try values.expression()) } while takeComma()
        }
        var emission = Emission(event: event, arguments: arguments)
        guard scanner.takeArrow() else { return emission }
        let position = scanner.position
        switch scanner.word() {
        case "ack":
            emission.acknowledgement = .expected(scanner.continueLine() ? try patterns.pattern() : nil)
        case "no":
            try scanner.keyword("ack")
            emission.acknowledgement = .none
        default: throw scanner.problem("after -> comes ack or no ack", at: position)
        }
        return emission
    }

    private func takeComma() -> Bool {
        scanner.skipBlanks()
        return scanner.take(",")
    }

    private func eventName() throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        return scanner.peek == "\"" ? try values.plainText() : try scanner.name("this step")
    }

    func sending(to receiver: String) throws(ScriptProblem) -> Sending {
        var sending = Sending(receiver: receiver, text: try values.expression())
        while true {
            if scanner.take(word: "with") {
                try scanner.keyword("temp_id")
                sending.tempID = try values.expression()
            } else if scanner.take(word: "by") {
                try scanner.keyword("rest")
                sending.isByREST = true
            } else if scanner.take(word: "as") {
                sending.name = try scanner.name("as")
            } else {
                return sending
            }
        }
    }

    // MARK: Expectations

    func expectation() throws(ScriptProblem) -> Expectation {
        scanner.skipBlanks()
        if scanner.take(word: "nothing") { return Expectation(kind: .nothing) }
        if scanner.take(word: "no") {
            let item = try item()
            return Expectation(
                kind: .absence(of: item, before: scanner.take(word: "before") ? try self.item() : nil))
        }
        if scanner.take(word: "exactly") { return Expectation(kind: .exactly(try items())) }
        if scanner.take(word: "in") {
            if scanner.take(word: "order") { return Expectation(kind: .inOrder(try items())) }
            try scanner.keyword("any")
            try scanner.keyword("order")
            return Expectation(kind: .anyOrder(try items()))
        }
        var expectation = Expectation(kind: .inOrder([try item()]))
        if scanner.take(word: "within") { expectation.duration = try scanner.duration() }
        return expectation
    }

    private func item() throws(ScriptProblem) -> Expectation.Item {
        scanner.skipBlanks()
        let position = scanner.position
        var name = try eventName()
        // "expects no pushes" is accepted as well.
        if name == "pushes" { name = Expectation.push }
        let word = scanner.continueLine() ? scanner.peekWord() : "within"
        let hasPattern = scanner.peek != nil && word != "within" && word != "before"
        return Expectation.Item(
            name: name, pattern: hasPattern ? try patterns.pattern() : nil, position: position)
    }

    /// The following lines that begin with `-`.
    private func items() throws(ScriptProblem) -> [Expectation.Item] {
        var items: [Expectation.Item] = []
        while true {
            try scanner.endOfLine()
            let mark = scanner.mark
            scanner.nextFilledLine()
            guard scanner.peek == "-" else {
                scanner.reset(to: mark)
                break
            }
            scanner.advance()
            items.append(try item())
        }
        guard !items.isEmpty else {
            throw scanner.problem("on the lines after it events are missing, each after a '-'")
        }
        return items
    }
}
