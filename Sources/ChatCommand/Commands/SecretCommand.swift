import ChatTUI
import Glibc

/// Runs the person's own program for a secret: the first line of its output.
enum SecretCommand {
    /// Its time limit: it may itself ask for a passphrase.
    private static let milliseconds = 120_000
    /// In bytes; tokens are longer than passwords.
    private static let lengthMax = 16 * 1024

    /// The same while the screen is in use: the program cannot ask on the terminal. Nil when it fails.
    static func runSilently(_ command: ExternalCommand, environment: [String: String]) async -> String? {
        let result = await BlockingThread.run { () -> Result<String, Trouble> in
            capture(command, environment, isSilent: true)
        }
        return try? result.get()
    }

    static func run(_ command: ExternalCommand, context: CommandContext) async throws(CommandFailure)
        -> String
    {
        let environment = context.environment
        let result = await BlockingThread.run { () -> Result<String, Trouble> in
            capture(command, environment, isSilent: false)
        }
        switch result {
        case .success(let secret): return secret
        case .failure(let trouble):
            let name = Sanitizer.line(command.arguments.last ?? "")
            throw CommandFailure(
                .unauthorized, context.strings.commandFailed(name, trouble.reason),
                advice: context.strings.signInAdvice)
        }
    }

    private struct Trouble: Error {
        var reason: String
    }

    private static func capture(
        _ command: ExternalCommand, _ environment: [String: String], isSilent: Bool
    ) -> Result<String, Trouble> {
        guard let program = ExecutablePath.find(command.arguments[0], environment: environment) else {
            return .failure(Trouble(reason: "\(Sanitizer.line(command.arguments[0])): not found"))
        }
        do throws(SystemError) {
            // The program keeps the terminal and its process group, because pinentry and pass ask there.
            let child = try ChildProcess(
                executable: program, arguments: Array(command.arguments.dropFirst()),
                environment: environment,
                input: isSilent ? .null : .inherited, output: .pipe,
                error: isSilent ? .null : .inherited, isGroupLeader: isSilent)
            let line = try child.readLine(limit: lengthMax, milliseconds: milliseconds)
            child.closeOutput()
            let ended = child.end(milliseconds: 2000)
            guard ended == .exited(0) || (line != nil && ended == .signalled(SIGPIPE)) else {
                return .failure(Trouble(reason: ended.map { "\($0)" } ?? "still running"))
            }
            guard let line, !line.isEmpty else { return .failure(Trouble(reason: "no output")) }
            return .success(String(decoding: line, as: UTF8.self))
        } catch {
            return .failure(Trouble(reason: "\(error)"))
        }
    }
}
