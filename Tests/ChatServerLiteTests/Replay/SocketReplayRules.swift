import ChatWire

@testable import ChatServerLite
@testable import ServerTestSupport

/// The intended differences from the recordings. Each rule has a name and a reason, and rewrites what is
/// expected. In the original behaviour there are no rules.
struct SocketReplayRules {
    /// One intended improvement.
    struct Rule: Sendable {
        let name: String
        let reason: String
        let rewrite: @Sendable (SocketScript, [String: Int64]) -> [SocketScript.Step]
    }

    private let rules: [Rule]
    /// The people of the recording by their letters.
    private let people: [String: Int64]
    private var used: Set<String> = []

    init(manner: Manner, people: [String: Int64]) {
        rules = manner == .recorded ? [] : Self.extended
        self.people = people
    }

    /// The rules that have changed nothing, which are out of date.
    var unused: [String] { rules.map(\.name).filter { !used.contains($0) } }

    /// The script as this server should play it.
    mutating func rewrite(_ script: SocketScript) -> SocketScript {
        var script = script
        for rule in rules {
            let before = "\(script.steps)"
            script.steps = rule.rewrite(script, people)
            if "\(script.steps)" != before { used.insert(rule.name) }
        }
        return script
    }

    /// The order matters: first the meaning of payloads, then who hears of what, then the form of answers.
    static let extended = [
        equalSockets, nonsense, idsInTexts, wholeNumbers, restAnnounces, genuineReceipts,
        genuineReadings, presence, typingEnds, secondName, readDetails, results, closeCodes, acceptedWord,
        noJSONP,
    ]
}

// MARK: - Helpers

extension SocketScript {
    /// The steps, with the additional steps that `added` returns after the answer to each action.
    func adding(
        _ added: (_ step: Step, _ answer: [Step]) -> [Step]
    ) -> [Step] {
        var result: [Step] = []
        var index = steps.startIndex
        while index < steps.endIndex {
            let action = steps[index]
            let answer = steps[(index + 1)...].prefix { $0.isArrival }
            result.append(action)
            result += answer
            result += added(action, Array(answer))
            index += 1 + answer.count
        }
        return result
    }

    /// The steps, with each arrival rewritten.
    func mapArrivals(_ transform: (String, RecordedFrame) -> [RecordedFrame]) -> [Step] {
        steps.flatMap { step -> [Step] in
            guard let frame = step.frame, let key = step.key else { return [step] }
            return transform(key, frame).map { .expect(key, .frame($0)) }
        }
    }

    static func expect(_ key: String, _ frame: RecordedFrame) -> Step { .expect(key, .frame(frame)) }
}

extension RecordedFrame {
    static let invalid = event("error", ["message": "Dados inválidos"])

    /// The frame with a member added or replaced.
    func setting(_ key: String, _ value: JSONValue) -> RecordedFrame {
        guard var object = payload.objectValue else { return self }
        object[key] = value
        var frame = self
        frame.payload = .object(object)
        return frame
    }
}
