import ChatWire
import Testing

@testable import ChatClientCore

/// Contacts and the search for people, against a real server and without one.
@Suite struct ContactListTests {
    /// A server with three accounts. The client is Ana's, and holds no link.
    private struct Town {
        let server: TestServer
        let client: ChatClient
        let me: UserID
        let bia: UserID
        let caio: UserID
        let homes: [TemporaryDirectory]
    }

    private func town() async throws -> Town {
        let server = try await TestServer()
        let homes = try [TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory()]
        var ids: [UserID] = []
        for (home, name) in zip(homes, ["Ana", "Bia", "Caio"]) {
            ids.append(
                try await server.client(in: home)
                    .register(name: name, email: "\(name.lowercased())@exemplo.com", password: "segredo1")
                    .user.id)
        }
        return Town(
            server: server, client: try await server.client(in: homes[0]), me: ids[0], bia: ids[1],
            caio: ids[2], homes: homes)
    }

    private func names(_ client: ChatClient) async throws -> [String] {
        try await client.contacts.list().map(\.name).sorted()
    }

    @Test func aContactIsAddedRenamedAndRemoved() async throws {
        let town = try await town()
        let contacts = town.client.contacts
        #expect(try await names(town.client) == [])
        guard case .applied(let added) = try await contacts.add(town.bia) else {
            Issue.record("not added")
            return
        }
        #expect(added?.name == "Bia")
        #expect(added?.userID == town.bia)
        #expect(try await town.client.conversations().map(\.name) == ["Bia"])
        guard case .applied(let renamed) = try await contacts.rename(town.bia, to: "  Bibi ") else {
            Issue.record("not renamed")
            return
        }
        #expect(renamed?.name == "Bibi")
        #expect(renamed?.id == added?.id, "the same contact")
        #expect(try await contacts.remove(town.bia) == .applied(nil))
        #expect(try await names(town.client) == [])
        #expect(try await town.client.conversations() == [])
        #expect(try await !town.client.freshness.hasUntoldWishes())
        await town.server.stop()
    }

    @Test func renamingAStrangerMakesAContact() async throws {
        let town = try await town()
        guard case .applied(let contact) = try await town.client.contacts.rename(town.caio, to: "Cá") else {
            Issue.record("not renamed")
            return
        }
        #expect(contact?.name == "Cá")
        #expect(try await names(town.client) == ["Cá"])
        await town.server.stop()
    }

    @Test func whatIsAlreadySoIsNotAskedAgain() async throws {
        let town = try await town()
        guard case .applied(let first) = try await town.client.contacts.add(town.bia, name: "Bibi") else {
            Issue.record("not added")
            return
        }
        await town.server.stop()
        // Nobody could answer now.
        #expect(try await town.client.contacts.add(town.bia, name: "Bibi") == .applied(first))
        #expect(try await town.client.contacts.remove(town.caio) == .applied(nil))
        #expect(try await !town.client.freshness.hasUntoldWishes())
    }

    @Test func withoutAServerTheWishWaitsAndIsShown() async throws {
        let town = try await town()
        _ = try await town.client.contacts.findPeople("bia")
        await town.server.stop()
        #expect(try await town.client.contacts.add(town.bia) == .queued)
        #expect(try await town.client.conversations().map(\.name) == ["Bia"], "known by the search")
        #expect(try await town.client.conversations().map(\.isContact) == [true])
        #expect(try await town.client.freshness.hasUntoldWishes())
        #expect(try await town.client.contacts.rename(town.bia, to: "Bibi") == .queued)
        #expect(try await town.client.conversations().map(\.name) == ["Bibi"])
        try await town.server.start()
        await town.client.connect()
        try await town.client.wait { !(try $0.session?.store.hasUntoldWishes() ?? true) }
        #expect(try await names(town.client) == ["Bibi"], "two wishes became one contact")
        await town.client.disconnect()
        await town.server.stop()
    }

    @Test func aRefusalLeavesTheListAsItWas() async throws {
        let town = try await town()
        try await town.client.contacts.add(town.bia)
        let nobody = UserID(4711)
        await #expect(throws: ChatError.refused(status: 400, message: "Usuário não encontrado")) {
            try await town.client.contacts.add(nobody, name: "Ninguém")
        }
        #expect(try await names(town.client) == ["Bia"])
        #expect(try await town.client.conversations().map(\.name) == ["Bia"])
        #expect(try await !town.client.freshness.hasUntoldWishes(), "it is not tried again")
        await town.server.stop()
    }

    @Test func peopleAreFoundByNameAndAddress() async throws {
        let town = try await town()
        let contacts = town.client.contacts
        #expect(try await contacts.findPeople(" BI ").map(\.name) == ["Bia"])
        #expect(try await contacts.findPeople("caio@ex").map(\.id) == [town.caio])
        #expect(try await contacts.findPeople("exemplo").map(\.name).sorted() == ["Bia", "Caio"])
        #expect(try await contacts.findPeople("nada disso") == [])
        for short in ["", "b", " b "] {
            await #expect(throws: ChatError.invalid(.queryTooShort)) { try await contacts.findPeople(short) }
        }
        await town.server.stop()
    }

    @Test func namesAndAccountsAreCheckedBeforeAnythingIsAsked() async throws {
        let client = try OfflineClient().client
        for name in ["", " ", "\n\t"] {
            await #expect(throws: ChatError.invalid(.emptyName)) {
                try await client.contacts.add(bia, name: name)
            }
            await #expect(throws: ChatError.invalid(.emptyName)) {
                try await client.contacts.rename(bia, to: name)
            }
        }
        await #expect(throws: ChatError.invalid(.ownAccount)) { try await client.contacts.add(ana) }
        #expect(try await client.conversations() == [])
        #expect(try await !client.freshness.hasUntoldWishes())
    }

    @Test func withoutAnAccountThereAreNoContacts() async throws {
        let contacts = try OfflineClient(signedIn: nil).client.contacts
        await expectNotSignedIn([
            { _ = try await contacts.list() }, { _ = try await contacts.add(bia) },
            { _ = try await contacts.rename(bia, to: "x") }, { _ = try await contacts.remove(bia) },
            { _ = try await contacts.findPeople("bia") },
        ])
    }

    /// An answer with a status of the server's own, and what a call makes of it.
    @Test(arguments: [
        (503, "", #"{"success":false}"#, ChatError.unavailable(status: 503, retryAfter: nil)),
        (429, "Retry-After: 7\r\n", "", .unavailable(status: 429, retryAfter: .seconds(7))),
        (429, "Retry-After: 99999\r\n", "", .unavailable(status: 429, retryAfter: .seconds(3600))),
        (429, "Retry-After: -5\r\n", "", .unavailable(status: 429, retryAfter: .zero)),
        (
            429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", "",
            .unavailable(status: 429, retryAfter: nil)
        ),
        (408, "", "", .unavailable(status: 408, retryAfter: nil)),
        (425, "", "", .unavailable(status: 425, retryAfter: nil)),
        (404, "", "<html>", .unexpectedAnswer("HTTP status 404 without JSON")),
        (404, "", "{}", .unexpectedAnswer("HTTP status 404 without MyChat's envelope")),
        (400, "", #"{"success":false,"message":"não"}"#, .refused(status: 400, message: "não")),
        (200, "", #"{"success":true,"data":{}}"#, .unexpectedAnswer("no data.contacts")),
    ])
    func failures(status: Int, head: String, body: String, expected: ChatError) async throws {
        let proxy = try FilteringProxy(to: 1, .answerREST(status: status, head: head, body: body))
        let home = try TemporaryDirectory()
        let client = try OfflineClient.client(
            in: home, at: "http://127.0.0.1:\(proxy.port)", signedIn: .ana, token: "token")
        await client.confirmAccount()
        await #expect(throws: expected) { _ = try await client.contacts.list() }
        #expect(await client.account != nil, "none of these takes the token")
    }

    @Test func aRefusedTokenIsForgotten() async throws {
        let proxy = try FilteringProxy(
            to: 1, .answerREST(status: 401, body: #"{"success":false,"message":"Token inválido"}"#))
        let home = try TemporaryDirectory()
        let client = try OfflineClient.client(
            in: home, at: "http://127.0.0.1:\(proxy.port)", signedIn: .ana, token: "token")
        await client.confirmAccount()
        await #expect(throws: ChatError.unauthorized(message: "Token inválido")) {
            _ = try await client.contacts.list()
        }
        #expect(await client.account == nil)
        #expect(await client.owner == .ana, "the cache stays open")
        #expect(try await client.savedAccount() == .init(user: .ana, token: nil))
    }

    @Test func elementsThatCannotBeReadAreLeftOut() async throws {
        let body = #"""
            {"success":true,"data":{"contacts":[{"id":9,"contact_user_id":2,"contact_name":"Bia"},{"id":"x"},7]}}
            """#
        let proxy = try FilteringProxy(to: 1, .answerREST(status: 200, body: body))
        let home = try TemporaryDirectory()
        let client = try OfflineClient.client(
            in: home, at: "http://127.0.0.1:\(proxy.port)", signedIn: .ana, token: "token")
        await client.confirmAccount()
        try await client.prepare { store in
            _ = try store.apply([.contacts([.sample(bia, "Bia"), .sample(caio, "Caio")])])
        }
        #expect(try await client.contacts.list().map(\.userID) == [bia])
        #expect(
            try await Set(client.conversations().map(\.peer)) == [bia, caio],
            "a list with holes removes nobody")
    }
}
