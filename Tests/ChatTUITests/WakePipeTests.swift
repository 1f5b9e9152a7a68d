import ChatClientCore
import Glibc
import Testing

@testable import ChatTUI

struct WakePipeTests {
    private func isReadable(_ descriptor: Int32, within milliseconds: Int32 = 0) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) == 1
    }

    @Test func wakingNeverBlocks() throws {
        let pipe = try WakePipe()
        #expect(!isReadable(pipe.reading))
        #expect(pipe.take().isEmpty)
        for _ in 0..<100_000 { pipe.wake(7) }
        #expect(isReadable(pipe.reading))
        #expect(pipe.take().allSatisfy { $0 == 7 })
        #expect(!isReadable(pipe.reading))
    }

    @Test func eventsComeInOrderFromAnyThread() async throws {
        let mailbox = try EventMailbox()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { mailbox.post(.tick) } }
            }
        }
        #expect(isReadable(mailbox.descriptor))
        #expect(mailbox.take().count == 4000)
        #expect(!isReadable(mailbox.descriptor))
        for number in 0..<50 { mailbox.post(.signal(Int32(number))) }
        let numbers = mailbox.take().compactMap { event -> Int32? in
            guard case .signal(let number) = event else { return nil }
            return number
        }
        #expect(numbers == Array(0..<50))
        #expect(mailbox.take().isEmpty)
    }

    @Test func signalsBecomeReadableAndTheOldHandlersComeBack() throws {
        var before = sigaction()
        sigaction(SIGUSR2, nil, &before)
        do {
            let signals = try SignalPipe(signals: [SIGUSR2])
            #expect(signals.take().isEmpty)
            // To the process: the threads that tests run on block signals.
            kill(getpid(), SIGUSR2)
            #expect(isReadable(signals.descriptor, within: 10_000))
            #expect(signals.take() == [SIGUSR2])
        }
        var after = sigaction()
        sigaction(SIGUSR2, nil, &after)
        let restored = after.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) }
        let original = before.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) }
        #expect(restored == original)
    }

    @Test func aPipeIsNoTerminal() throws {
        // The tests may themselves run in a terminal; a pipe in its place is none.
        let pipe = try WakePipe()
        let saved = dup(STDIN_FILENO)
        dup2(pipe.reading, STDIN_FILENO)
        defer {
            dup2(saved, STDIN_FILENO)
            close(saved)
        }
        #expect(throws: TerminalError.notATerminal) {
            _ = try CursesTerminal(environment: ["TERM": "xterm"], usesColour: nil)
        }
    }

    @Test func everyErrorHasASentenceInEveryLanguage() {
        let errors: [TerminalError] = [
            .notATerminal, .noTerminalType, .unknownTerminalType("x\u{1B}[2J"), .incapableTerminal("dumb"),
            .system(call: "read", code: 5),
        ]
        for error in errors {
            let sentences = Language.allCases.map { error.message(in: $0) }
            #expect(Set(sentences).count == Language.allCases.count)
            #expect(sentences.allSatisfy { !$0.contains("\u{1B}") && !$0.isEmpty })
        }
    }
}
