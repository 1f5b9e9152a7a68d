import ChatWire

/// The network traffic of one scenario: its end for reports, all of it for a recording.
struct Trace {
    enum Direction: String {
        case out = "→"
        case into = "←"
    }

    private var last: [String] = []
    private static let kept = 12
    private static let lengthMax = 400
    /// The longest entry that a recording keeps, in characters.
    private static let recordedMax = 20_000

    let scenario: String
    let record: (@Sendable (JSONValue) -> Void)?

    init(scenario: String, record: (@Sendable (JSONValue) -> Void)?) {
        self.scenario = scenario
        self.record = record
    }

    mutating func add(
        _ who: String, _ direction: Direction, _ kind: String, _ text: String, _ redactor: Redactor
    ) {
        last.append("\(who) \(direction.rawValue) \(kind) \(text.prefix(4 * Self.lengthMax))")
        if last.count > Self.kept { last.removeFirst() }
        guard let record else { return }
        record([
            "scenario": .string(scenario), "who": .string(who),
            "direction": .string(direction == .out ? "out" : "in"), "kind": .string(kind),
            "text": .string(redactor.redact(String(text.prefix(Self.recordedMax)))),
        ])
    }

    /// The last entries, without secrets and cut to a readable length.
    func lines(_ redactor: Redactor) -> [String] {
        last.map { line in
            let line = redactor.redact(line)
            return line.count <= Self.lengthMax ? line : line.prefix(Self.lengthMax) + "…"
        }
    }
}
