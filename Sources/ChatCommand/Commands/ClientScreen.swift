import ChatClientCore
import ChatTUI
import ChatWire
import Logging

/// Opens the full-screen client on the terminal.
enum ClientScreen {
    /// How the person left the screen.
    enum Ending {
        /// The person quit, with this exit status for the shell.
        case left(status: Int32)
        /// The person switched to another profile.
        case profile(String)
        /// The person signs in on another server, with the data entered so far.
        case server(ServerURL, SignInDraft)
    }

    /// Shows the client until the person leaves; prints what stays unsent.
    ///
    /// - Returns: the exit status for the shell.
    static func run(_ client: ChatClient, in context: CommandContext) async throws(CommandFailure) -> Int32 {
        switch try await show(client, in: context) {
        case .left(let status): return status
        case .profile, .server: return ExitStatus.success.rawValue
        }
    }

    /// Shows the client until the person leaves it, perhaps for one of the `profiles`; prints what stays unsent.
    static func show(
        _ client: ChatClient, in context: CommandContext, profiles: [String]? = nil,
        changesServer: Bool = false, signIn: SignInDraft = SignInDraft()
    ) async throws(CommandFailure) -> Ending {
        let settings = context.settings
        if settings.plain { return try await runPlain(client, in: context) }
        var options = settings.terminal
        options.profiles = profiles
        options.changesServer = changesServer
        options.signIn = signIn
        // Whoever was signed out here most likely signs in again.
        if signIn == SignInDraft(), await client.account == nil, let owner = await client.owner {
            options.signIn.email = owner.email
        }
        let terminal = options
        let environment = context.environment
        let services = services(for: client, in: context)
        // The screen occupies its thread; the main thread handles signals.
        let end = await MainActor.run { () -> Result<TerminalExit, TerminalError> in
            do throws(TerminalError) {
                return .success(
                    try TerminalClient.run(
                        client: client, options: terminal, services: services,
                        environment: environment))
            } catch {
                return .failure(error)
            }
        }
        return try await finish(end, client, context)
    }

    /// Chats line by line. A person who is not signed in is asked to sign in, as by `mychat login`.
    private static func runPlain(
        _ client: ChatClient, in context: CommandContext
    ) async throws(CommandFailure) -> Ending {
        if await client.account == nil {
            let account = try await Login.signIn(client, context)
            let line = context.strings.signedIn(account.user, server: context.settings.server)
            let report = try SignInReport.result(account, line: line, context)
            context.output.write(report.lines.map { $0 + "\n" }.joined(), to: .standardOutput)
        }
        let options = context.settings.terminal
        let environment = context.environment
        let language = context.settings.language
        let end = await MainActor.run { () -> Result<TerminalExit, TerminalError> in
            do throws(TerminalError) {
                return .success(
                    try TerminalClient.runPlain(
                        client: client, language: language, ascii: options.ascii, environment: environment))
            } catch {
                return .failure(error)
            }
        }
        return try await finish(end, client, context)
    }

    private static func finish(
        _ end: Result<TerminalExit, TerminalError>, _ client: ChatClient, _ context: CommandContext
    ) async throws(CommandFailure) -> Ending {
        await client.disconnect()
        switch end {
        case .success(let exit):
            if let message = exit.message(in: context.settings.language) {
                context.output.write(message + "\n", to: .standardError)
            }
            switch exit.reason {
            case .profile(let name): return .profile(name)
            case .server(let server, let draft): return .server(server, draft)
            case .outputFailed(let code):
                throw CommandFailure(
                    .storage, context.strings.outputFailed(SystemError(code: code, operation: "write")))
            case .quit, .signal, .terminalLost: return .left(status: exit.code)
            }
        case .failure(let error):
            throw CommandFailure(.usage, error.message(in: context.settings.language))
        }
    }

    /// Saved state is kept beside the client's own files, so a demo does not touch the person's.
    private static func services(for client: ChatClient, in context: CommandContext) -> TerminalServices {
        let configuration = client.configuration
        let screen = RememberedScreen(
            directories: configuration.directories, profile: configuration.profile)
        let server = RememberedServer(
            directories: configuration.directories, profile: configuration.profile)
        let address = configuration.server
        let logger = context.logger
        let environment = context.environment
        return TerminalServices(
            preferences: screen.load(),
            keepPreferences: { preferences in
                do throws(SystemError) {
                    try screen.save(preferences)
                } catch {
                    logger.warning("the screen's layout could not be saved: \(error)")
                }
            },
            rememberServer: {
                do throws(SystemError) {
                    try server.save(address)
                } catch {
                    logger.warning("the server's address could not be saved: \(error)")
                }
            },
            notify: { title, body in
                // The program may hang; sending and saving must not wait for it.
                Task {
                    let failure = await BlockingThread.run {
                        DesktopNotification.show(title: title, body: body, environment: environment)
                    }
                    if let failure { logger.warning("a notification could not be shown: \(failure)") }
                }
            })
    }
}
