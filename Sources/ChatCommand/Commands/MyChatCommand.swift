import ArgumentParser

/// A command of `mychat`: a value parsed from the command line. The parser runs it asynchronously, because completing
/// a name reads the cache.
protocol MyChatCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    /// The command's name in JSON output: its words, joined by spaces.
    static var title: String { get }
    /// Whether the command reads the configuration file.
    static var usesConfiguration: Bool { get }
    /// The variables that this command does not use: their values cannot make it fail.
    var unusedVariables: Set<String> { get }
}

/// Variables by purpose.
enum VariableGroup {
    /// Connecting to the server.
    static let connection: Set<String> = ["MYCHAT_TRANSPORT", "MYCHAT_CA_FILE"]
    /// Connecting, and selecting the server and the account.
    static let server: Set<String> = connection.union(["MYCHAT_URL", "MYCHAT_PROFILE", "MYCHAT_TOKEN"])
}

extension MyChatCommand {
    static var usesConfiguration: Bool { true }
    var unusedVariables: Set<String> { [] }
}

/// A command that finds or does something and reports it once.
protocol ResultCommand: MyChatCommand {
    /// Does the work.
    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult
}

/// A command that takes over the terminal, or prints while it runs.
protocol ScreenCommand: MyChatCommand {
    /// Does the work and returns the process's exit status.
    func present(in context: CommandContext) async throws(CommandFailure) -> Int32
}
