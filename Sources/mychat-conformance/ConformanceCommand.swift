import ArgumentParser

/// The peer of the public protocol suites. It is not installed.
@main
struct ConformanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mychat-conformance",
        abstract: "Put this package's protocol code before the public test suites.",
        subcommands: [ConformanceServer.self, AutobahnClient.self, Talk.self, Refusal.self])
}
