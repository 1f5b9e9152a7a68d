import ChatWire
import Glibc
import Testing

@testable import ChatNet

@Suite("The race of a host's addresses")
struct ConnectRaceTests {
    private let six = (1...3).map {
        SocketAddress.ipv6(bytes: [UInt8](repeating: $0, count: 16), port: 1, scope: 0)
    }
    private let four = (1...3).map { SocketAddress.ipv4(bytes: [UInt8](repeating: $0, count: 4), port: 1) }

    private func instant(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
    }

    private func expect(
        _ race: inout ConnectRace, at milliseconds: Int64, begins attempt: Int?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let next = race.nextAttempt(at: instant(milliseconds))
        #expect(next == attempt, sourceLocation: sourceLocation)
    }

    private func race(_ addresses: [SocketAddress]) -> ConnectRace {
        ConnectRace(addresses: addresses, stagger: .milliseconds(250))
    }

    @Test func familiesTakeTurnsFromThePreferredOne() {
        #expect(race([six[0], six[1], six[2], four[0]]).addresses == [six[0], four[0], six[1], six[2]])
        #expect(race([four[0], four[1], six[0], six[1]]).addresses == [four[0], six[0], four[1], six[1]])
        #expect(race([four[0]]).addresses == [four[0]])
    }

    @Test("Each attempt has a head start; the first to succeed wins")
    func staggering() {
        var race = race([six[0], four[0], four[1]])
        expect(&race, at: 0, begins: 0)
        expect(&race, at: 0, begins: nil)
        #expect(race.deadline == instant(250))
        expect(&race, at: 249, begins: nil)
        expect(&race, at: 250, begins: 1)
        #expect(race.deadline == instant(500))
        expect(&race, at: 600, begins: 2)
        #expect(race.deadline == nil)
        race.attemptSucceeded(1)
        #expect(race.outcome == .won(1))
        race.attemptSucceeded(0)
        race.attemptFailed(2, SystemError(ECONNREFUSED))
        #expect(race.outcome == .won(1))
        expect(&race, at: 9000, begins: nil)
    }

    @Test("A failure lets the next begin at once, but only when nothing else is under way")
    func failuresHurryUp() {
        var race = race([six[0], four[0], six[1], four[1]])
        expect(&race, at: 0, begins: 0)
        race.attemptFailed(0, SystemError(ENETUNREACH))
        expect(&race, at: 1, begins: 1)
        #expect(race.deadline == instant(251))
        expect(&race, at: 251, begins: 2)
        race.attemptFailed(1, SystemError(ECONNREFUSED))
        expect(&race, at: 252, begins: nil)
        race.attemptFailed(2, SystemError(ETIMEDOUT))
        expect(&race, at: 253, begins: 3)
        #expect(race.outcome == .running)
        race.attemptFailed(3, SystemError(EHOSTUNREACH))
        #expect(race.outcome == .lost(SystemError(ECONNREFUSED)))
        expect(&race, at: 9000, begins: nil)
    }

    @Test(arguments: [
        ([EADDRNOTAVAIL, ENETUNREACH], ENETUNREACH),
        ([ENETUNREACH, ETIMEDOUT, EADDRNOTAVAIL], ETIMEDOUT),
        ([EAFNOSUPPORT], EAFNOSUPPORT),
    ])
    func theMostTellingFailureIsReported(codes: [Int32], expected: Int32) {
        var race = race((0..<codes.count).map { four[$0] })
        for (attempt, code) in codes.enumerated() {
            expect(&race, at: 0, begins: attempt)
            race.attemptFailed(attempt, SystemError(code))
        }
        #expect(race.outcome == .lost(SystemError(expected)))
    }
}
