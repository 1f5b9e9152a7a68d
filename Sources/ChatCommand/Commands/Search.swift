import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat search WORDS…`
struct Search: ResultCommand {
    static let title = "search"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "search", abstract: HelpText.search.text,
            discussion: HelpText.searchDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: HelpText.searchQuery.help(.words))
    var words: [String]

    @Option(
        name: .customLong("with"),
        help: HelpText.onlyWith.help(.who),
        completion: WhoArgument.completion)
    var who: String?

    @Option(name: .shortAndLong, help: HelpText.limit.help(.count))
    var limit = 20

    @Flag(help: HelpText.searchBest.help)
    var best = false

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError(CommandLanguage.words(for: .notInRange("--limit", 1, 1000)))
        }
    }

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        try await context.withSignedInClient { client, _ throws(CommandFailure) in
            var peer: UserID?
            if let who {
                peer = try await RecipientFinder(
                    context: context, client: client, care: .revocable
                ).find(who).id
            }
            let found = try await find(peer, client, context)
            let fields: JSONObject = [
                "hits": .array(found.hits.map(Self.json)), "has_more": .bool(found.next != nil),
                "unsearched": .integer(Int64(found.unsearched)),
            ]
            let lines = found.hits.map { line($0, context) }
            return CommandResult(
                fields: fields, lines: lines.isEmpty ? [context.strings.nothingFound] : lines,
                remark: found.unsearched > 0 ? context.strings.unsearched(found.unsearched) : nil)
        }
    }

    /// The requested number of hits: a page may have fewer and still not be the last.
    private func find(
        _ peer: UserID?, _ client: ChatClient, _ context: CommandContext
    ) async throws(CommandFailure) -> SearchPage {
        let text = words.joined(separator: " ")
        return try await context.asking { () throws(ChatError) in
            var hits: [SearchHit] = []
            var page = SearchPage(hits: [])
            repeat {
                page = try await client.history.search(
                    text, with: peer, after: page.next, limit: limit - hits.count,
                    order: best ? .best : .newest)
                hits += page.hits
            } while hits.count < limit && page.next != nil
            return SearchPage(hits: hits, next: page.next, unsearched: page.unsearched)
        }
    }

    private static func json(_ hit: SearchHit) -> JSONValue {
        [
            "with": CommandJSON.person(Recipient(id: hit.peer, name: hit.peerName, email: nil)),
            "message": CommandJSON.message(hit.row), "excerpt": .string(hit.excerpt),
            "matches": .array(
                hit.matches.map { [.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))] }),
        ]
    }

    private func line(_ hit: SearchHit, _ context: CommandContext) -> String {
        let ink = context.ink
        let name = ink.bold(Sanitizer.line(hit.peerName))
        let head = hit.row.isMine ? "\(context.strings.me) → \(name)" : name
        return "\(ink.faint(LocalTime.dateAndTime(hit.row.time)))  \(head)  \(Self.emphasised(hit, ink))"
    }

    /// The excerpt with its matches in bold. Each piece is sanitised by itself, because sanitising shifts the
    /// offsets.
    private static func emphasised(_ hit: SearchHit, _ ink: Ink) -> String {
        let bytes = Array(hit.excerpt.utf8)
        func piece(_ range: Range<Int>) -> String {
            Sanitizer.line(String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self))
        }
        var line = ""
        var end = 0
        for match in hit.matches where match.lowerBound >= end {
            line += piece(end..<match.lowerBound) + ink.bold(piece(match))
            end = match.upperBound
        }
        return line + piece(end..<max(end, bytes.count))
    }
}
