import Foundation
import Glibc
import Testing

@testable import ChatCommand

/// Questions on a real terminal, whose other end the test has.
@Suite("Asking on the terminal", .serialized)
struct PasswordPromptTests {
    /// A terminal that is nobody's controlling terminal.
    private final class Line: Sendable {
        let main: Int32
        let terminal: Int32
        // Linux's values of TIOCSPTLCK and TIOCGPTN, macros that Swift does not import.
        private static let setLock: UInt = 0x4004_5431
        private static let getNumber: UInt = 0x8004_5430

        init() throws {
            main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            var (isLocked, number): (Int32, UInt32) = (0, 0)
            guard main >= 0, ioctl(main, Self.setLock, &isLocked) == 0,
                ioctl(main, Self.getNumber, &number) == 0
            else { throw SystemError(code: errno, operation: "ptmx") }
            terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            guard terminal >= 0 else { throw SystemError(code: errno, operation: "open") }
        }

        deinit {
            close(terminal)
            close(main)
        }

        func type(_ bytes: [UInt8]) { _ = write(main, bytes, bytes.count) }

        var echoes: Bool {
            var settings = termios()
            return tcgetattr(terminal, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
        }

        /// Reads what is shown up to the end of `text`.
        func shows(_ text: String) -> String {
            var shown = ""
            while !shown.utf8.reversed().starts(with: text.utf8.reversed()) {
                var byte: UInt8 = 0
                guard read(main, &byte, 1) == 1 else { break }
                shown += String(decoding: [byte], as: UTF8.self)
            }
            return shown
        }
    }

    private enum Outcome: Equatable, Sendable {
        case answer(String)
        case failure(PasswordPrompt.Failure)
    }

    /// Asks, and types these bytes once the question is there.
    private func ask(
        _ question: String, isSecret: Bool, typing bytes: [UInt8], on line: Line
    ) async throws -> (outcome: Outcome, echoed: Bool) {
        async let asked = BlockingThread.run { () -> Outcome in
            guard let relay = try? SignalRelay(signals: []) else { return .failure(.noTerminal) }
            do throws(PasswordPrompt.Failure) {
                return .answer(
                    try PasswordPrompt.ask(question, isSecret: isSecret, on: line.terminal, relay))
            } catch {
                return .failure(error)
            }
        }
        let echoed = await BlockingThread.run { () -> Bool in
            _ = line.shows(question)
            defer { line.type(bytes) }
            return line.echoes
        }
        return (await asked, echoed)
    }

    @Test(
        "An answer is a line without its end",
        arguments: [("ana@exemplo.com\n", "ana@exemplo.com"), ("\n", "")])
    func answers(typed: String, expected: String) async throws {
        let line = try Line()
        let result = try await ask("Email: ", isSecret: false, typing: Array(typed.utf8), on: line)
        #expect(result.outcome == .answer(expected))
        #expect(result.echoed, "what is no secret is seen")
    }

    @Test("A secret is not shown, and the terminal is as it was")
    func secrets() async throws {
        let line = try Line()
        #expect(line.echoes)
        let result = try await ask("Password: ", isSecret: true, typing: Array("segredo\n".utf8), on: line)
        #expect(result.outcome == .answer("segredo"))
        #expect(!result.echoed)
        #expect(line.echoes, "the settings come back")
        #expect(line.shows("\n") == "\r\n", "only the line's end is shown")
    }

    @Test("Keys of the terminal correct the line")
    func corrections() async throws {
        let line = try Line()
        let typed = Array("segx".utf8) + [0x7F] + Array("redo\n".utf8)
        #expect(try await ask("? ", isSecret: true, typing: typed, on: line).outcome == .answer("segredo"))
    }

    @Test("Bytes that are no text do not end the question")
    func noText() async throws {
        let line = try Line()
        let result = try await ask("? ", isSecret: true, typing: [0x61, 0xFF, 0x0A], on: line)
        #expect(result.outcome == .answer("a\u{FFFD}"))
    }

    @Test("The end of the input is no answer")
    func ended() async throws {
        let line = try Line()
        let result = try await ask("? ", isSecret: true, typing: [0x04], on: line)
        #expect(result.outcome == .failure(.noAnswer))
        #expect(line.echoes)
    }

    @Test("A line that is too long is no answer")
    func tooLong() async throws {
        let line = try Line()
        let typed = [UInt8](repeating: 0x61, count: PasswordPrompt.lengthMax + 1) + [0x0A]
        #expect(try await ask("? ", isSecret: true, typing: typed, on: line).outcome == .failure(.noAnswer))
        let other = try Line()
        let longest = [UInt8](repeating: 0x61, count: PasswordPrompt.lengthMax)
        #expect(
            try await ask("? ", isSecret: true, typing: longest + [0x0A], on: other).outcome
                == .answer(String(decoding: longest, as: UTF8.self)))
    }

    @Test("What is no terminal is not asked")
    func noTerminal() async throws {
        let relay = try SignalRelay(signals: [])
        let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(throws: PasswordPrompt.Failure.noTerminal) {
            _ = try PasswordPrompt.ask("? ", isSecret: false, on: descriptor, relay)
        }
    }
}
