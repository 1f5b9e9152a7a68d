import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat watch`
struct Watch: ScreenCommand {
    static let title = "watch"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "watch", abstract: HelpText.watch.text,
            discussion: HelpText.watchDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("with"),
        help: HelpText.watchWith.help(.who),
        completion: WhoArgument.completion)
    var who: String?

    @Option(
        help: HelpText.watchKinds(WatchKind.allCases.map(\.rawValue).joined(separator: ", ")).help(.kind))
    var only: [WatchKind] = []

    @Option(help: HelpText.watchCount.help(.count))
    var count: Int?

    @Flag(help: HelpText.watchRead.help)
    var markRead = false

    func validate() throws {
        if let count, count < 1 {
            throw ValidationError(CommandLanguage.words(for: .notInRange("--count", 1, nil)))
        }
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
