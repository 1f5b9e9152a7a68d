import ChatClientCore
import ChatNet
import ChatWire
import Testing

@testable import ChatTUI

/// A view, and how one gets there.
struct GoldenView: Sendable, CustomTestStringConvertible {
    let name: String
    let state: @Sendable (_ columns: Int, _ rows: Int, Language) -> AppState

    var testDescription: String { name }

    /// A view that begins with Ana at her desk.
    init(
        _ name: String, colours: ColourDepth = .palette, ascii: Bool = false,
        _ change: @escaping @Sendable (inout AppState) -> Void = { _ in }
    ) {
        self.name = name
        state = { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language, colours: colours, ascii: ascii)
            change(&state)
            return state
        }
    }

    /// A view that begins before anything is known.
    init(bare name: String, _ change: @escaping @Sendable (inout AppState) -> Void) {
        self.name = name
        state = { columns, rows, language in
            var state = Fixtures.state(columns, rows, language)
            change(&state)
            return state
        }
    }

    static let all = panes + messages + searches + unsent + dialogs + linkStates + firstScreens + themes

    // MARK: The panes

    private static let panes = [
        GoldenView("conversation"),
        GoldenView("writing") { state in
            state.press(
                "\"Uma resposta que não cabe em uma linha só e por isso quebra, com café e 😀", "alt-enter",
                "\"segunda linha")
        },
        GoldenView("length") { state in
            _ = state.update(.input(.paste(String(repeating: "palavra ", count: 600))))
        },
        GoldenView("list") { $0.press("tab", "down") },
        GoldenView("list-hidden") { $0.press("alt-l") },
        GoldenView("list-wide") { $0.press("alt-.", "alt-.", "alt-.") },
        GoldenView("pins-and-mutes") { state in
            var list = Fixtures.conversations
            list[0] = Conversation(
                peer: Fixtures.bia, name: "Bia Souza", preview: "👍", lastTime: Fixtures.at(14, 3),
                presence: .online, isPinned: true)
            list[3] = Conversation(
                peer: Fixtures.emma, name: list[3].name, preview: "see you", lastTime: Fixtures.at(9, 0),
                unread: 4,
                presence: .unknown, isPinned: true, isMuted: true)
            _ = state.update(.conversationsLoaded([list[0], list[3], list[1], list[2]]))
            state.press("tab", "down")
        },
        GoldenView("scrolled") { state in
            state.press("pageup")
            let late = Fixtures.row(20, from: Fixtures.bia, "chegou depois", at: Fixtures.at(14, 5))
            let rows = Fixtures.rows.dropLast() + [late, Fixtures.rows[8]]
            _ = state.update(.timelineLoaded(Fixtures.timeline(Array(rows), unread: 1), draft: nil))
        },
        GoldenView("no-messages") { state in
            state.press("alt-2")
            _ = state.update(
                .timelineLoaded(Timeline(peer: Fixtures.caio, rows: [], hasOlder: false), draft: nil))
        },
        GoldenView("last-seen") { $0.press("alt-2") },
        GoldenView("gap") { state in
            var messages = Fixtures.rows
            messages[4] = Fixtures.row(
                5, from: Fixtures.me, "mando o link já", at: Fixtures.at(14, 2), .sent, isGapAbove: true)
            _ = state.update(
                .timelineLoaded(Fixtures.timeline(Array(messages[..<6]), unread: 0), draft: nil))
        },
        GoldenView("commands") { $0.press("\"/", "down") },
        GoldenView("emoji") { state in
            state.press(
                "\"boa :"
                    + (state.strings.language == .english
                        ? "sun" : state.strings.language == .spanish ? "sonr" : "sor"))
        },
        GoldenView("names") { $0.press("\"/goto a") },
        GoldenView("notice") { state in
            _ = state.update(
                .change(.notice(.cacheSetAside(path: "/home/ana/.local/share/mychat/x", rescued: 3))))
        },
        GoldenView("profiles") { state in
            state.chat.profiles.current = "ana"
            state.chat.profiles.known = ["ana", "trabalho"]
            state.press("\"/profile", "enter")
        },
        GoldenView("american-dates") { state in
            state.context.model.strings.dates = DateStyle(
                language: state.strings.language, environment: ["LANG": "en_US"])
        },
    ]

    // MARK: Messages

    private static let messages = [
        GoldenView("chosen") { $0.press("alt-m", "up") },
        GoldenView("chosen-failed") { $0.press("alt-m") },
        GoldenView("editing") { $0.press("alt-m", "e") },
        GoldenView("quoting") { $0.press("alt-m", "up", "up", "q") },
        GoldenView("emphasis") { state in
            let text =
                "um *dois* _três_ e `make test`\n```\nlet a = 1\n```\n*_ambos_* e https://exemplo.com/_a_b"
            let row = Fixtures.row(50, from: Fixtures.bia, text, at: Fixtures.at(14, 4))
            _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
        },
        GoldenView("scripts") { state in
            let texts = ["שלום עולם, מה שלומך?", "日本語のテキストは空白なしで折り返されます。", "👨‍👩‍👧‍👦 🇧🇷 ❤️ 1️⃣ e\u{301}"]
            let rows = texts.enumerated().map {
                Fixtures.row(Int64($0.offset), from: Fixtures.bia, $0.element, at: Fixtures.at(14, 4))
            }
            _ = state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 0), draft: nil))
        },
        GoldenView("hostile-text") { state in
            let text =
                "\u{1B}[2J\u{1B}]0;título\u{07} \u{9B}31m \u{202E}oãçacilpxe\u{202C} e\(String(repeating: "\u{301}", count: 40))\u{0}"
            let row = Fixtures.row(50, from: Fixtures.bia, text, at: Fixtures.at(14, 4))
            _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
        },
    ]

    // MARK: Searching

    private static let searches = [
        GoldenView("search") { state in
            state.press("ctrl-s", "\"servidor")
            answer("servidor", in: Fixtures.bia, Array(SearchTests.hits.prefix(2)), &state)
        },
        GoldenView("search-all") { state in
            state.press("alt-/", "\"servidor")
            answer("servidor", in: nil, SearchTests.hits, &state)
            state.press("down")
        },
        GoldenView("search-nothing") { state in
            state.press("alt-/", "\"xyz")
            answer("xyz", in: nil, [], &state)
        },
        GoldenView("search-begins") { $0.press("ctrl-s") },
        GoldenView("hit") { state in
            state.press("ctrl-s", "\"número 203")
            let rows = (1...400).map {
                Fixtures.row(
                    $0, from: $0 % 4 == 0 ? Fixtures.me : Fixtures.bia, "mensagem número \($0)",
                    at: Fixtures.at(9, Int($0 % 60), daysAgo: Int(6 - $0 / 80)))
            }
            let hit = SearchHit(
                peer: Fixtures.bia, peerName: "Bia Souza", row: rows[202], excerpt: "mensagem número 203",
                matches: [9..<16, 17..<20])
            answer("número 203", in: Fixtures.bia, [hit], &state)
            state.press("enter")
            _ = state.update(
                .windowLoaded(
                    Fixtures.bia, Timeline(peer: Fixtures.bia, rows: rows, hasOlder: true, hasNewer: true)))
        },
    ]

    /// Answers what was asked first, and then the whole question.
    private static func answer(_ text: String, in peer: UserID?, _ hits: [SearchHit], _ state: inout AppState)
    {
        for part in [String(text.prefix(1)), text] {
            _ = state.update(
                .searched(SearchQuestion(text: part, peer: peer), SearchPage(hits: hits), isMore: false))
        }
    }

    // MARK: What was not sent

    private static let unsent = [
        GoldenView("outbox") { state in
            let next = state.instant + .seconds(12)
            _ = state.update(.change(.link(.offline(reason: .silence, nextTry: next))))
            state.press("alt-o")
            _ = state.update(.outboxLoaded(OutboxViewTests.entries))
        },
        GoldenView("outbox-empty") { state in
            state.press("alt-o")
            _ = state.update(.outboxLoaded([]))
        },
        GoldenView("held") { state in
            _ = state.update(.change(.outbox(OutboxSummary(held: 3))))
            _ = state.update(.change(.notice(.held(count: 3))))
            state.wait(.seconds(3))
        },
        GoldenView("former") { state in
            _ = state.update(.timelineLoaded(Fixtures.timeline(formerRows, unread: 0), draft: nil))
            _ = state.update(.change(.notice(.goneFromServer(count: 1))))
        },
        GoldenView("former-held") { state in
            _ = state.update(.change(.outbox(OutboxSummary(held: 3))))
            _ = state.update(.change(.notice(.formerServer(.otherDatabase, held: 3))))
            state.wait(.seconds(3))
        },
        GoldenView("every-state") { state in
            let states: [RowState] = [.queued, .sending, .unknown, .sent, .delivered, .read, .failed, .held]
            let rows = states.enumerated().map { index, rowState in
                Fixtures.row(
                    Int64(index + 1), from: Fixtures.me, "\(rowState)", at: Fixtures.at(14, index), rowState,
                    failure: rowState == .failed ? "Usuário não encontrado" : nil)
            }
            _ = state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 0), draft: nil))
        },
    ]

    /// Two messages of a former server, two of the present one, and three that wait because of it.
    private static let formerRows: [TimelineRow] = {
        func row(
            _ id: Int64, from sender: UserID, _ content: String, _ state: RowState, former: String? = nil,
            _ reason: HeldReason? = nil
        ) -> TimelineRow {
            TimelineRow(
                id: RowID(id),
                position: state.isUnsent
                    ? TimelinePosition(unsent: id) : TimelinePosition(sent: MessageID(id)),
                messageID: nil, tempID: TempID("t\(id)"), senderID: sender, isMine: sender == Fixtures.me,
                content: content, time: Fixtures.at(14, Int(id)), state: state, heldReason: reason,
                formerPeer: former)
        }
        return [
            row(1, from: Fixtures.bia, "você viu o filme?", .received, former: "Bia de antes"),
            row(2, from: Fixtures.me, "vi, gostei", .read, former: "Bia de antes"),
            row(3, from: Fixtures.bia, "bom dia", .received), row(4, from: Fixtures.me, "bom dia!", .sent),
            row(5, from: Fixtures.me, "perdida", .held, .goneFromServer),
            row(6, from: Fixtures.me, "na fila", .held, .formerServer),
        ]
    }()

    // MARK: Dialogs

    private static let dialogs = [
        GoldenView("details") { $0.press("alt-m", "i") },
        GoldenView("details-read") { state in
            let row = TimelineRow(
                id: RowID(1), position: TimelinePosition(sent: MessageID(1)), messageID: MessageID(1),
                tempID: TempID("b3e1"), senderID: Fixtures.me, isMine: true, content: "Bom dia, Bia!",
                time: Fixtures.at(18, 20, daysAgo: 1), state: .read,
                deliveredAt: Fixtures.at(18, 21, daysAgo: 1),
                readAt: Fixtures.at(9, 2))
            _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
            state.press("alt-m", "i")
        },
        GoldenView("delete-message") { $0.press("alt-m", "home", "d") },
        GoldenView("delete-conversation") { $0.press("\"/delete-conversation", "enter") },
        GoldenView("remove") { $0.press("\"/remove", "enter") },
        GoldenView("link") { $0.press("alt-m", "up", "o") },
        GoldenView("links") { state in
            let row = Fixtures.row(
                50, from: Fixtures.bia, "https://exemplo.com/um e https://exemplo.com/dois",
                at: Fixtures.at(14, 4))
            _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
            state.press("alt-m", "o", "down")
        },
        GoldenView("paste") { state in
            _ = state.update(.input(.paste((1...14).map { "linha \($0)" }.joined(separator: "\n"))))
        },
        GoldenView("help") { $0.press("f1") },
        GoldenView("help-end") { state in
            state.press("f1")
            for _ in 0..<40 { state.press("pagedown") }
        },
        GoldenView("keys") { $0.press("\"/keys", "enter", "ctrl-k", "up", "x", "f9") },
        GoldenView("switcher") { $0.press("ctrl-k", "\"a") },
        GoldenView("find") { state in
            state.press("ctrl-n", "\"ro")
            state.wait(.seconds(1))
            let people = [
                Person(id: Fixtures.caio, name: "Caio Rocha", email: "caio@exemplo.com"),
                Person(id: UserID(9), name: "Rosa Prado", email: "rosa@exemplo.com"),
            ]
            _ = state.update(.peopleFound(people, query: "ro"))
            state.press("down")
        },
        GoldenView("find-nobody") { state in
            state.press("ctrl-n", "\"zz")
            state.wait(.seconds(1))
            _ = state.update(.peopleFound([], query: "zz"))
        },
        GoldenView("added") { state in
            _ = state.update(.contactAdded(UserID(9), name: "Rosa Prado"))
            let rosa = Conversation(peer: UserID(9), name: "Rosa Prado", email: "rosa@exemplo.com")
            _ = state.update(.conversationsLoaded(Fixtures.conversations + [rosa]))
            _ = state.update(
                .timelineLoaded(Timeline(peer: UserID(9), rows: [], hasOlder: false), draft: nil))
        },
    ]

    // MARK: The link

    private static let linkStates = [
        GoldenView("offline") { state in
            let next = state.instant + .seconds(7)
            let reason = LinkFailure.network(.refused(endpoint: "chat.exemplo.com:443"))
            _ = state.update(.change(.link(.offline(reason: reason, nextTry: next))))
            _ = state.update(.change(.outbox(OutboxSummary(queued: 3))))
        },
        GoldenView("connecting") { state in
            _ = state.update(.change(.link(.connecting)))
        },
        GoldenView("elsewhere") { state in
            _ = state.update(.change(.link(.inUseElsewhere)))
            _ = state.update(.change(.notice(.inUseElsewhere)))
        },
        GoldenView("refused-link") { state in
            _ = state.update(.change(.link(.refused)))
            _ = state.update(.change(.outbox(OutboxSummary(queued: 2, isPaused: true))))
        },
        GoldenView("not-here-yet") { state in
            _ = state.update(.change(.link(.offline(reason: .silence, nextTry: nil))))
            state.press("alt-2")
            _ = state.update(
                .timelineLoaded(
                    Timeline(peer: Fixtures.caio, rows: [], hasOlder: false, mayFetchOlder: true), draft: nil)
            )
        },
    ]

    // MARK: Before there are conversations

    private static let firstScreens = [
        GoldenView(bare: "starting") { _ in },
        GoldenView(bare: "loading") { state in
            _ = state.update(.started(account: Fixtures.account, link: .connecting, outbox: OutboxSummary()))
            _ = state.update(.conversationsLoaded([Fixtures.conversations[0]]))
            state.press("enter")
        },
        GoldenView(bare: "empty") { state in
            _ = state.update(.started(account: Fixtures.account, link: .online, outbox: OutboxSummary()))
            _ = state.update(.conversationsLoaded([]))
        },
        GoldenView(bare: "empty-offline") { state in
            let link = LinkState.offline(reason: .silence, nextTry: state.instant + .seconds(30))
            _ = state.update(.started(account: Fixtures.account, link: link, outbox: OutboxSummary()))
            _ = state.update(.conversationsLoaded([]))
        },
        GoldenView(bare: "sign-in") { state in
            signIn(&state)
            state.press("\"ana@exemplo.com", "tab", "\"segredo")
            _ = state.update(.signInRefused(.refused(status: 400, message: "Email ou senha inválidos")))
        },
        GoldenView(bare: "sign-in-server") { state in
            state.changesServer = true
            signIn(&state)
        },
        GoldenView(bare: "sign-in-again") { state in
            _ = state.update(.started(account: Fixtures.account, link: .refused, outbox: OutboxSummary()))
            _ = state.update(.conversationsLoaded(Fixtures.conversations))
            _ = state.update(.change(.notice(.signInAgain)))
        },
        GoldenView(bare: "register") { state in
            signIn(&state)
            state.press("f2", "\"Ana Lima")
        },
        GoldenView(bare: "register-invitation") { state in
            signIn(&state)
            state.press("f2", "\"Ana Lima", "tab", "\"ana@exemplo.com", "tab", "\"segredo", "enter")
            _ = state.update(.signInRefused(.refused(status: 400, message: "O cadastro exige um convite")))
        },
        GoldenView(bare: "registering") { state in
            signIn(&state)
            state.press("f2", "\"Ana Lima", "tab", "\"ana@exemplo.com", "tab", "\"segredo", "enter")
        },
    ]

    private static func signIn(_ state: inout AppState) {
        _ = state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
    }

    // MARK: Themes

    private static let themes = [
        GoldenView("ascii", colours: .none, ascii: true),
        GoldenView("ascii-dialog", colours: .none, ascii: true) { $0.press("ctrl-k") },
        themed("light", .light, .palette),
        themed("contrast", .contrast, .palette),
        themed("mono", .dark, .none),
        themed("eight-colours", .dark, .eight),
        themed("sixteen-colours", .light, .sixteen),
    ]

    private static func themed(_ name: String, _ kind: ThemeName, _ colours: ColourDepth) -> GoldenView {
        GoldenView(name, colours: colours) { state in
            state.context.theme = Theme(kind, colours: colours)
            state.press("alt-m")
        }
    }
}
