/// The Test Anything Protocol, version 13.
enum TAPReport {
    static func lines(for result: ScenarioResult, number: Int) -> [String] {
        // A # starts a directive.
        let title = ScenarioReport.name(of: result.scenario).replacing("#", with: "\\#")
        switch result.outcome {
        case .passed: return ["ok \(number) - \(title)"]
        case .skipped(let reason): return ["ok \(number) - \(title) # SKIP \(reason)"]
        case .failed(let failure):
            let details = ScenarioReport.details(of: failure, in: result.scenario)
            return ["not ok \(number) - \(title)", "  ---", "  details: |"]
                + details.map { "    \($0)" } + ["  ..."]
        }
    }
}
