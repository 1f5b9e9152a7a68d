import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat cache check|compact|export|forget`
struct Cache: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Look after the messages that this machine keeps.",
        discussion: "No server is asked, and other programs may use the account meanwhile.",
        subcommands: [Check.self, Compact.self, Export.self, Forget.self])

    @OptionGroup var global: GlobalOptions
}

extension CommandContext {
    /// Runs the body with a client whose cache is open, whether or not its token is still valid.
    func withCache(
        _ body: (ChatClient) async throws(CommandFailure) -> CommandResult
    ) async throws(CommandFailure) -> CommandResult {
        let client = try makeClient()
        try await signInByToken(client)
        guard await client.owner != nil else { throw strings.failure(ChatError.notSignedIn) }
        return try await body(client)
    }
}

extension Cache {
    /// `mychat cache check`
    struct Check: ResultCommand {
        static let title = "cache check"

        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Examine the cache, and say what it holds.")

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client throws(CommandFailure) in
                let report = try await context.asking { () throws(ChatError) in try await client.checkCache()
                }
                let fields: JSONObject = [
                    "sound": .bool(report.problems.isEmpty),
                    "problems": .array(report.problems.map { .string($0) }),
                    "messages": .integer(Int64(report.messages)),
                    "conversations": .integer(Int64(report.conversations)),
                    "unsent": .integer(Int64(report.unsent)), "drafts": .integer(Int64(report.drafts)),
                    "bytes": .integer(report.bytes),
                    "set_aside": .array(report.setAside.map { .string($0) }),
                ]
                let lines =
                    [context.strings.cacheContents(report)] + report.problems.map { Sanitizer.line($0) }
                    + report.setAside.map { context.strings.cacheSetAside(Sanitizer.line($0)) }
                guard report.problems.isEmpty else {
                    return CommandResult(
                        status: .storage, fields: fields, lines: lines,
                        remark: context.strings.cacheUnsound)
                }
                return CommandResult(fields: fields, lines: lines + [context.strings.cacheSound])
            }
        }
    }

    /// `mychat cache compact`
    struct Compact: ResultCommand {
        static let title = "cache compact"

        static let configuration = CommandConfiguration(
            commandName: "compact", abstract: "Bring the cache into the least room.",
            discussion: "Needs as much free space as the cache takes, until it is done.")

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client throws(CommandFailure) in
                let (before, after) = try await context.asking { () throws(ChatError) in
                    try await client.compactCache()
                }
                return CommandResult(
                    fields: ["bytes_before": .integer(before), "bytes_after": .integer(after)],
                    lines: [context.strings.cacheCompacted(before, after)])
            }
        }
    }

    /// `mychat cache forget [WHO] [--older-than AGE]`
    struct Forget: ResultCommand {
        static let title = "cache forget"

        static let configuration = CommandConfiguration(
            commandName: "forget", abstract: "Remove messages from this machine, not from the server.",
            discussion: """
                Unsent and unread messages and drafts stay. What goes is overwritten on the disk. Where the \
                server gives older pages, scrolling back fetches it again.
                """)

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String?

        @Option(help: ArgumentHelp("Only messages older than this, such as 90d.", valueName: "age"))
        var olderThan: DurationArgument?

        func validate() throws {
            guard who != nil || olderThan != nil else {
                throw ValidationError("Say whose messages to forget, or from which age on (--older-than).")
            }
        }

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client throws(CommandFailure) in
                var peer: UserID?
                if let who {
                    peer = try await RecipientFinder(context: context, client: client).find(who).id
                }
                let time = olderThan.map { age in
                    Timestamp(seconds: Timestamp.now.seconds - age.duration.components.seconds)
                }
                let count = try await context.asking { () throws(ChatError) in
                    try await client.forgetMessages(with: peer, olderThan: time)
                }
                return CommandResult(
                    fields: ["forgotten": .integer(Int64(count))],
                    lines: [context.strings.cacheForgotten(count)])
            }
        }
    }
}
