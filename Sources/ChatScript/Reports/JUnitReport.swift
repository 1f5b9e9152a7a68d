/// JUnit's XML, as build servers read it.
enum JUnitReport {
    static func lines(for results: [ScenarioResult], server: String) -> [String] {
        let totals = Totals(results)
        let time = seconds(results.reduce(Duration.zero) { $0 + $1.duration })
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuites tests=\"\(results.count)\" failures=\"\(totals.failed)\""
                + " skipped=\"\(totals.skipped)\" time=\"\(time)\">",
            "<testsuite name=\"\(escaped(server))\" tests=\"\(results.count)\" failures=\"\(totals.failed)\""
                + " skipped=\"\(totals.skipped)\" time=\"\(time)\">",
        ]
        for result in results { lines += testCase(result) }
        return lines + ["</testsuite>", "</testsuites>"]
    }

    private static func testCase(_ result: ScenarioResult) -> [String] {
        let scenario = result.scenario
        let start =
            "<testcase classname=\"\(escaped(scenario.feature))\" name=\"\(escaped(scenario.title))\""
            + " file=\"\(escaped(scenario.path))\" line=\"\(scenario.position.line)\""
            + " time=\"\(seconds(result.duration))\""
        switch result.outcome {
        case .passed: return [start + "/>"]
        case .skipped(let reason):
            return [start + ">", "<skipped message=\"\(escaped(reason))\"/>", "</testcase>"]
        case .failed(let failure):
            let message = "expected \(failure.expected), came \(failure.came)"
            let details = ScenarioReport.details(of: failure, in: scenario).map(escaped)
            return [start + ">", "<failure message=\"\(escaped(message))\">"]
                + details + ["</failure>", "</testcase>"]
        }
    }

    /// Text that is also valid in an attribute. Characters that XML does not allow are replaced.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.value >= 0xFFFE
                    && scalar.value <= 0xFFFF:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The duration in seconds with three decimals.
    static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        let thousandths = parts.attoseconds / 1_000_000_000_000_000
        let digits = String(thousandths + 1000).dropFirst()
        return "\(parts.seconds).\(digits)"
    }
}
