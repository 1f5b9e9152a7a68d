import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat push listen|test|unsubscribe`
struct Push: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "push", abstract: HelpText.push.text,
            subcommands: [Listen.self, Test.self, Unsubscribe.self])
    }

    @OptionGroup var global: GlobalOptions
}

extension Push {
    /// `mychat push listen [--notify COMMAND | --desktop] [--count N]`
    struct Listen: ScreenCommand {
        static let title = "push listen"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "listen", abstract: HelpText.pushListen.text,
                discussion: HelpText.pushListenDetails.text)
        }

        @OptionGroup var global: GlobalOptions

        @Option(
            help: HelpText.pushCommand.help(.command))
        var notify: String?

        @Flag(help: HelpText.pushDesktop.help)
        var desktop = false

        @Option(help: HelpText.pushCount.help(.count))
        var count: Int?

        func validate() throws {
            if let count, count < 1 {
                throw ValidationError(CommandLanguage.words(for: .notInRange("--count", 1, nil)))
            }
            if desktop, notify != nil {
                throw ValidationError(CommandLanguage.words(for: .notBoth("--notify", "--desktop")))
            }
        }

        func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
            let result = try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let receiver = try await context.asking { () throws(ChatError) in
                    try await client.pushes.open()
                }
                let requests: EndRequests
                do throws(SystemError) {
                    requests = try EndRequests { Task { await receiver.stop() } }
                } catch {
                    throw context.strings.failure(error)
                }
                defer { withExtendedLifetime(requests) {} }
                await listen(receiver, context)
                try await context.asking { () throws(ChatError) in
                    try await client.pushes.close(receiver)
                }
                return CommandResult(fields: [:], lines: [])
            }
            return result.status.rawValue
        }

        private func listen(_ receiver: PushReceiver, _ context: CommandContext) async {
            let printer = PushPrinter(context: context)
            printer.began(receiver.endpoint)
            guard context.output.failure == nil else { return }
            var received = 0
            for await event in receiver.events {
                switch event {
                case .push(let push):
                    printer.received(push)
                    await PushNotifier(command: notify, usesDesktop: desktop).show(push, context)
                    received += 1
                case .rejected(let rejection):
                    printer.rejected(rejection)
                case .answered: break
                }
                if received == count || context.output.failure != nil { return }
            }
        }
    }

    /// `mychat push test`
    struct Test: ResultCommand {
        static let title = "push test"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "test", abstract: HelpText.pushTest.text)
        }

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                try await context.asking { () throws(ChatError) in try await client.pushes.test() }
                return CommandResult(
                    fields: [:], lines: [context.strings.pushSent])
            }
        }
    }

    /// `mychat push unsubscribe`
    struct Unsubscribe: ResultCommand {
        static let title = "push unsubscribe"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "unsubscribe", abstract: HelpText.pushUnsubscribe.text)
        }

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let existed = try await context.asking { () throws(ChatError) in
                    try await client.pushes.end()
                }
                let line = existed ? context.strings.pushesEnded : context.strings.noPushes
                return CommandResult(fields: ["existed": .bool(existed)], lines: [line])
            }
        }
    }
}
