import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Glibc
import Logging

/// What a command works with: its settings, its input and its output.
struct CommandContext: Sendable {
    let settings: Settings
    let environment: [String: String]
    let input: any InputSource
    let output: any OutputSink
    let isJSON: Bool
    let logger: Logger
    let strings: any CommandCatalogue
    let ink: Ink

    init(
        settings: Settings, environment: [String: String], input: any InputSource, output: any OutputSink,
        isJSON: Bool
    ) {
        self.settings = settings
        self.environment = environment
        self.input = input
        self.output = output
        self.isJSON = isJSON
        var strings = settings.language.commands
        strings.trustAdvice = StaleTrust(environment: environment).map {
            strings.staleTrust($0.name, CleanLine($0.path))
        }
        self.strings = strings
        ink = Ink(isColoured: Self.isColoured(settings, output))
        // Without a home directory nothing is created in its place, not even a log.
        let isHomeless = settings.directories.missingHome != nil
        let file = LogFile(path: (isHomeless ? "/dev/null" : settings.directories.state) + "/mychat.log")
        let level = settings.logLevel
        logger = Logger(label: "mychat") { label in FileLogHandler(label: label, file: file, level: level) }
    }

    /// The lines that show a whole line on a terminal: continuation lines are indented. Elsewhere the line is
    /// unchanged.
    func fitted(_ line: String, indent: String = "    ") -> [String] {
        guard let columns = output.columns else { return [line] }
        return HangingText.lines(line, columns: columns, indent: indent)
    }

    private static func isColoured(_ settings: Settings, _ output: any OutputSink) -> Bool {
        switch settings.colour {
        case .always: true
        case .never: false
        case .automatic: output.isTerminal(.standardOutput)
        }
    }
}

extension CommandContext {
    /// How connections to the server are made.
    var netConfiguration: NetConfiguration {
        NetConfiguration(
            trust: TrustPolicy(authorityFile: settings.authorityFile, pins: settings.pins),
            proxy: settings.proxy)
    }

    /// A client for the server and profile of the settings, not connected yet.
    func makeClient() throws(CommandFailure) -> ChatClient {
        if let missing = settings.directories.missingHome { throw strings.failure(missing) }
        let configuration = ClientConfiguration(
            server: settings.server, directories: settings.directories, profile: settings.profile,
            net: netConfiguration, transport: settings.transport, heldAfter: settings.heldAfter,
            cacheLimits: settings.cacheLimits, signInAgain: secretSource, agent: Self.agent,
            logger: logger)
        let client: ChatClient
        do {
            client = try ChatClient(configuration: configuration)
        } catch {
            throw strings.failure(error)
        }
        if case .cacheSetAside(let path, let rescued)? = client.openingNotice {
            output.write(
                "mychat: \(strings.cacheWasSetAside(CleanLine(path), rescued))\n", to: .standardError)
        }
        return client
    }

    /// What the list of sessions shows. The machine's name is not in it: that is nobody's business.
    private static var agent: String { "mychat/\(ProgramVersion.text)" }

    /// The configured commands, for a token that expires while the client runs. The password is used for the
    /// configured address only.
    private var secretSource: (@Sendable (User) async -> ClientConfiguration.SignInSecret?)? {
        guard settings.tokenCommand != nil || settings.passwordCommand != nil else { return nil }
        let (settings, environment) = (settings, environment)
        return { user in
            if let command = settings.tokenCommand {
                return await SecretCommand.runSilently(command, environment: environment).map { .token($0) }
            }
            guard let command = settings.passwordCommand, let email = settings.email,
                email.lowercased() == user.email.lowercased()
            else { return nil }
            return await SecretCommand.runSilently(command, environment: environment)
                .map { .password($0, email: email) }
        }
    }

    /// Calls the client and turns its errors into errors of the command.
    func asking<Value>(_ body: () async throws(ChatError) -> Value) async throws(CommandFailure) -> Value {
        do throws(ChatError) {
            return try await body()
        } catch {
            throw strings.failure(error)
        }
    }

    /// Runs the body with a signed-in client, and disconnects the client afterwards.
    func withSignedInClient(
        _ body: (ChatClient, Account) async throws(CommandFailure) -> CommandResult
    ) async throws(CommandFailure) -> CommandResult {
        let client = try makeClient()
        let account = try await signIn(client)
        return try await disconnecting(client) { () throws(CommandFailure) in try await body(client, account)
        }
    }

    /// The same for a command that only reads the cache. It also works after the server has refused the token; then
    /// `body` gets no account.
    func withCache(
        _ body: (ChatClient, Account?) async throws(CommandFailure) -> CommandResult
    ) async throws(CommandFailure) -> CommandResult {
        let client = try makeClient()
        var account: Account?
        do throws(CommandFailure) {
            account = try await signIn(client)
        } catch {
            guard error.status == .unauthorized, await client.owner != nil else { throw error }
        }
        let reader = account
        return try await disconnecting(client) { () throws(CommandFailure) in try await body(client, reader) }
    }

    /// Runs the body, and disconnects the client however the body ends.
    private func disconnecting(
        _ client: ChatClient, _ body: () async throws(CommandFailure) -> CommandResult
    ) async throws(CommandFailure) -> CommandResult {
        let result: CommandResult
        do throws(CommandFailure) {
            result = try await body()
        } catch {
            await client.disconnect()
            throw error
        }
        await client.disconnect()
        return result
    }

    /// Signs in with `MYCHAT_TOKEN` when it is set.
    func signInByToken(_ client: ChatClient) async throws(CommandFailure) {
        guard let token = settings.token else { return }
        try await asking { () throws(ChatError) in _ = try await client.signIn(token: token) }
    }

    /// The account for commands: that of `MYCHAT_TOKEN`, the one in the profile, or one that the configured commands
    /// provide secrets for.
    private func signIn(_ client: ChatClient) async throws(CommandFailure) -> Account {
        try await signInByToken(client)
        if let account = await client.account { return account }
        if let command = settings.tokenCommand {
            let token = try await SecretCommand.run(command, context: self)
            return try await asking { () throws(ChatError) in try await client.signIn(token: token) }
        }
        if let command = settings.passwordCommand, let email = settings.email {
            let password = try await SecretCommand.run(command, context: self)
            return try await asking { () throws(ChatError) in
                try await client.signIn(email: email, password: password)
            }
        }
        throw strings.failure(ChatError.notSignedIn)
    }
}
