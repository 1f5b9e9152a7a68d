import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat cache check|compact|export|forget`
struct Cache: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "cache", abstract: HelpText.cache.text,
            discussion: HelpText.cacheDetails.text,
            subcommands: [Check.self, Compact.self, Export.self, Forget.self])
    }

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

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "check", abstract: HelpText.cacheCheck.text)
        }

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client throws(CommandFailure) in
                let report = try await context.asking { () throws(ChatError) in try await client.cache.check()
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

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "compact", abstract: HelpText.cacheCompact.text,
                discussion: HelpText.cacheCompactDetails.text)
        }

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client throws(CommandFailure) in
                let (before, after) = try await context.asking { () throws(ChatError) in
                    try await client.cache.compact()
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

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "forget", abstract: HelpText.cacheForget.text,
                discussion: HelpText.cacheForgetDetails.text)
        }

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String?

        @Option(help: HelpText.cacheForgetAge.help(.age))
        var olderThan: DurationArgument?

        func validate() throws {
            guard who != nil || olderThan != nil else {
                throw ValidationError(CommandLanguage.words(for: .nothingToForget))
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
                    try await client.cache.forgetMessages(with: peer, olderThan: time)
                }
                return CommandResult(
                    fields: ["forgotten": .integer(Int64(count))],
                    lines: [context.strings.cacheForgotten(count)])
            }
        }
    }
}
