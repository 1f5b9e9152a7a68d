import Testing

@testable import ChatTUI

/// Whether the terminal still owes an answer.
struct AnswerWatchTests {
    private static let answer = "\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}\u{1B}[?62;4;22c"

    @Test func theSecondAnswerSettlesBoth() {
        var watch = AnswerWatch()
        #expect(!watch.isAwaited)
        watch.ask()
        watch.receive("olá\u{1B}[A\u{1B}[?1;2\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}".utf8)
        #expect(watch.isAwaited)
        watch.receive(Self.answer.utf8)
        #expect(!watch.isAwaited)
    }

    @Test func anAnswerMayBeCutAnywhere() {
        var watch = AnswerWatch()
        watch.ask()
        watch.ask()
        for byte in Self.answer.utf8 { watch.receive([byte]) }
        #expect(watch.isAwaited)
        for byte in Self.answer.utf8 { watch.receive([byte]) }
        #expect(!watch.isAwaited)
    }

    @Test func whatWasGivenUpIsNotAwaited() {
        var watch = AnswerWatch()
        watch.ask()
        watch.giveUp()
        #expect(!watch.isAwaited)
        watch.receive(Self.answer.utf8)
        watch.ask()
        #expect(watch.isAwaited)
    }
}
