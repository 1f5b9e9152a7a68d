import ChatClientCore

// Steps on sockets.
extension ScriptParser {
    mutating func opening() throws(ScriptProblem) -> SocketOpening {
        var opening = SocketOpening()
        if take(word: "by") { opening.transport = try transport() }
        if take(word: "without") {
            try keyword("auth")
            opening.auth = .none
        } else if take(word: "with") {
            opening.auth = .value(try expression())
        }
        guard try takeArrow() else { return opening }
        let position = scanner.position
        switch scanner.word() {
        case "silence": opening.result = .silence
        case "refused": opening.result = .refused(scanner.continueLine() ? try pattern() : nil)
        default: throw scanner.problem("after -> comes refused or silence", at: position)
        }
        return opening
    }

    private mutating func transport() throws(ScriptProblem) -> SocketOpening.Transport {
        scanner.skipBlanks()
        let position = scanner.position
        switch scanner.word() {
        case "websocket": return .webSocket
        case "polling":
            guard take(word: "then") else { return .polling }
            try keyword("websocket")
            return .upgraded
        default:
            throw scanner.problem("after by comes websocket, polling or polling then websocket", at: position)
        }
    }

    mutating func emission() throws(ScriptProblem) -> Emission {
        let event = try eventName()
        var arguments: [Expression] = []
        if scanner.continueLine(), isAtValue {
            repeat { arguments.append(try expression()) } while takeComma()
        }
        var emission = Emission(event: event, arguments: arguments)
        guard try takeArrow() else { return emission }
        let position = scanner.position
        switch scanner.word() {
        case "ack": emission.acknowledgement = .expected(scanner.continueLine() ? try pattern() : nil)
        case "no":
            try keyword("ack")
            emission.acknowledgement = .none
        default: throw scanner.problem("after -> comes ack or no ack", at: position)
        }
        return emission
    }

    private mutating func takeComma() -> Bool {
        scanner.skipBlanks()
        return scanner.take(",")
    }

    private mutating func eventName() throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        return scanner.peek == "\"" ? try plainText() : try name("this step")
    }

    mutating func sending() throws(ScriptProblem) -> Action {
        if take(word: "frame") { return .sendFrame(try expression()) }
        if take(word: "binary") { return .sendBinary(try expression()) }
        let receiver = try person()
        var sending = Sending(receiver: receiver, text: try expression())
        while true {
            if take(word: "with") {
                try keyword("temp_id")
                sending.tempID = try expression()
            } else if take(word: "by") {
                try keyword("rest")
                sending.isByREST = true
            } else if take(word: "as") {
                sending.name = try name("as")
            } else {
                return .send(sending)
            }
        }
    }

    // MARK: Expectations

    mutating func expectation() throws(ScriptProblem) -> Expectation {
        scanner.skipBlanks()
        if take(word: "nothing") { return Expectation(kind: .nothing) }
        if take(word: "no") {
            let item = try item()
            return Expectation(kind: .absence(of: item, before: take(word: "before") ? try self.item() : nil))
        }
        if take(word: "exactly") { return Expectation(kind: .exactly(try items())) }
        if take(word: "in") {
            if take(word: "order") { return Expectation(kind: .inOrder(try items())) }
            try keyword("any")
            try keyword("order")
            return Expectation(kind: .anyOrder(try items()))
        }
        var expectation = Expectation(kind: .inOrder([try item()]))
        if take(word: "within") { expectation.duration = try duration() }
        return expectation
    }

    private mutating func item() throws(ScriptProblem) -> Expectation.Item {
        scanner.skipBlanks()
        let position = scanner.position
        var name = try eventName()
        // "expects no pushes" is accepted as well.
        if name == "pushes" { name = Expectation.push }
        let word = scanner.continueLine() ? scanner.peekWord() : "within"
        let hasPattern = scanner.peek != nil && word != "within" && word != "before"
        return Expectation.Item(name: name, pattern: hasPattern ? try pattern() : nil, position: position)
    }

    /// The following lines that begin with `-`.
    private mutating func items() throws(ScriptProblem) -> [Expectation.Item] {
        var items: [Expectation.Item] = []
        while true {
            try endOfLine()
            var ahead = scanner
            repeat {
                ahead.nextLine()
                ahead.skipBlanks()
            } while !ahead.isAtEnd && ahead.peek == nil
            guard ahead.peek == "-" else { break }
            scanner = ahead
            scanner.advance()
            items.append(try item())
        }
        guard !items.isEmpty else {
            throw scanner.problem("on the lines after it events are missing, each after a '-'")
        }
        return items
    }
}
