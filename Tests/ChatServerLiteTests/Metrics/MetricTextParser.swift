import Testing

/// Reads Prometheus's text format 0.0.4 strictly: it accepts only what the format requires and the order that the
/// server promises.
struct MetricTextParser {
    struct Violation: Error, CustomStringConvertible {
        let line: String
        let reason: String
        var description: String { "\(reason): \(line)" }
    }

    /// The values by name and labels, as they stand in the text.
    private(set) var values: [String: Double] = [:]
    /// The type of each family.
    private(set) var types: [String: String] = [:]
    private var helped: [String] = []
    private var family = ""

    init(_ text: String) throws {
        guard text.isEmpty || text.hasSuffix("\n") else {
            throw Violation(line: text, reason: "the last line has no end")
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            try read(String(line))
        }
        guard helped == helped.sorted(), Set(helped).count == helped.count, helped.count == types.count else {
            throw Violation(line: "\(helped)", reason: "families are out of order, doubled or without a type")
        }
        for name in types.keys where types[name] == "histogram" { try checkHistogram(name) }
    }

    private mutating func read(_ line: String) throws {
        if line.hasPrefix("# HELP ") {
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, Self.isName(parts[2]) else {
                throw Violation(line: line, reason: "no help")
            }
            family = String(parts[2])
            helped.append(family)
        } else if line.hasPrefix("# TYPE ") {
            let parts = line.split(separator: " ")
            guard parts.count == 4, parts[2] == family, types[family] == nil,
                ["counter", "gauge", "histogram"].contains(parts[3])
            else { throw Violation(line: line, reason: "a wrong type") }
            types[family] = String(parts[3])
        } else {
            try readSample(line)
        }
    }

    private mutating func readSample(_ line: String) throws {
        guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...])
        else {
            throw Violation(line: line, reason: "no value")
        }
        let key = String(line[..<space])
        let name = key.prefix { $0 != "{" }
        let suffix = name.dropFirst(family.count)
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard name.hasPrefix(family), suffixes.contains(String(suffix)) else {
            throw Violation(line: line, reason: "a sample of another family")
        }
        guard (types[family] == "counter") == family.hasSuffix("_total") else {
            throw Violation(line: line, reason: "counters, and only they, end in _total")
        }
        try checkLabels(key.dropFirst(name.count), line)
        guard values.updateValue(value, forKey: key) == nil else {
            throw Violation(line: line, reason: "twice")
        }
    }

    /// Checks `{name="value",…}`, where a value has the escapes `\\`, `\"` and `\n`.
    private func checkLabels(_ text: Substring, _ line: String) throws {
        guard !text.isEmpty else { return }
        var rest = text.dropFirst()
        while true {
            let name = rest.prefix { $0 != "=" }
            rest = rest.dropFirst(name.count)
            guard Self.isName(name), rest.hasPrefix("=\"") else {
                throw Violation(line: line, reason: "a label")
            }
            rest = rest.dropFirst(2)
            while let character = rest.first, character != "\"" {
                rest = rest.dropFirst()
                guard character == "\\" else { continue }
                guard let escaped = rest.first, "\\\"n".contains(escaped) else {
                    throw Violation(line: line, reason: "an escape")
                }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst()
            if rest == "}" { return }
            guard rest.hasPrefix(",") else { throw Violation(line: line, reason: "labels") }
            rest = rest.dropFirst()
        }
    }

    private func checkHistogram(_ name: String) throws {
        guard let infinite = values[name + "_bucket{le=\"+Inf\"}"], infinite == values[name + "_count"],
            values[name + "_sum"] != nil
        else { throw Violation(line: name, reason: "a histogram that is not complete") }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || $0 == 0x5F
        }
    }
}
