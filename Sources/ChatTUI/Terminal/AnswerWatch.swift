/// Knows whether the terminal still owes answers. A question that some terminals leave unanswered is followed by one
/// that all of them answer, in order: what they are (primary device attributes, `ESC [ ? … c`).
struct AnswerWatch: Sendable {
    private enum State {
        case text
        case escape
        case sequence
        case attributes
    }

    private var state = State.text
    private var awaited = 0

    /// True while an answer is to come.
    var isAwaited: Bool { awaited > 0 }

    /// A question was asked.
    mutating func ask() { awaited += 1 }

    /// Nothing is awaited any more.
    mutating func giveUp() { self = AnswerWatch() }

    /// Looks for answers in what came, cut anywhere.
    mutating func receive(_ bytes: some Sequence<UInt8>) {
        guard isAwaited else { return }
        for byte in bytes { receive(byte) }
    }

    private mutating func receive(_ byte: UInt8) {
        switch (state, byte) {
        case (_, 0x1B): state = .escape
        case (.escape, UInt8(ascii: "[")): state = .sequence
        case (.sequence, UInt8(ascii: "?")): state = .attributes
        case (.attributes, 0x30...0x3B): break
        case (.attributes, UInt8(ascii: "c")):
            awaited = max(0, awaited - 1)
            state = .text
        default: state = .text
        }
    }
}
