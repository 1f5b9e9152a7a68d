import ChatClientCore
import ChatNet
import ChatWire
import Testing

@testable import ChatTUI

/// Every view in three sizes and both languages.
struct GoldenTests {
    @Test func conversation() throws {
        try Golden.checkEverySize("conversation") { Fixtures.chat($0, $1, $2) }
    }

    @Test func writing() throws {
        try Golden.checkEverySize("writing") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press(
                "\"Uma resposta que não cabe em uma linha só e por isso quebra, com café e 😀", "alt-enter")
            state.press("\"segunda linha")
            return state
        }
    }

    @Test func offline() throws {
        try Golden.checkEverySize("offline") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            let next = state.instant + .seconds(7)
            _ = state.update(
                .change(
                    .link(
                        .offline(reason: .network(.refused(endpoint: "chat.exemplo.com:443")), nextTry: next))
                ))
            _ = state.update(.change(.outbox(OutboxSummary(queued: 3))))
            return state
        }
    }

    @Test func inUseElsewhere() throws {
        try Golden.checkEverySize("elsewhere") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            _ = state.update(.change(.link(.inUseElsewhere)))
            _ = state.update(.change(.notice(.inUseElsewhere)))
            return state
        }
    }

    @Test func loading() throws {
        try Golden.checkEverySize("loading") { columns, rows, language in
            var state = Fixtures.state(columns, rows, language)
            _ = state.update(.started(account: Fixtures.account, link: .connecting, outbox: OutboxSummary()))
            return state
        }
    }

    @Test func noConversations() throws {
        try Golden.checkEverySize("empty") { columns, rows, language in
            var state = Fixtures.state(columns, rows, language)
            _ = state.update(.started(account: Fixtures.account, link: .online, outbox: OutboxSummary()))
            _ = state.update(.conversationsLoaded([]))
            return state
        }
    }

    @Test func noMessages() throws {
        try Golden.checkEverySize("no-messages") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-2")
            _ = state.update(
                .timelineLoaded(Timeline(peer: Fixtures.caio, rows: [], hasOlder: false), draft: nil))
            return state
        }
    }

    @Test func list() throws {
        try Golden.checkEverySize("list") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("tab", "down")
            return state
        }
    }

    @Test func scrolledBack() throws {
        try Golden.checkEverySize("scrolled") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("pageup")
            let later =
                Fixtures.rows.dropLast() + [
                    Fixtures.row(20, from: Fixtures.bia, "chegou depois", at: Fixtures.at(14, 5)),
                    Fixtures.rows[8],
                ]
            _ = state.update(.timelineLoaded(Fixtures.timeline(Array(later), unread: 1), draft: nil))
            return state
        }
    }

    @Test func signIn() throws {
        try Golden.checkEverySize("sign-in") { columns, rows, language in
            var state = Fixtures.state(columns, rows, language)
            _ = state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
            state.press("\"ana@exemplo.com", "tab", "\"segredo")
            _ = state.update(.signInRefused(.refused(status: 400, message: "Email ou senha inválidos")))
            return state
        }
    }

    @Test func register() throws {
        try Golden.checkEverySize("register") { columns, rows, language in
            var state = Fixtures.state(columns, rows, language)
            _ = state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
            state.press("f2", "\"Ana Lima")
            return state
        }
    }

    @Test func help() throws {
        try Golden.checkEverySize("help") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("f1")
            return state
        }
    }

    @Test func switcher() throws {
        try Golden.checkEverySize("switcher") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("ctrl-k", "\"a")
            return state
        }
    }

    @Test func findPeople() throws {
        try Golden.checkEverySize("find") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("ctrl-n", "\"ro")
            state.wait(.seconds(1))
            _ = state.update(
                .peopleFound(
                    [
                        Person(id: Fixtures.caio, name: "Caio Rocha", email: "caio@exemplo.com"),
                        Person(id: UserID(9), name: "Rosa Prado", email: "rosa@exemplo.com"),
                    ], query: "ro"))
            return state
        }
    }

    @Test func inASCII() throws {
        try Golden.checkEverySize("ascii") { Fixtures.chat($0, $1, $2, colours: .none, ascii: true) }
    }
}
