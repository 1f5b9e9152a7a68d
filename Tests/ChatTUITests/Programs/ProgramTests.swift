import ChatClientCore
import ChatWire
import Foundation
import Glibc
import Testing

@testable import ChatTUI

/// The main loop with a real client, on a terminal that the test types on.
@Suite(.serialized) struct ProgramTests {
    /// A program that runs on a thread of its own.
    private final class Run: Sendable {
        let terminal = ScriptedTerminal()
        private let exit: AsyncStream<TerminalExit>

        init(
            _ client: ChatClient, services: TerminalServices = TerminalServices(),
            environment: [String: String] = [:], signIn: SignInDraft = SignInDraft(),
            prepare: @Sendable (inout AppState) -> Void = { _ in }
        ) throws {
            var state = AppState(
                size: terminal.size, language: .english, colours: terminal.colours, ascii: false,
                server: client.configuration.server.description, now: SystemClock.now,
                instant: SystemClock.instant)
            state.signInDraft = signIn
            prepare(&state)
            let (stream, continuation) = AsyncStream<TerminalExit>.makeStream()
            exit = stream
            let ready = state
            let terminal = terminal
            Thread.detachNewThread {
                guard
                    let program = try? Program(
                        client: client, terminal: terminal, signals: terminal, environment: environment,
                        state: ready, services: services)
                else { return continuation.finish() }
                continuation.yield(program.run())
                continuation.finish()
            }
        }

        /// How it ended; nil when it could not begin.
        var ended: TerminalExit? {
            get async {
                for await exit in exit { return exit }
                return nil
            }
        }
    }

    private static let quit = "\u{11}"

    @Test func aPersonSignsInWritesAndLeaves() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        // Keys that come together with a line's end are a paste.
        run.terminal.type("\r")
        await run.terminal.until { $0.messages.contains(.title("Bia Souza - MyChat")) }
        run.terminal.type("Olá, Bia!")
        await run.terminal.shows("Olá, Bia!")
        run.terminal.type("\r")
        let client = desk.client
        while try await client.timeline(with: bia, limit: 5).rows.isEmpty { await Task.yield() }
        // The client connects by itself, so the message is sent.
        while await client.outboxSummary().unsent > 0 { await Task.yield() }
        run.terminal.type(Self.quit)
        #expect(await run.ended == TerminalExit(reason: .quit))
        #expect(try await client.timeline(with: bia, limit: 5).rows.map(\.content) == ["Olá, Bia!"])
        await desk.stop()
    }

    @Test func nobodySignedInMeansTheFirstScreen() async throws {
        let desk = try await Desk.withServer()
        let run = try Run(desk.client)
        await run.terminal.shows("Sign in")
        run.terminal.signal(SIGTERM)
        #expect(await run.ended == TerminalExit(reason: .signal(SIGTERM)))
        await desk.stop()
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGUSR1])
    func aSignalEndsTheProgram(number: Int32) async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        run.terminal.signal(number)
        #expect(await run.ended?.reason == .signal(number))
        await desk.stop()
    }

    @Test(
        "A terminal that is gone ends the program, however it goes",
        arguments: ["hang-up", "signal", "write"])
    func terminalLost(way: String) async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        switch way {
        case "hang-up": run.terminal.hangUp()
        case "signal": run.terminal.signal(SIGHUP)
        default:
            run.terminal.fail()
            run.terminal.type("x")
        }
        #expect(await run.ended?.reason == .terminalLost)
        await desk.stop()
    }

    @Test func theScreenFollowsTheSizeOfTheTerminal() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        #expect(run.terminal.lines.count == 24)
        run.terminal.resize(to: Size(columns: 100, rows: 30))
        await run.terminal.until { $0.lines.count == 30 }
        run.terminal.type(Self.quit)
        #expect(await run.ended?.reason == .quit)
        await desk.stop()
    }

    @Test func comingBackSetsTheModesAndDrawsAnew() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        run.terminal.signal(SIGCONT)
        await run.terminal.until { $0.calls.suffix(2) == ["resume", "invalidate"] }
        run.terminal.type(Self.quit)
        #expect(await run.ended?.reason == .quit)
        await desk.stop()
    }

    @Test func inTheBackgroundNothingIsDrawnUntilItIsResumed() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        run.terminal.moveToBackground()
        run.terminal.signal(SIGCONT)
        await run.terminal.until { $0.calls.contains("resume") }
        run.terminal.type("\r")
        run.terminal.type("de volta")
        await run.terminal.shows("de volta")
        run.terminal.type(Self.quit)
        #expect(await run.ended?.reason == .quit)
        await desk.stop()
    }

    @Test func theTitleNamesWhoIsOpenAndIsToldOnce() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        run.terminal.type("\r")
        await run.terminal.until { $0.messages.contains(.title("Bia Souza - MyChat")) }
        run.terminal.type("abc")
        await run.terminal.shows("abc")
        #expect(run.terminal.messages.count { $0 == .title("Bia Souza - MyChat") } == 1)
        run.terminal.type(Self.quit)
        _ = await run.ended
        await desk.stop()
    }

    @Test func withoutATitleTheTerminalIsToldNone() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client) { $0.context.attention.alerts.setsTitle = false }
        await run.terminal.shows("Bia Souza")
        run.terminal.type("\rabc")
        await run.terminal.shows("abc")
        #expect(run.terminal.messages == [])
        run.terminal.type(Self.quit)
        _ = await run.ended
        await desk.stop()
    }

    @Test(arguments: [true, false]) func theBackgroundIsAskedForWhereItMatters(follows: Bool) async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client) { $0.context.followsBackground = follows }
        await run.terminal.shows("Bia Souza")
        #expect(run.terminal.calls.contains("askBackground") == follows)
        run.terminal.type(Self.quit)
        _ = await run.ended
        await desk.stop()
    }

    @Test func twoInterruptsLeave() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        run.terminal.type("\u{3}")
        await run.terminal.shows("Ctrl-C")
        run.terminal.type("\u{3}")
        #expect(await run.ended?.reason == .quit)
        await desk.stop()
    }

    @Test func aMessageOfSomebodyElseAppearsByItself() async throws {
        let (desk, bia) = try await Desk.ofAna()
        try await desk.client.contacts.add(bia)
        let me = try #require(await desk.client.account?.user.id)
        let caio = try await desk.another(named: "Caio Rocha", "caio@exemplo.com")
        let run = try Run(desk.client)
        await run.terminal.shows("Bia Souza")
        await caio.connect()
        try await caio.send("Oi, sou o Caio", to: me)
        await run.terminal.shows("Caio Rocha")
        await run.terminal.shows("Oi, sou o Caio")
        run.terminal.type(Self.quit)
        _ = await run.ended
        await caio.disconnect()
        await desk.stop()
    }

    @Test func aDraftOfTheFirstScreenSignsInAtOnce() async throws {
        let desk = try await Desk.withServer()
        let email = "ana@exemplo.com"
        try await desk.client.register(name: "Ana Lima", email: email, password: "segredo1")
        try await desk.client.signOut()
        let run = try Run(desk.client)
        await run.terminal.shows("Sign in")
        run.terminal.type(email + "\t")
        await run.terminal.shows(email)
        run.terminal.type("segredo1\r")
        await run.terminal.hides("Sign in")
        let client = desk.client
        while await client.account == nil { await Task.yield() }
        run.terminal.type(Self.quit)
        #expect(await run.ended?.reason == .quit)
        await desk.stop()
    }
}
