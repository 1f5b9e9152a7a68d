/// The numbers of scenarios and steps by result.
public struct Totals: Hashable, Sendable {
    public var passed = 0
    public var failed = 0
    public var skipped = 0
    public var steps = 0

    public init(_ results: [ScenarioResult]) {
        for result in results {
            steps += result.stepsDone
            switch result.outcome {
            case .passed: passed += 1
            case .failed: failed += 1
            case .skipped: skipped += 1
            }
        }
    }

    /// The last line of a report.
    public var text: String {
        "\(Self.count(passed, "scenario")) passed, \(failed) failed, \(skipped) skipped; \(Self.count(steps, "step"))"
    }

    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
