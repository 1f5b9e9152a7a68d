import ArgumentParser

/// A command of `mychat`: a value parsed from the command line. Asynchronous for the parser, since completing a
/// name reads the cache.
protocol MyChatCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
    /// The command in JSON output: its words, joined by a blank.
    static var title: String { get }
    /// Whether the configuration file counts for the command.
    static var usesConfiguration: Bool { get }
}

extension MyChatCommand {
    static var usesConfiguration: Bool { true }
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
