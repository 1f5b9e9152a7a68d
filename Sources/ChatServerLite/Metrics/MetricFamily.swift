/// A metric with all its samples, as Prometheus's text format 0.0.4 has them.
struct MetricFamily: Equatable, Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// One line: a value with its labels.
    struct Sample: Equatable, Sendable {
        /// What follows the family's name: empty except in histograms.
        var suffix = ""
        var labels: [Label] = []
        var value: Double
    }

    struct Label: Equatable, Sendable {
        let name: String
        let value: String
    }

    let name: String
    let help: String
    let kind: Kind
    var samples: [Sample]

    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric without labels.
    init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        self.init(name, kind, help, [Sample(value: Double(value))])
    }

    /// A metric with one label.
    init(
        _ name: String, _ kind: Kind, _ help: String, by label: String,
        _ values: [(label: String, value: Int)]
    ) {
        self.init(
            name, kind, help,
            values.map {
                Sample(labels: [Label(name: label, value: $0.label)], value: Double($0.value))
            })
    }

    /// A histogram. A measurement of `one` is 1 in the metric's unit.
    init(_ name: String, _ help: String, _ histogram: Histogram, one: Double) {
        let counts = histogram.counts
        var samples: [Sample] = []
        var sum = 0
        let limits = histogram.bounds.map { MetricText.number(Double($0) / one) } + ["+Inf"]
        for (limit, count) in zip(limits, counts) {
            sum += count
            samples.append(
                Sample(suffix: "_bucket", labels: [Label(name: "le", value: limit)], value: Double(sum)))
        }
        samples.append(Sample(suffix: "_sum", value: Double(histogram.sum) / one))
        samples.append(Sample(suffix: "_count", value: Double(sum)))
        self.init(name, .histogram, help, samples)
    }
}

/// Writes metrics as text.
enum MetricText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The families in the order of their names, each with its samples. Buckets keep their order.
    static func text(_ families: [MetricFamily]) -> String {
        families.sorted { $0.name < $1.name }.map(text).joined()
    }

    private static func text(_ family: MetricFamily) -> String {
        var text = "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        let lines = family.samples.map { line($0, of: family.name) }
        return text + (family.kind == .histogram ? lines : lines.sorted()).joined()
    }

    private static func line(_ sample: MetricFamily.Sample, of name: String) -> String {
        let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        let braces = labels.isEmpty ? "" : "{" + labels.joined(separator: ",") + "}"
        return "\(name)\(sample.suffix)\(braces) \(number(sample.value))\n"
    }

    /// A whole number without a fraction, any other as Swift writes it, which reads back as the same value.
    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
