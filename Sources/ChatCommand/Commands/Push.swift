import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat push listen|test|unsubscribe`
struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Receive notifications of a server on this machine.",
        subcommands: [Listen.self, Test.self, Unsubscribe.self])

    @OptionGroup var global: GlobalOptions
}

extension Push {
    /// `mychat push listen [--notify COMMAND | --desktop] [--count N]`
    struct Listen: ScreenCommand {
        static let title = "push listen"

        static let configuration = CommandConfiguration(
            commandName: "listen", abstract: "Subscribe to Web Push and print what comes, until a signal.",
            discussion: """
                The endpoint is on this machine's loopback address, so the server must run here too, and \
                allow it: mychat-server --push-allow-private. A server pushes to people who are not \
                connected.
                """)

        @OptionGroup var global: GlobalOptions

        @Option(
            help: ArgumentHelp(
                "Run this shell command for each, with title and text as its arguments.", valueName: "command"
            ))
        var notify: String?

        @Flag(help: "Show each on the desktop, with notify-send.")
        var desktop = false

        @Option(help: "End after this many.")
        var count: Int?

        func validate() throws {
            if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
            if desktop, notify != nil { throw ValidationError("Give --notify or --desktop, not both.") }
        }

        func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
            let result = try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let receiver = try await context.asking { () throws(ChatError) in
                    try await client.openPushReceiver()
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
                    try await client.closePushReceiver(receiver)
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

        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Have the server push a notification to your subscriptions.")

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                try await context.asking { () throws(ChatError) in try await client.testPushes() }
                return CommandResult(
                    fields: [:], lines: [context.strings.pushSent])
            }
        }
    }

    /// `mychat push unsubscribe`
    struct Unsubscribe: ResultCommand {
        static let title = "push unsubscribe"

        static let configuration = CommandConfiguration(
            commandName: "unsubscribe", abstract: "End a subscription that 'push listen' has left behind.")

        @OptionGroup var global: GlobalOptions

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let existed = try await context.asking { () throws(ChatError) in
                    try await client.unsubscribeFromPushes()
                }
                let line = existed ? context.strings.pushesEnded : context.strings.noPushes
                return CommandResult(fields: ["existed": .bool(existed)], lines: [line])
            }
        }
    }
}
