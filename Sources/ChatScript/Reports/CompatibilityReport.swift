/// What a server does, feature by feature, and whether it does it as documented. Pure.
public struct CompatibilityReport: Hashable, Sendable {
    /// The kind of a feature, from the tags of its scenarios.
    public enum Kind: String, Hashable, Sendable {
        case core, `extension`, original
    }

    public enum Verdict: String, Hashable, Sendable {
        case yes, partly, no
        /// The server does not announce it.
        case notOffered = "not offered"
        case notTried = "not tried"
    }

    public struct Row: Hashable, Sendable {
        public var feature: String
        public var kind: Kind
        public var passed: Int
        public var failed: Int
        public var skipped: Int
        /// Why scenarios were skipped, and which ones failed.
        public var remarks: [String]

        /// Whether the server supports the feature.
        public var verdict: Verdict {
            if failed == 0 && passed == 0 { return isNotOffered ? .notOffered : .notTried }
            if failed == 0 { return .yes }
            return passed == 0 ? .no : .partly
        }

        /// Whether the behaviour matches the documentation, as the table shows it.
        public var asDocumented: String {
            switch verdict {
            case .notOffered, .notTried: "-"
            case .yes: kind == .original ? "oddity" : "yes"
            case .partly, .no: "no"
            }
        }

        private var isNotOffered: Bool { remarks.contains { $0.contains("announce") } }
    }

    public private(set) var rows: [Row] = []

    public init(_ results: [ScenarioResult]) {
        for result in results { add(result) }
    }

    private mutating func add(_ result: ScenarioResult) {
        let kind = Self.kind(of: result.scenario)
        let feature = result.scenario.feature.isEmpty ? result.scenario.title : result.scenario.feature
        let index: Int
        if let known = rows.firstIndex(where: { $0.feature == feature && $0.kind == kind }) {
            index = known
        } else {
            rows.append(Row(feature: feature, kind: kind, passed: 0, failed: 0, skipped: 0, remarks: []))
            index = rows.count - 1
        }
        switch result.outcome {
        case .passed: rows[index].passed += 1
        case .failed(let failure):
            rows[index].failed += 1
            rows[index].remarks.append(
                "\(result.scenario.title): expected \(failure.expected), came \(failure.came)")
        case .skipped(let reason):
            rows[index].skipped += 1
            if !rows[index].remarks.contains(reason) { rows[index].remarks.append(reason) }
        }
    }

    private static func kind(of scenario: Scenario) -> Kind {
        if scenario.tags.contains("extension") { return .extension }
        return scenario.tags.contains("original") ? .original : .core
    }

    /// The table, followed by the differences.
    public func lines(server: String) -> [String] {
        let header = ["feature", "kind", "does it", "as documented", "scenarios"]
        let cells = rows.map { row in
            [
                row.feature, row.kind.rawValue, row.verdict.rawValue, row.asDocumented,
                "\(row.passed) of \(row.passed + row.failed)"
                    + (row.skipped > 0 ? ", \(row.skipped) skipped" : ""),
            ]
        }
        var lines = ["Compatibility of \(server)", ""] + Self.table([header] + cells)
        let differing = rows.filter { $0.failed > 0 }
        if !differing.isEmpty { lines += ["", "What differs:"] }
        for row in differing {
            lines.append("  \(row.feature)")
            lines += row.remarks.map { "    \($0)" }
        }
        return lines
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
