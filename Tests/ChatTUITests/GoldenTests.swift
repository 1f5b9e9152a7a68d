import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Every view in three sizes and every language, and the styles that it has.
struct GoldenTests {
    static let sizes = [(40, 12), (80, 24), (132, 43)]

    @Test(arguments: GoldenView.all)
    func view(_ view: GoldenView) throws {
        var parts: [(String, String)] = []
        for (columns, rows) in Self.sizes {
            for language in Language.allCases {
                let screen = AppView.render(view.state(columns, rows, language))
                let heading = "\(columns)x\(rows) \(language.rawValue)"
                parts.append((heading, Golden.text(screen)))
                try Golden.writeANSI("\(view.name)-\(columns)x\(rows)-\(language.rawValue)", screen)
            }
        }
        let state = view.state(80, 24, .english)
        parts.append(("80x24 en, styles", Golden.styles(AppView.render(state), state.context.theme)))
        try Golden.check(view.name, parts)
    }

    /// Line by line there is no size: what is said in the course of a conversation.
    @Test func plainMode() throws {
        try Golden.check("plain", Language.allCases.map { ($0.rawValue, Self.plainTranscript($0)) })
    }

    /// A view that is gone must not leave its screens behind.
    @Test func everyKeptTextBelongsToAView() throws {
        #expect(try Golden.kept() == (GoldenView.all.map(\.name) + ["plain"]).sorted())
    }

    private static func plainTranscript(_ language: Language) -> String {
        var state = PlainState(
            language: language, now: Fixtures.at(14, 5), instant: MonotonicInstant(nanoseconds: 0))
        state.model.calendar = .utc
        var lines: [String] = []
        func take(_ event: AppEvent) { lines += state.update(event).lines }
        func enter(_ english: String, _ portuguese: String, _ spanish: String) {
            let line =
                switch language {
                case .english: english
                case .brazilianPortuguese: portuguese
                case .spanish: spanish
                }
            lines.append("> " + line)
            lines += state.enter(line).lines
        }
        take(.started(account: Fixtures.account, link: .connecting, outbox: OutboxSummary()))
        take(.conversationsLoaded(Fixtures.conversations))
        take(.change(.link(.online)))
        enter("/goto bia", "/ir bia", "/ir bia")
        take(.timelineLoaded(Fixtures.timeline(), draft: nil))
        enter("/typing on", "/digitando sim", "/escribiendo sí")
        enter("/status", "/estado", "/estado")
        enter("/list", "/lista", "/lista")
        enter("/outbox", "/saida", "/bandeja")
        take(.outboxLoaded(OutboxViewTests.entries))
        enter("/search servidor", "/buscar servidor", "/buscar servidor")
        take(
            .searched(
                SearchQuestion(text: "servidor", peer: Fixtures.bia), SearchPage(hits: SearchTests.hits),
                isMore: false))
        enter("/delete-conversation", "/apagar-conversa", "/borrar-conversacion")
        enter("no", "não", "no")
        enter("/nothing", "/nada", "/nada")
        take(.change(.link(.offline(reason: .silence, nextTry: nil))))
        take(.change(.notice(.inUseElsewhere)))
        enter("/help", "/ajuda", "/ayuda")
        return lines.joined(separator: "\n") + "\n"
    }
}
