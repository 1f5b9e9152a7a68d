import ChatClientCore
import ChatWire

/// Parses REST calls: the method, the path, the body and the expected response.
struct CallParser {
    static let methods = HTTPMethod.allCases.map(\.rawValue)

    let scanner: Scanner
    private var values: ValueParser { ValueParser(scanner: scanner) }
    private var patterns: PatternParser { PatternParser(scanner: scanner) }

    /// - Parameter position: the position of the method.
    func call(from position: SourcePosition, ofNobody: Bool) throws(ScriptProblem) -> Action {
        let word = scanner.word()
        guard let method = HTTPMethod(rawValue: word) else {
            throw scanner.problem(
                "'\(word)' is no method", at: position,
                suggestion: Spelling.nearest(to: word, among: Self.methods, limit: 1).first)
        }
        scanner.skipBlanks()
        var call = RESTCall(method: method, path: try values.path())
        if ofNobody { call.authorization = .none }
        if scanner.continueLine(), !scanner.looks(at: "->"), values.isAtValue {
            call.body = .json(try values.expression())
        }
        while scanner.continueLine() {
            if scanner.take(word: "with") {
                try option(of: &call)
            } else if scanner.take(word: "without") {
                try scanner.keyword("token")
                call.authorization = .none
            } else {
                break
            }
        }
        guard scanner.takeArrow() else { return .call(call) }
        call.status = try patterns.status()
        if scanner.continueLine(), !scanner.looks(at: "->") { call.answer = try patterns.pattern() }
        return .call(call)
    }

    private func option(of call: inout RESTCall) throws(ScriptProblem) {
        scanner.skipBlanks()
        let position = scanner.position
        switch scanner.word() {
        case "header":
            let name = try values.expression()
            call.headers.append((name, try values.expression()))
        case "token": call.authorization = .token(try values.expression())
        case "text": call.body = .text(try values.expression())
        case "type": call.contentType = try values.expression()
        default:
            throw scanner.problem("after with comes header, token, text or type", at: position)
        }
    }
}
