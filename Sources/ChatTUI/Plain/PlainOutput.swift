/// What a line or an event leads to in plain mode: lines to append, and effects.
struct PlainOutput: Hashable, Sendable {
    var lines: [String] = []
    var effects: [Effect] = []

    init(lines: [String] = [], effects: [Effect] = []) {
        self.lines = lines
        self.effects = effects
    }

    /// One line that changes nothing.
    static func line(_ text: String) -> PlainOutput { PlainOutput(lines: [text]) }

    init(_ reply: CommandReply) {
        self.init(lines: [reply.text].compactMap(\.self), effects: reply.effects)
    }

    static func + (one: PlainOutput, other: PlainOutput) -> PlainOutput {
        PlainOutput(lines: one.lines + other.lines, effects: one.effects + other.effects)
    }
}
