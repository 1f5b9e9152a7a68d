import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire
import Synchronization

extension ExportFormat: ExpressibleByArgument {}

extension Cache {
    /// `mychat cache export [WHO] [--format jsonl|markdown|text] [--output FILE]`
    struct Export: ScreenCommand {
        static let title = "cache export"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "export", abstract: HelpText.cacheExport.text,
                discussion:
                    "A file that is made is readable by its owner only. 'man mychat' lists the keys of jsonl."
            )
        }

        @OptionGroup var global: GlobalOptions

        var unusedVariables: Set<String> { VariableGroup.connection }

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String?

        @Option(help: HelpText.cacheExportFormat.help(.format))
        var format = ExportFormat.jsonLines

        @Option(
            name: .shortAndLong,
            help: HelpText.cacheExportFile.help(.file),
            completion: .file())
        var output: String?

        func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
            let result = try await context.withCache { client throws(CommandFailure) in
                var peer: UserID?
                if let who {
                    peer = try await RecipientFinder(
                        context: context, client: client, care: .revocable
                    ).find(who).id
                }
                let drain = try drain(context)
                do throws(CommandFailure) {
                    try await export(peer, from: client, to: drain, context)
                } catch {
                    drain.abandon()
                    // A reader that has gone wants no more; other failures of the output are reported at the end.
                    guard context.output.failure == nil else {
                        return CommandResult(fields: [:], lines: [])
                    }
                    throw error
                }
                return CommandResult(fields: [:], lines: [])
            }
            return result.status.rawValue
        }

        private func drain(_ context: CommandContext) throws(CommandFailure) -> ExportDrain {
            do throws(SystemError) {
                return ExportDrain(try OutputFile(output ?? "-", output: context.output))
            } catch {
                throw context.strings.failure(error)
            }
        }

        private func export(
            _ peer: UserID?, from client: ChatClient, to drain: ExportDrain, _ context: CommandContext
        ) async throws(CommandFailure) {
            let style = ExportStyle(
                ownName: await client.owner?.name ?? "", time: { LocalTime.dateAndTime($0) },
                clean: { Sanitizer.text($0) })
            do throws(ExportError<SystemError>) {
                try await client.cache.exportMessages(with: peer, format: format, style: style) {
                    (bytes) throws(SystemError) in try drain.take(bytes)
                }
            } catch {
                switch error {
                case .client(let error): throw context.strings.failure(error)
                case .writing(let error): throw context.strings.failure(error)
                }
            }
            do throws(SystemError) { try drain.finish() } catch { throw context.strings.failure(error) }
        }
    }
}

/// Collects the small pieces of an export into large ones.
final class ExportDrain: Sendable {
    private let file: OutputFile
    private let waiting = Mutex<[UInt8]>([])
    private static let pieceSize = 64 * 1024

    init(_ file: OutputFile) {
        self.file = file
    }

    func take(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
        let piece = waiting.withLock { waiting -> [UInt8]? in
            waiting += bytes
            guard waiting.count >= Self.pieceSize else { return nil }
            defer { waiting = [] }
            return waiting
        }
        if let piece { try file.write(piece) }
    }

    /// Everything was passed in: the file moves to its place.
    func finish() throws(SystemError) {
        let rest = waiting.withLock { $0 }
        if !rest.isEmpty { try file.write(rest) }
        try file.finish()
    }

    /// Removes the partially written file.
    func abandon() { file.abandon() }
}
