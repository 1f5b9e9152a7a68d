import ArgumentParser
import ChatScript
import ChatTUI
import ChatWire

/// `mychat script FILE…`: plays scenarios against a server.
struct Script: ScreenCommand {
    static let title = "script"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "script", abstract: HelpText.script.text,
            discussion: HelpText.scriptDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { list || check || baseURL != nil ? VariableGroup.server : [] }

    @Argument(
        help: HelpText.scriptFiles.help(.file),
        completion: .file(extensions: ["scenario"]))
    var files: [String]

    @Option(help: HelpText.scriptBaseURL.help(.url))
    var baseURL: String?

    @Option(
        help: HelpText.scriptAccounts.help(.file))
    var accounts: String?

    @Option(help: HelpText.scriptTag.help(.tag))
    var tag: [String] = []

    @Option(help: HelpText.scriptWithoutTag.help(.tag))
    var withoutTag: [String] = []

    @Option(help: HelpText.scriptVariable.help(.assignment))
    var set: [String] = []

    @Option(help: HelpText.scriptTimeout.help(.duration))
    var timeout = DurationArgument(.seconds(5))

    @Option(help: HelpText.scriptJobs.help(.number))
    var jobs = 1

    @Flag(help: HelpText.scriptKeepGoing.help)
    var keepGoing = false

    @Option(
        help: HelpText.scriptTrace.help(.file))
    var record: String?

    @Option(
        help: HelpText.scriptReport.help(.format),
        completion: .list(ScenarioReport.Format.allCases.map(\.rawValue)),
        transform: Script.format)
    var report = ScenarioReport.Format.text

    @Flag(help: HelpText.scriptAllowRegister.help)
    var allowRegister = false

    @Flag(help: HelpText.scriptAllowDestructive.help)
    var allowDestructive = false

    @Flag(help: HelpText.scriptList.help)
    var list = false

    @Flag(help: HelpText.scriptCheck.help)
    var check = false

    func validate() throws {
        if files.isEmpty { throw ValidationError(CommandLanguage.words(for: .noFiles)) }
        if jobs < 1 || jobs > 64 {
            throw ValidationError(CommandLanguage.words(for: .notInRange("--jobs", 1, 64)))
        }
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError(CommandLanguage.words(for: .setNeedsValue))
        }
    }

    private static func format(_ text: String) throws -> ScenarioReport.Format {
        guard let format = ScenarioReport.Format(rawValue: text) else {
            throw ValidationError(
                CommandLanguage.words(for: .noneOf(Sanitizer.line(text), choices: "text, tap, junit, compat"))
            )
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
