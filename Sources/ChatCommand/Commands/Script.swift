import ArgumentParser
import ChatScript
import ChatTUI
import ChatWire

/// `mychat script FILE…`: plays scenarios against a server.
struct Script: ScreenCommand {
    static let title = "script"

    static let configuration = CommandConfiguration(
        commandName: "script", abstract: "Play scenarios against a server, and report what differs.",
        discussion: """
            mychat-script(5) has the language. On servers that are not on this machine, people are signed up \
            with --allow-register only, and things are deleted with --allow-destructive only.
            """)

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { list || check || baseURL != nil ? VariableGroup.server : [] }

    @Argument(
        help: ArgumentHelp("Scenarios, or directories with files that end in .scenario.", valueName: "file"),
        completion: .file(extensions: ["scenario"]))
    var files: [String]

    @Option(help: ArgumentHelp("The server; else that of the other commands.", valueName: "url"))
    var baseURL: String?

    @Option(
        help: ArgumentHelp("Use these existing accounts (JSON) before signing up others.", valueName: "file"))
    var accounts: String?

    @Option(help: ArgumentHelp("Only scenarios with one of these tags.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("No scenarios with one of these tags.", valueName: "tag"))
    var withoutTag: [String] = []

    @Option(help: ArgumentHelp("A variable for the scenarios; never printed.", valueName: "name=value"))
    var set: [String] = []

    @Option(help: ArgumentHelp("How long a step waits.", valueName: "duration"))
    var timeout = DurationArgument(.seconds(5))

    @Option(help: ArgumentHelp("How many scenarios are played at a time.", valueName: "number"))
    var jobs = 1

    @Flag(help: "Go on after a scenario has failed.")
    var keepGoing = false

    @Option(
        help: ArgumentHelp("Write all that goes over the wire to this file, redacted.", valueName: "file"))
    var record: String?

    @Option(
        help: ArgumentHelp("text, tap, junit or compat.", valueName: "format"),
        completion: .list(ScenarioReport.Format.allCases.map(\.rawValue)),
        transform: Script.format)
    var report = ScenarioReport.Format.text

    @Flag(help: "Sign people up on servers elsewhere too.")
    var allowRegister = false

    @Flag(help: "Delete what scenarios make, and what they ask for, on servers elsewhere too.")
    var allowDestructive = false

    @Flag(help: "Print what would be played, and end.")
    var list = false

    @Flag(help: "Look for mistakes in the files, and end.")
    var check = false

    func validate() throws {
        if files.isEmpty { throw ValidationError("Name a file or a directory.") }
        if jobs < 1 || jobs > 64 { throw ValidationError("--jobs takes a number from 1 to 64.") }
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError("--set takes name=value.")
        }
    }

    private static func format(_ text: String) throws -> ScenarioReport.Format {
        guard let format = ScenarioReport.Format(rawValue: text) else {
            throw ValidationError("'\(Sanitizer.line(text))' is none of text, tap, junit, compat")
        }
        return format
    }

    func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
        let scenarios = try ScriptFiles(context: context).scenarios(in: files).filter(isWanted)
        guard !scenarios.isEmpty else {
            throw CommandFailure(.usage, context.strings.noScenario)
        }
        if check || list { return show(scenarios, context) }
        return try await ScriptPlayer(command: self, context: context).play(scenarios)
    }

    private func isWanted(_ scenario: Scenario) -> Bool {
        (tag.isEmpty || !Set(tag).isDisjoint(with: scenario.tags))
            && Set(withoutTag).isDisjoint(with: scenario.tags)
    }

    private func show(_ scenarios: [Scenario], _ context: CommandContext) -> Int32 {
        for scenario in scenarios where list {
            let tags = scenario.tags.isEmpty ? "" : "  [\(scenario.tags.joined(separator: " "))]"
            let name = scenario.feature.isEmpty ? scenario.title : "\(scenario.feature): \(scenario.title)"
            context.output.write(
                Sanitizer.line("\(scenario.place)  \(name)\(tags)") + "\n", to: .standardOutput)
        }
        if check {
            let sum = context.strings.scenariosChecked(scenarios.count)
            context.output.write(sum + "\n", to: .standardOutput)
        }
        return ExitStatus.success.rawValue
    }
}
