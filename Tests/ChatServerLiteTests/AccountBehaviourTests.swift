import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What every storage does with disabled and deleted accounts.
@Suite struct AccountBehaviourTests {
    @Test(arguments: StorageKind.allCases)
    func anAccountIsDisabledAndEnabledAgain(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let store = fixture.store
            let first = try await store.perform(SetAccountDisabled(user: fixture.ana.id, isDisabled: true))
            let again = try await store.perform(SetAccountDisabled(user: fixture.ana.id, isDisabled: true))
            #expect(first == again && first.state != .active)
            #expect(try await store.read { try $0.accountRecord(fixture.ana.id) } == first)
            #expect(try await store.read { try $0.blockedUsers() } == [fixture.ana.id])
            // Messages wait for the person.
            _ = try await fixture.send("oi", from: fixture.bia, to: fixture.ana)
            let enabled = try await store.perform(SetAccountDisabled(user: fixture.ana.id, isDisabled: false))
            #expect(enabled.state == .active)
            #expect(try await store.read { try $0.blockedUsers() } == [])
            await #expect(throws: StoreError.refused(.userUnknown)) {
                try await store.perform(SetAccountDisabled(user: UserID(99), isDisabled: true))
            }
        }
    }

    @Test(arguments: StorageKind.allCases)
    func accountsComeInPages(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            func page(_ after: Int64, _ limit: Int) async throws -> [String] {
                try await fixture.store.read { try $0.accountRecords(after: UserID(after), limit: limit) }
                    .map(\.user.name)
            }
            let pages = [try await page(0, 1), try await page(1, 5), try await page(2, 5)]
            #expect(pages == [["Ana"], ["Bia"], []])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func aDeletedAccountLeavesItsNumber(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let (store, ana, bia) = (fixture.store, fixture.ana, fixture.bia)
            try await store.perform(SetPassword(user: ana.id, hash: "new"))
            #expect(try await store.read { try $0.account(email: "ana@x")?.passwordHash } == "new")
            for (owner, other) in [(ana, bia), (bia, ana)] {
                _ = try await store.perform(AddContact(user: owner.id, contactUser: other.id, name: nil))
            }
            let sent = try await fixture.send("oi", from: ana, to: bia)
            let before = try await fixture.changes(of: bia)["cursor"]?.stringValue
            let now = ServerClock.now()
            let session = StoredSession(
                id: SessionID(7), user: ana.id, createdAt: now, lastSeenAt: now,
                expiresAt: Timestamp(seconds: now.seconds + 3600), address: "192.0.2.1", agent: "mychat")
            _ = try await store.perform(StartSession(session))
            let erase = EraseAccount(user: ana.id, secret: "s")
            try await store.perform(erase)
            try await store.perform(erase)
            #expect(try await store.read { try $0.sessions(of: ana.id, at: now) } == [])
            #expect(try await store.perform(ForgetContactName(user: ana.id)) == nil)
            let record = try await store.read { try $0.accountRecord(ana.id) }
            #expect(record?.isDeleted == true && record?.user.name == EraseAccount.name)
            #expect(record?.user.email == "deleted-\(ana.id)-s")
            let (account, people, anyone, own, others, listed, blocked) = try await store.read { view in
                (
                    try view.account(email: "ana@x"), try view.people(matching: "an", besides: bia.id),
                    try view.people(like: "%", besides: bia.id), try view.contacts(of: ana.id, in: .exact),
                    try view.contacts(of: bia.id, in: .exact),
                    try view.accountRecords(after: UserID(0), limit: 9).map(\.user.id),
                    try view.blockedUsers()
                )
            }
            #expect(account == nil && people == [] && anyone == [] && own == [])
            #expect(
                others.map(\.name) == [EraseAccount.name] && others.map(\.userName) == [EraseAccount.name])
            #expect(listed == [bia.id] && blocked == [ana.id])
            // What Ana wrote is Bia's too. Nobody can write to Ana any more.
            #expect(try await fixture.conversation().map(\.content) == ["oi"])
            await #expect(throws: StoreError.refused(.receiverUnknown)) {
                _ = try await fixture.send("oi?", from: bia, to: ana)
            }
            for command in [true, false] {
                await #expect(throws: StoreError.refused(.userUnknown)) {
                    try await store.perform(SetAccountDisabled(user: ana.id, isDisabled: command))
                }
            }
            // Bia's client learns the new name of her contact.
            let kinds = try await fixture.changes(of: bia, since: before)["changes"]?.arrayValue?.map {
                $0["type"]?.stringValue
            }
            #expect(kinds == ["contact_renamed"])
            // The address is free again, and the conversation can be deleted.
            let newcomer = try await store.perform(
                RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            #expect(newcomer.id != ana.id)
            _ = try await store.perform(DeleteConversation(user: bia.id, contact: ana.id))
            #expect(try await fixture.conversation() == [])
            _ = sent
        }
    }

    @Test(arguments: StorageKind.allCases)
    func whatAPersonWroteIsDeletedForBothSides(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let (ana, bia) = (fixture.ana, fixture.bia)
            for number in 0..<3 {
                _ = try await fixture.send("a\(number)", from: ana, to: bia)
                _ = try await fixture.send("b\(number)", from: bia, to: ana)
            }
            let page = try await fixture.store.read {
                try $0.messages(of: ana.id, after: MessageID(0), limit: 4)
            }
            #expect(page.messages.map(\.content) == ["a0", "b0", "a1", "b1"])
            let rest = try await fixture.store.read { [next = try #require(page.next)] in
                try $0.messages(of: ana.id, after: next, limit: 4)
            }
            #expect(rest.messages.map(\.content) == ["a2", "b2"] && rest.next == nil)
            let outcome = try await fixture.store.perform(DeleteOwnMessages(user: ana.id))
            #expect(outcome.deleted.count == 3 && outcome.next == nil)
            #expect(try await fixture.conversation().map(\.content) == ["b2", "b1", "b0"])
        }
    }

    @Test(arguments: StorageKind.allCases)
    func validInvitationsAreListed(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let start = ServerClock.now().microseconds
            for (name, time) in [(1, start + 9_000_000_000), (2, start + 8_000_000_000)] as [(UInt8, Int64)] {
                try await fixture.store.perform(
                    CreateInvitation(
                        Invitation(codeHash: [name], expiresAt: Timestamp(microseconds: time), usesLeft: 1)))
            }
            let later = Timestamp(microseconds: start + 8_500_000_000)
            func list(_ time: Timestamp, _ limit: Int) async throws -> [[UInt8]] {
                try await fixture.store.read { try $0.invitations(validAt: time, limit: limit) }.map(
                    \.codeHash)
            }
            let now = ServerClock.now()
            let lists = [try await list(now, 9), try await list(now, 1), try await list(later, 9)]
            #expect(lists == [[[2], [1]], [[2]], [[1]]])
        }
    }
}
