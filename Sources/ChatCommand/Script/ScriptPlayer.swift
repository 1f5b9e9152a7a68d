import ChatCrypto
import ChatNet
import ChatScript
import ChatTUI
import ChatWire
import Synchronization

/// Plays scenarios for `mychat script` and prints the report as it goes.
struct ScriptPlayer {
    let command: Script
    let context: CommandContext

    func play(_ scenarios: [Scenario]) async throws(CommandFailure) -> Int32 {
        let directory = try reading { () throws(SystemError) in
            try FileSystem.makeTemporaryDirectory(prefix: "mychat-script", environment: context.environment)
        }
        let keeper = try reading { () throws(SystemError) in try DirectoryKeeper(directory: directory) }
        defer { keeper.release() }
        var settings = try settings(directory)
        let recording = Recording()
        if command.record != nil { settings.record = { recording.add($0) } }
        let record = try reading { () throws(SystemError) in
            try command.record.map { path throws(SystemError) in try OutputFile(path, output: context.output)
            }
        }
        let results: [ScenarioResult]
        do throws(CommandFailure) {
            results = try await run(scenarios, settings)
        } catch {
            record?.abandon()
            throw error
        }
        if let record { try keep(recording.bytes, in: record) }
        return status(of: results).rawValue
    }

    private func keep(_ bytes: [UInt8], in record: OutputFile) throws(CommandFailure) {
        do throws(SystemError) {
            try record.write(bytes)
            try record.finish()
        } catch {
            record.abandon()
            // For standard output the runner reports it.
            guard context.output.failure == nil else { return }
            throw context.strings.failure(error)
        }
    }

    private func run(_ scenarios: [Scenario], _ settings: RunSettings) async throws(CommandFailure)
        -> [ScenarioResult]
    {
        let runner = ScriptRunner(settings: settings)
        let information: ServerInformation?
        do throws(NetError) {
            information = try await runner.serverInformation()
        } catch {
            throw CommandFailure(.network, Sanitizer.line(error.description))
        }
        let name = information.map { " (\($0.name) \($0.version))" } ?? ""
        let printer = Printer(
            report: ScenarioReport(
                command.report, server: "\(settings.server)\(name)", total: scenarios.count),
            context: context, isText: command.report == .text)
        printer.begin()
        let capabilities = Set((information?.capabilities ?? []).map(\.rawValue))
        let results = await runner.run(scenarios, capabilities: capabilities) { printer.show($0) }
        printer.end(results)
        return results
    }

    // MARK: - Settings

    private func settings(_ directory: String) throws(CommandFailure) -> RunSettings {
        let trust = TrustPolicy(authorityFile: context.settings.authorityFile, pins: context.settings.pins)
        var settings = RunSettings(
            server: try server(), net: NetConfiguration(trust: trust, proxy: context.settings.proxy),
            directory: directory, logger: context.logger)
        settings.accounts = try accounts()
        for pair in command.set {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            settings.variables[String(parts[0])] = String(parts[1])
        }
        settings.timeout = command.timeout.duration
        settings.jobs = command.jobs
        settings.keepsGoing = command.keepGoing
        settings.allowsRegistering = command.allowRegister
        settings.allowsDeleting = command.allowDestructive
        return settings
    }

    private func server() throws(CommandFailure) -> ServerURL {
        guard let text = command.baseURL else { return context.settings.server }
        do throws(ServerURLError) {
            return try ServerURL(text)
        } catch {
            throw CommandFailure(.usage, context.strings.noBaseURL(CleanLine("\(error)")))
        }
    }

    /// From `--accounts`, or else from `MYCHAT_ACCOUNTS`: JSON, or a file with it.
    private func accounts() throws(CommandFailure) -> [ExistingAccount] {
        guard let source = command.accounts ?? context.environment["MYCHAT_ACCOUNTS"], !source.isEmpty else {
            return []
        }
        var bytes: [UInt8]? = Array(source.utf8)
        if !source.hasPrefix("[") {
            bytes = try reading { () throws(SystemError) in
                try FileSystem.contents(of: source, limit: 1 << 20)
            }
        }
        do throws(ExistingAccount.InvalidAccounts) {
            return try ExistingAccount.list(bytes ?? [])
        } catch {
            throw CommandFailure(.invalidInput, context.strings.noAccounts(error.reason))
        }
    }

    private func reading<Value>(_ body: () throws(SystemError) -> Value) throws(CommandFailure) -> Value {
        do throws(SystemError) { return try body() } catch { throw context.strings.failure(error) }
    }

    /// Determined by the first failure; a run in which nothing was played has shown nothing.
    private func status(of results: [ScenarioResult]) -> ExitStatus {
        for case .failed(let failure) in results.map(\.outcome) {
            switch failure.kind {
            case .mismatch: return .refused
            case .network: return .network
            case .account: return .unauthorized
            case .script: return .invalidInput
            }
        }
        return results.contains { $0.outcome == .passed } ? .success : .refused
    }
}

/// The content of a recording so far.
private final class Recording: Sendable {
    private let lines = Mutex<[UInt8]>([])

    func add(_ value: JSONValue) {
        lines.withLock { $0 += VisibleText.json(value.serialized()) + [0x0A] }
    }

    var bytes: [UInt8] { lines.withLock(\.self) }
}

/// Prints pieces of a report.
private final class Printer: Sendable {
    private let report: Mutex<ScenarioReport>
    private let context: CommandContext
    private let isText: Bool

    init(report: ScenarioReport, context: CommandContext, isText: Bool) {
        self.report = Mutex(report)
        self.context = context
        self.isText = isText
    }

    func begin() { write(report.withLock { $0.beginning() }) }

    func show(_ result: ScenarioResult) { write(report.withLock { $0.lines(for: result) }) }

    func end(_ results: [ScenarioResult]) { write(report.withLock { $0.ending(results) }) }

    private func write(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        let text = lines.map { dressed(Sanitizer.line($0)) + "\n" }.joined()
        context.output.write(text, to: .standardOutput)
    }

    private func dressed(_ line: String) -> String {
        guard isText else { return line }
        if line.hasPrefix("✔") { return context.ink.good("✔") + line.dropFirst() }
        if line.hasPrefix("✘") { return context.ink.bad("✘") + line.dropFirst() }
        return line.hasPrefix("- ") ? context.ink.faint(line) : line
    }
}
