/// A report of a run, in pieces of text: a beginning, one piece per scenario, an end. Pure.
public struct ScenarioReport: Sendable {
    public enum Format: String, CaseIterable, Sendable {
        case text, tap, junit, compat
    }

    private let format: Format
    private let server: String
    private let total: Int
    private var number = 0

    /// - Parameters:
    ///   - server: the tested server, for people to read.
    ///   - total: the number of scenarios.
    public init(_ format: Format, server: String, total: Int) {
        self.format = format
        self.server = server
        self.total = total
    }

    /// The lines before the first result.
    public func beginning() -> [String] {
        format == .tap ? ["TAP version 13", "1..\(total)"] : []
    }

    /// The lines after a scenario has ended.
    public mutating func lines(for result: ScenarioResult) -> [String] {
        number += 1
        switch format {
        case .text: return Self.text(result)
        case .tap: return TAPReport.lines(for: result, number: number)
        case .junit, .compat: return []
        }
    }

    /// The lines after the last result.
    public func ending(_ results: [ScenarioResult]) -> [String] {
        switch format {
        case .text: return [Totals(results).text + " (\(server))"]
        case .tap: return ["# " + Totals(results).text]
        case .junit: return JUnitReport.lines(for: results, server: server)
        case .compat: return CompatibilityReport(results).lines(server: server) + ["", Totals(results).text]
        }
    }

    private static func text(_ result: ScenarioResult) -> [String] {
        var lines: [String] = []
        let title = name(of: result.scenario)
        switch result.outcome {
        case .passed: lines.append("✔ \(title)")
        case .skipped(let reason): lines.append("- \(title): skipped, \(reason)")
        case .failed(let failure):
            lines.append("✘ \(title)")
            lines += details(of: failure, in: result.scenario).map { "    " + $0 }
        }
        if !result.leftBehind.isEmpty {
            lines.append("    left behind: " + result.leftBehind.joined(separator: ", "))
        }
        return lines
    }

    static func name(of scenario: Scenario) -> String {
        scenario.feature.isEmpty ? scenario.title : "\(scenario.feature): \(scenario.title)"
    }

    /// The step, what was expected, what arrived, and the last frames.
    static func details(of failure: ScenarioResult.Failure, in scenario: Scenario) -> [String] {
        var lines = ["\(scenario.path):\(failure.position)"]
        lines += failure.step.split(separator: "\n").map { "  \($0)" }
        lines += ["expected  \(failure.expected)", "came      \(failure.came)"]
        if !failure.frames.isEmpty { lines.append("the last that went over the wire:") }
        return lines + failure.frames.map { "  \($0)" }
    }
}
