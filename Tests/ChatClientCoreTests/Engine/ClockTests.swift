import ChatWire
import Testing

@testable import ChatClientCore

/// The wall clock is set back while messages wait: their order, the delays and the age at which they are held
/// do not depend on it.
@Suite struct ClockTests {
    private static let day: Int64 = 86_400

    /// Sets the wall clock, and that clock alone.
    private func set(_ harness: EngineHarness, by seconds: Int64) {
        harness.now.wall.microseconds += seconds * 1_000_000
    }

    @Test func theOrderOfRowsIsThatOfEntry() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        set(harness, by: 30 * Self.day)
        _ = try harness.engine.send("um", to: bia, at: harness.now)
        set(harness, by: -2 * Self.day)
        _ = try harness.engine.send("dois", to: bia, at: harness.now)
        // As after an end and a new start.
        try harness.restart()
        _ = try harness.engine.send("três", to: bia, at: harness.now)
        let rows = try harness.rows()
        #expect(rows.map(\.content) == ["um", "dois", "três"])
        #expect(try harness.engine.view.conversations().first?.preview == "três")
        harness.connect()
        for _ in rows {
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        }
        #expect(server.messages.map(\.content) == ["um", "dois", "três"])
        #expect(try harness.rows().map(\.id) == rows.map(\.id))
    }

    @Test(arguments: [-Self.day, Self.day / 2])
    func delaysGoByTheOtherClock(jump: Int64) throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        #expect(harness.takeTexts().filter { $0.contains("send_message") }.count == 1)
        // While an answer is awaited: neither sent again nor given up before its time.
        let answerDue = harness.now.monotonic + Outbox.answerTimeout
        set(harness, by: jump)
        harness.engine.tick(at: harness.now)
        #expect(harness.takeTexts() == [])
        #expect(try harness.rows().map(\.state) == [.sending])
        harness.pass((answerDue - harness.now.monotonic) / .seconds(1))
        #expect(try harness.rows().map(\.state) == [.unknown])
        #expect(harness.take().contains(.closeLink(1)))

        // While the next try to connect is awaited: neither early nor late.
        guard case .offline(_, let next?) = harness.engine.linkState else {
            Issue.record("no next try: \(harness.engine.linkState)")
            return
        }
        let retry = next
        #expect(retry > harness.now.monotonic)
        set(harness, by: jump)
        harness.engine.tick(at: harness.now)
        #expect(!harness.take().contains(.openLink(2)))
        #expect(harness.engine.linkState == .offline(reason: .silence, nextTry: retry))
        harness.pass((retry - harness.now.monotonic) / .seconds(1))
        #expect(harness.take().contains(.openLink(2)))
    }

    @Test func aMessageIsHeldWhenItIsADayOldByTheClockAsItIs() throws {
        let harness = try EngineHarness()
        set(harness, by: 30 * Self.day)
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        // By the clock it was entered in the future: what is no day old is not held, nor sent twice.
        set(harness, by: -2 * Self.day)
        harness.connect()
        #expect(try harness.rows().map(\.state) == [.sending])
        _ = harness.takeTexts()
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        harness.gather()
        #expect(try harness.rows().map(\.state) == [.unknown])

        let second = try EngineHarness()
        _ = try second.engine.send("oi", to: bia, at: second.now)
        set(second, by: -Self.day)
        second.pass(Double(2 * Self.day))
        second.connect()
        #expect(try second.rows().map(\.state) == [.sending])

        let third = try EngineHarness()
        _ = try third.engine.send("oi", to: bia, at: third.now)
        set(third, by: -Self.day)
        third.pass(Double(2 * Self.day) + 1)
        third.connect()
        #expect(try third.rows().map(\.state) == [.held])
        #expect(third.takeChanges().contains(.notice(.held(count: 1))))
    }
}
