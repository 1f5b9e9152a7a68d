import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat sessions list|end|end-others`
struct Sessions: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sessions", abstract: HelpText.sessions.text,
            subcommands: [List.self, End.self, EndOthers.self], defaultSubcommand: List.self)
    }

    @OptionGroup var global: GlobalOptions
}

extension Sessions {
    /// `mychat sessions list`
    struct List: ResultCommand {
        static let title = "sessions list"

        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "list", abstract: HelpText.sessionsList.text)
        }

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let sessions = try await context.askingForSessions { () throws(ChatError) in
                    try await client.sessions.list()
                }
                let rows = sessions.map { session in
                    [
                        "\(session.id)", session.isCurrent ? context.strings.currentSession : "",
                        context.strings.lastSeen(LocalTime.dateAndTime(session.lastSeenAt)),
                        Sanitizer.line(session.address), Sanitizer.line(session.agent),
                    ]
                }
                return CommandResult(
                    fields: ["sessions": .array(sessions.map { Self.json($0) })],
                    lines: TextTable.lines(rows))
            }
        }

        private static func json(_ session: UserSession) -> JSONValue {
            [
                "id": .integer(session.id.rawValue), "current": .bool(session.isCurrent),
                "created_at": CommandJSON.time(session.createdAt),
                "last_seen_at": CommandJSON.time(session.lastSeenAt),
                "expires_at": CommandJSON.time(session.expiresAt), "address": .string(session.address),
                "agent": .string(session.agent),
            ]
        }
    }

    /// `mychat sessions end ID`
    struct End: ResultCommand {
        static let title = "sessions end"

        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "end", abstract: HelpText.sessionsEnd.text)
        }

        @OptionGroup var global: GlobalOptions

        @Argument(help: HelpText.sessionsEndID.help(.number))
        var id: Int64

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                try await context.askingForSessions { () throws(ChatError) in
                    try await client.sessions.end(SessionID(id))
                }
                return CommandResult(fields: ["ended": .integer(id)], lines: [context.strings.sessionEnded])
            }
        }
    }

    /// `mychat sessions end-others`
    struct EndOthers: ResultCommand {
        static let title = "sessions end-others"

        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "end-others", abstract: HelpText.sessionsEndOthers.text)
        }

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let count = try await context.askingForSessions { () throws(ChatError) in
                    try await client.sessions.endOthers()
                }
                return CommandResult(
                    fields: ["ended_count": .integer(Int64(count))],
                    lines: [context.strings.sessionsEnded(count)])
            }
        }
    }
}

extension CommandContext {
    /// Asks about sessions. A server without them has no such route, which is said in words.
    fileprivate func askingForSessions<Value>(
        _ body: () async throws(ChatError) -> Value
    ) async throws(CommandFailure) -> Value {
        do throws(ChatError) {
            return try await body()
        } catch {
            switch error {
            case .refused(status: 404, _), .unexpectedAnswer("HTTP status 404 without MyChat's envelope"),
                .unexpectedAnswer("HTTP status 404 without JSON"):
                throw CommandFailure(.refused, strings.noSessions)
            default: throw strings.failure(error)
            }
        }
    }
}
