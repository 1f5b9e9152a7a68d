import ArgumentParser

/// What the public protocol suites are run with. It is no part of an installation.
@main
struct ConformanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mychat-conformance",
        abstract: "Put this package's protocol code before the public test suites.",
        subcommands: [ConformanceServer.self, AutobahnClient.self, Talk.self, Refusal.self])
}
