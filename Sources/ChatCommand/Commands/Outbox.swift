import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat outbox list|retry|cancel`
struct Outbox: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "outbox", abstract: HelpText.outbox.text,
            subcommands: [List.self, Retry.self, Cancel.self], defaultSubcommand: List.self)
    }

    @OptionGroup var global: GlobalOptions
}

extension Outbox {
    /// `mychat outbox list`
    struct List: ResultCommand {
        static let title = "outbox list"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "list", abstract: HelpText.outboxList.text)
        }

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withCache { client, _ throws(CommandFailure) in
                let letters = try await UnsentLetters.all(of: client, context)
                let fields: JSONObject = ["messages": .array(letters.map(\.json))]
                guard !letters.isEmpty else {
                    return CommandResult(fields: fields, lines: [context.strings.outboxEmpty])
                }
                return CommandResult(
                    fields: fields, lines: TextTable.lines(letters.map { $0.columns(context) }))
            }
        }
    }

    /// `mychat outbox retry ID…|--all`
    struct Retry: ResultCommand {
        static let title = "outbox retry"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "retry", abstract: HelpText.outboxRetry.text,
                discussion: HelpText.outboxRetryDetails.text)
        }

        @OptionGroup var global: GlobalOptions
        @OptionGroup var choice: LetterChoice
        @OptionGroup var patience: PatienceOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let letters = try await choice.letters(of: client, context)
                for letter in letters {
                    try await context.asking { () throws(ChatError) in
                        try await client.outbox.retry(letter.tempID)
                    }
                }
                let wait = ServerWait(client: client, strings: context.strings)
                let untold = await wait.until(timeout: patience.timeout.duration) { () throws(ChatError) in
                    for letter in letters
                    where try await client.outbox.outcome(of: letter.tempID, timeout: .zero) == .queued {
                        return false
                    }
                    return true
                }
                let outcomes = try await outcomes(of: letters, client, context)
                return result(outcomes, untold: untold, context)
            }
        }

        private func outcomes(
            of letters: [UnsentLetter], _ client: ChatClient, _ context: CommandContext
        ) async throws(CommandFailure) -> [(UnsentLetter, SendOutcome)] {
            var outcomes: [(UnsentLetter, SendOutcome)] = []
            for letter in letters {
                let outcome = try await context.asking { () throws(ChatError) in
                    try await client.outbox.outcome(of: letter.tempID, timeout: .zero)
                }
                outcomes.append((letter, outcome))
            }
            return outcomes
        }

        private func result(
            _ outcomes: [(UnsentLetter, SendOutcome)], untold: CommandFailure?, _ context: CommandContext
        ) -> CommandResult {
            let strings = context.strings
            var lines: [String] = []
            var remark: String?
            var status = ExitStatus.success
            for (letter, outcome) in outcomes {
                switch outcome {
                case .sent(let message):
                    lines.append(strings.sent(to: CleanLine(letter.name), id: message.id))
                case .failed(let reason):
                    remark = strings.refusedMessage(strings.serverLine(reason))
                    status = .refused
                case .held:
                    remark = remark ?? strings.heldMessage
                    if status == .success { status = .queued }
                case .queued, .discarded: break
                }
            }
            let fields: JSONObject = [
                "messages": .array(outcomes.map { letter, outcome in letter.json(after: outcome) })
            ]
            if status != .success {
                return CommandResult(status: status, fields: fields, lines: lines, remark: remark)
            }
            return patience.result(fields: fields, lines: lines, untold: untold, context)
        }
    }

    /// `mychat outbox cancel ID…|--all`
    struct Cancel: ResultCommand {
        static let title = "outbox cancel"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "cancel", abstract: HelpText.outboxCancel.text,
                discussion: HelpText.outboxCancelDetails.text)
        }

        @OptionGroup var global: GlobalOptions
        @OptionGroup var choice: LetterChoice

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let letters = try await choice.letters(of: client, context)
                for letter in letters {
                    try await context.asking { () throws(ChatError) in
                        try await client.outbox.discard(letter.tempID)
                    }
                }
                return CommandResult(
                    fields: ["cancelled": .array(letters.map(\.json))],
                    lines: letters.map {
                        context.strings.cancelled(CleanLine($0.name), TextTable.excerpt($0.row.content))
                    })
            }
        }
    }
}
