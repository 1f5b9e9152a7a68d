import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The requirements of every storage concerning sessions.
@Suite struct SessionBehaviourTests {
    /// Later than the clock, so that nothing expires meanwhile.
    private let start = Timestamp(seconds: ServerClock.now().seconds)

    private func session(
        _ id: Int64, of user: Person, seen: Int64 = 0, lifetime: Int64 = 3600
    ) -> StoredSession {
        StoredSession(
            id: SessionID(id), user: user.id, createdAt: start,
            lastSeenAt: Timestamp(seconds: start.seconds + seen),
            expiresAt: Timestamp(seconds: start.seconds + lifetime), address: "192.0.2.\(id)",
            agent: "agent \(id)")
    }

    private func ids(_ fixture: StoreFixture, of user: Person, after seconds: Int64 = 0) async throws
        -> [Int64]
    {
        let time = Timestamp(seconds: start.seconds + seconds)
        return try await fixture.store.read { view in try view.sessions(of: user.id, at: time) }
            .map(\.id.rawValue)
    }

    @Test(arguments: StorageKind.allCases)
    func aSessionIsStoredAndSeen(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            for number in 1...3 as ClosedRange<Int64> {
                let ended = try await fixture.store.perform(
                    StartSession(session(number, of: fixture.ana, seen: number)))
                #expect(ended == [])
            }
            _ = try await fixture.store.perform(StartSession(session(4, of: fixture.bia)))
            #expect(try await ids(fixture, of: fixture.ana) == [3, 2, 1])
            var again = session(1, of: fixture.ana, seen: 60, lifetime: 7200)
            again.createdAt = Timestamp(seconds: 1)
            again.agent = "newer"
            // Nothing goes back, and nothing known is forgotten.
            var stale = session(3, of: fixture.ana, seen: -60, lifetime: 60)
            stale.address = ""
            stale.agent = ""
            try await fixture.store.perform(
                SaveSessions([again, stale, session(5, of: fixture.ana, seen: 2)]))
            let sessions = try await fixture.store.read { [start] view in
                try view.sessions(of: fixture.ana.id, at: start)
            }
            again.createdAt = start
            #expect(
                sessions == [
                    again, session(3, of: fixture.ana, seen: 3), session(2, of: fixture.ana, seen: 2),
                    session(5, of: fixture.ana, seen: 2),
                ])
            #expect(try await ids(fixture, of: fixture.ana, after: 3600) == [1])
            // An id is one user's.
            #expect(try await fixture.store.perform(ExtendSession(session(4, of: fixture.ana))) == false)
            #expect(try await ids(fixture, of: fixture.bia) == [4])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func anEndedSessionStaysEnded(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            for number in 1...3 as ClosedRange<Int64> {
                _ = try await fixture.store.perform(StartSession(session(number, of: fixture.ana)))
            }
            _ = try await fixture.store.perform(StartSession(session(4, of: fixture.bia)))
            // Nobody ends another's.
            await #expect(throws: StoreError.refused(.sessionUnknown)) {
                try await fixture.store.perform(EndSession(SessionID(4), of: fixture.ana.id))
            }
            let ended = try await fixture.store.perform(EndSession(SessionID(2), of: fixture.ana.id))
            #expect(ended == EndedSession(id: SessionID(2), expiresAt: session(2, of: fixture.ana).expiresAt))
            await #expect(throws: StoreError.refused(.sessionUnknown)) {
                try await fixture.store.perform(EndSession(SessionID(2), of: fixture.ana.id))
            }
            let late = session(2, of: fixture.ana, seen: 60, lifetime: 9999)
            #expect(try await fixture.store.perform(ExtendSession(late)) == false)
            try await fixture.store.perform(SaveSessions([late]))
            #expect(try await ids(fixture, of: fixture.ana) == [1, 3])
            func remembered(after seconds: Int64) async throws -> [EndedSession] {
                let time = Timestamp(seconds: start.seconds + seconds)
                return try await fixture.store.read { view in try view.endedSessions(at: time) }
            }
            #expect(try await remembered(after: 3599) == [ended])
            #expect(try await remembered(after: 3600) == [])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func allOthersAreEnded(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            for number in 1...4 as ClosedRange<Int64> {
                _ = try await fixture.store.perform(StartSession(session(number, of: fixture.ana)))
            }
            _ = try await fixture.store.perform(StartSession(session(5, of: fixture.bia)))
            func tokenStart() async throws -> Timestamp? {
                try await fixture.store.read { view in try view.tokenStart(of: fixture.ana.id) }
            }
            #expect(try await tokenStart() == nil)
            let others = try await fixture.store.perform(
                EndSessions(of: fixture.ana.id, except: SessionID(3), unnamedBefore: start))
            #expect(others.map(\.id.rawValue).sorted() == [1, 2, 4])
            #expect(try await ids(fixture, of: fixture.ana) == [3])
            #expect(try await tokenStart() == start)
            let last = try await fixture.store.perform(EndSessions(of: fixture.ana.id))
            #expect(last.map(\.id.rawValue) == [3])
            #expect(try await ids(fixture, of: fixture.ana) == [])
            #expect(try await ids(fixture, of: fixture.bia) == [5])
            // A token of this second may have been issued before.
            let after = try #require(try await tokenStart())
            #expect(after > start)
            _ = try await fixture.store.perform(EndSessions(of: fixture.ana.id, unnamedBefore: start))
            #expect(try await tokenStart() == after)
        }
    }

    /// The oldest unseen sessions make room, and those that have expired are forgotten.
    @Test(arguments: StorageKind.allCases)
    func anAccountHasABoundedNumberOfSessions(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let most = Int64(StartSession.perUserMax)
            _ = try await fixture.store.perform(
                SaveSessions([session(9999, of: fixture.ana, lifetime: -1)]))
            for number in 1...most {
                let ended = try await fixture.store.perform(
                    StartSession(session(number, of: fixture.ana, seen: number == 1 ? most : number)))
                #expect(ended == [])
            }
            #expect(try await ids(fixture, of: fixture.ana, after: -10).contains(9999) == false)
            // A session that begins is not the one that makes room, even when the clock was set back.
            let next = try await fixture.store.perform(
                StartSession(session(most + 1, of: fixture.ana, seen: -60)))
            #expect(next.map(\.id.rawValue) == [2])
            let left = try await ids(fixture, of: fixture.ana)
            #expect(left.count == Int(most) && left.contains(1) && left.contains(most + 1))
        }
    }
}
