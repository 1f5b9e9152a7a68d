import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat watch`
struct Watch: ScreenCommand {
    static let title = "watch"

    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print what happens as it happens, until a signal.",
        discussion: """
            With --json each event is one object on a line. What came while the connection was down is told \
            when it is back, each message once. Unsent messages go out meanwhile, and other commands use the \
            connection of this one.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("Only the conversation with this person.", valueName: "who"),
        completion: WhoArgument.completion)
    var who: String?

    @Option(
        help: ArgumentHelp(
            "Only events of this kind; may be repeated: "
                + WatchKind.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "kind"))
    var only: [WatchKind] = []

    @Option(help: "End after this many messages of others.")
    var count: Int?

    @Flag(help: "Mark what is printed as read.")
    var markRead = false

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
    }

    func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
        let result = try await context.withSignedInClient { client, _ throws(CommandFailure) in
            var peer: UserID?
            if let who {
                peer = try await RecipientFinder(context: context, client: client).find(who).id
            }
            let printer = WatchPrinter(
                context: context, kinds: only.isEmpty ? Set(WatchKind.allCases) : Set(only))
            let watcher = Watcher(
                client: client, printer: printer, peer: peer, countMax: count, marksRead: markRead)
            let ending = try await untilSignal(watcher, await client.changes(), context)
            guard ending == .refused else { return CommandResult(fields: [:], lines: []) }
            throw context.strings.failure(await client.linkState)
        }
        return result.status.rawValue
    }

    /// Runs the watch until it ends, a signal arrives, or nobody reads its output any more.
    private func untilSignal(
        _ watcher: Watcher, _ changes: AsyncStream<ChatChange>, _ context: CommandContext
    ) async throws(CommandFailure) -> Watcher.Ending {
        let task = Task { () -> Result<Watcher.Ending, ChatError> in
            do throws(ChatError) { return .success(try await watcher.run(changes)) } catch {
                return .failure(error)
            }
        }
        let requests: EndRequests
        do throws(SystemError) {
            requests = try EndRequests { task.cancel() }
        } catch {
            throw context.strings.failure(error)
        }
        defer { withExtendedLifetime(requests) {} }
        return try await context.asking { () throws(ChatError) in try await task.value.get() }
    }
}
