import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire
import Glibc
import Synchronization

extension ExportFormat: ExpressibleByArgument {}

extension Cache {
    /// `mychat cache export [WHO] [--format jsonl|markdown|text] [--output FILE]`
    struct Export: ScreenCommand {
        static let title = "cache export"

        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the messages of one conversation, or of all.",
            discussion:
                "A file that is made is readable by its owner only. 'man mychat' lists the keys of jsonl.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String?

        @Option(help: "jsonl, markdown or text.")
        var format = ExportFormat.jsonLines

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("The file to write; standard output otherwise.", valueName: "file"),
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
                    throw error
                }
                return CommandResult(fields: [:], lines: [])
            }
            return result.status.rawValue
        }

        private func drain(_ context: CommandContext) throws(CommandFailure) -> ExportDrain {
            do throws(SystemError) {
                return try ExportDrain(path: output, output: context.output)
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
                try await client.exportMessages(with: peer, format: format, style: style) {
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

/// Where an export goes: a file that takes its place as a whole, or standard output.
final class ExportDrain: Sendable {
    private let path: String?
    private let descriptor: Int32?
    private let output: any OutputSink
    private let waiting = Mutex<[UInt8]>([])
    private static let pieceSize = 64 * 1024

    init(path: String?, output: any OutputSink) throws(SystemError) {
        self.path = path
        self.output = output
        guard let path else {
            descriptor = nil
            return
        }
        let temporary = Self.temporary(path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current("open", path: path) }
        self.descriptor = descriptor
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    private static func temporary(_ path: String) -> String { "\(path).\(getpid()).new" }

    func take(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
        let piece = waiting.withLock { waiting -> [UInt8]? in
            waiting += bytes
            guard waiting.count >= Self.pieceSize else { return nil }
            defer { waiting = [] }
            return waiting
        }
        if let piece { try write(piece) }
    }

    /// Everything was given: the file is put in its place.
    func finish() throws(SystemError) {
        try write(waiting.withLock { waiting in waiting })
        guard let path, let descriptor else { return }
        guard fsync(descriptor) == 0 else { throw .current("fsync", path: path) }
        guard rename(Self.temporary(path), path) == 0 else { throw .current("rename", path: path) }
    }

    /// What was written of a file goes.
    func abandon() {
        if let path { unlink(Self.temporary(path)) }
    }

    private func write(_ bytes: [UInt8]) throws(SystemError) {
        if let descriptor {
            try FileSystem.write(bytes, to: descriptor)
        } else {
            output.write(String(decoding: bytes, as: UTF8.self), to: .standardOutput)
        }
    }
}
