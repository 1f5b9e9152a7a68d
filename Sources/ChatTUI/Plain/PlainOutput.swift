import ChatClientCore
import ChatWire

/// What a line or an event leads to in plain mode: lines to append, and effects.
struct PlainOutput: Hashable, Sendable {
    var lines: [String] = []
    var effects: [Effect] = []
    /// What the next line answers.
    var question: PlainQuestion?

    init(lines: [String] = [], effects: [Effect] = []) {
        self.lines = lines
        self.effects = effects
    }

    /// One line that changes nothing.
    static func line(_ text: String) -> PlainOutput { PlainOutput(lines: [text]) }

    /// A question whose answer decides about an effect.
    static func ask(_ words: String, then effect: Effect, done: String) -> PlainOutput {
        var output = PlainOutput.line(words)
        output.question = .confirm(effect, done: done)
        return output
    }

    init(_ reply: CommandReply) {
        self.init(lines: [reply.text].compactMap(\.self), effects: reply.effects)
    }

    static func + (one: PlainOutput, other: PlainOutput) -> PlainOutput {
        var sum = PlainOutput(lines: one.lines + other.lines, effects: one.effects + other.effects)
        sum.question = other.question ?? one.question
        return sum
    }
}

/// What the next line answers.
enum PlainQuestion: Hashable, Sendable {
    case person([Person])
    /// Whether to do something that cannot be undone, and what to say once it is done.
    case confirm(Effect, done: String)
}

/// What must arrive before the next line means anything.
enum PlainAwaited: Hashable, Sendable {
    /// The answer to a search, or to a change of contacts.
    case answer
    /// Older messages.
    case older
    /// The first message of a day, and then the messages from there on.
    case place
    case day(RowID)
    case gap
}
