import ChatClientCore
import ChatWire
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChatTUI

/// The loop of plain mode with a real client, between two pipes.
@Suite(.serialized) struct PlainProgramTests {
    private final class Run: Sendable {
        let input = FilePipe()
        let output = FilePipe()
        let signals = ScriptedTerminal()
        private let exit: AsyncStream<TerminalExit>
        private let written = Mutex("")

        init(_ client: ChatClient, ascii: Bool = false) throws {
            let (stream, continuation) = AsyncStream<TerminalExit>.makeStream()
            exit = stream
            let (input, output, signals) = (input, output, signals)
            Thread.detachNewThread {
                let state = PlainState(
                    language: .english, ascii: ascii, now: SystemClock.now, instant: SystemClock.instant)
                guard
                    let program = try? PlainProgram(
                        client: client, signals: signals, state: state, input: input.reading,
                        output: output.writing)
                else { return continuation.finish() }
                continuation.yield(program.run())
                continuation.finish()
            }
        }

        func enter(_ lines: String...) {
            for line in lines { input.write(Array((line + "\n").utf8)) }
        }

        /// Returns the whole output once it contains this.
        @discardableResult
        func prints(_ text: String) async -> String {
            while true {
                if let all = written.withLock({ $0.contains(text) ? $0 : nil }) { return all }
                await readable(output.reading)
                let bytes = output.read()
                written.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            }
        }

        var ended: TerminalExit? {
            get async {
                for await exit in exit { return exit }
                return nil
            }
        }
    }

    @Test func linesAreSentAndAnswered() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        let welcome = await run.prints("1. Bia Souza")
        #expect(welcome.hasPrefix("MyChat, line by line. You are ana@exemplo.com."))
        run.enter("/goto bia")
        await run.prints("Bia Souza")
        run.enter("Olá em linhas")
        let client = desk.client
        while try await client.timeline(with: bia, limit: 5).rows.map(\.state) != [.sent] {
            await Task.yield()
        }
        run.enter("/quit")
        #expect(await run.ended == TerminalExit(reason: .quit))
        #expect(try await client.timeline(with: bia, limit: 5).rows.map(\.content) == ["Olá em linhas"])
        await desk.stop()
    }

    @Test func theEndOfTheInputWaitsForWhatWasEntered() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        // The last line has no end.
        run.input.write(Array("/goto 1\num\ndois".utf8))
        run.input.closeWriting()
        #expect(await run.ended == TerminalExit(reason: .quit))
        let rows = try await desk.client.timeline(with: bia, limit: 5).rows
        #expect(rows.map(\.content) == ["um", "dois"])
        #expect(rows.allSatisfy { !$0.state.isUnsent })
        await desk.stop()
    }

    @Test func withoutAnAccountItEndsAtOnce() async throws {
        let desk = try Desk.alone()
        let run = try Run(desk.client)
        #expect(await run.ended == TerminalExit(reason: .quit))
    }

    @Test func aSignalEndsItAndTellsWhatIsLeft() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.prints("1. Bia Souza")
        run.signals.signal(SIGTERM)
        #expect(await run.ended == TerminalExit(reason: .signal(SIGTERM)))
        await desk.stop()
    }

    @Test func aReaderThatIsGoneEndsIt() async throws {
        signal(SIGPIPE, SIG_IGN)
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.prints("1. Bia Souza")
        run.output.closeReading()
        run.enter("/help")
        #expect(await run.ended?.reason == .terminalLost)
        await desk.stop()
    }

    @Test func textsOfOthersAreOneCleanLine() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let me = try #require(await desk.client.account?.user.id)
        let caio = try await desk.another(named: "Caio", "caio@exemplo.com")
        let run = try Run(desk.client, ascii: true)
        await run.prints("1. Bia Souza")
        // What came before the screen has caught up is only counted.
        while await !desk.client.freshness.isCaughtUp { await Task.yield() }
        await caio.connect()
        try await caio.send("é isto\u{1B}[31m aqui", to: me)
        let all = await run.prints("aqui")
        #expect(!all.contains("\u{1B}"))
        #expect(all.contains("e isto"))
        #expect(all.utf8.allSatisfy { $0 < 128 })
        run.enter("/quit")
        _ = await run.ended
        await caio.disconnect()
        await desk.stop()
    }

    @Test func whatIsNoTextIsNotSent() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.prints("1. Bia Souza")
        run.enter("/goto 1")
        run.input.write([0xFF, 0xFE, 0x0A])
        await run.prints("Not sent: no UTF-8.")
        #expect(try await desk.client.timeline(with: bia, limit: 5).rows.isEmpty)
        run.enter("/quit")
        _ = await run.ended
        await desk.stop()
    }
}
