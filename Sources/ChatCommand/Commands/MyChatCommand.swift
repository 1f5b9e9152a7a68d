import ArgumentParser

/// A command of `mychat`: a value parsed from the command line. Asynchronous for the parser, since completing a
/// name reads the cache.
protocol MyChatCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    /// The command in JSON output: its words, joined by a blank.
    static var title: String { get }
    /// Whether the configuration file counts for the command.
    static var usesConfiguration: Bool { get }
    /// The variables that this command has no use for: whatever they hold does not stop it.
    var unusedVariables: Set<String> { get }
}

/// Variables by what they are for.
enum VariableGroup {
    /// Connecting to the server.
    static let connection: Set<String> = ["MYCHAT_TRANSPORT", "MYCHAT_CA_FILE"]
    /// Connecting, and which server and account it is about.
    static let server: Set<String> = connection.union(["MYCHAT_URL", "MYCHAT_PROFILE", "MYCHAT_TOKEN"])
}

extension MyChatCommand {
    static var usesConfiguration: Bool { true }
    var unusedVariables: Set<String> { [] }
}

/// A command that finds or does something and says so once.
protocol ResultCommand: MyChatCommand {
    /// Does the work.
    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult
}

/// A command that takes the terminal over, or prints as it goes.
protocol ScreenCommand: MyChatCommand {
    /// Does the work and returns the process's exit status.
    func present(in context: CommandContext) async throws(CommandFailure) -> Int32
}
