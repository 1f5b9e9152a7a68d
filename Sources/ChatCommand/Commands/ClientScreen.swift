import ChatClientCore
import ChatTUI
import ChatWire

/// Opens the full-screen client on the terminal.
enum ClientScreen {
    /// Shows the client until the person leaves; says what stays unsent.
    ///
    /// - Returns: the exit status for the shell.
    static func run(_ client: ChatClient, in context: CommandContext) async throws(CommandFailure) -> Int32 {
        let settings = context.settings
        let options = TerminalOptions(
            language: settings.language, theme: settings.theme, colour: settings.colour, ascii: settings.ascii
        )
        let environment = context.environment
        // The screen takes the thread that it runs on; signals belong to the main one.
        let end = await MainActor.run { () -> Result<TerminalExit, TerminalError> in
            do throws(TerminalError) {
                return .success(
                    try TerminalClient.run(client: client, options: options, environment: environment))
            } catch {
                return .failure(error)
            }
        }
        await client.disconnect()
        switch end {
        case .success(let exit):
            if let message = exit.message(in: settings.language) {
                context.output.write(message + "\n", to: .standardError)
            }
            return exit.code
        case .failure(let error):
            throw CommandFailure(.usage, error.message(in: settings.language))
        }
    }
}
