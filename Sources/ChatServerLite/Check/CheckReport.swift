import ChatWire

/// What `mychat-server check` found.
package struct CheckReport: Sendable {
    package let lines: [CheckLine]

    package init(lines: [CheckLine]) { self.lines = lines }

    /// The worst state of all lines.
    package var state: CheckLine.State { lines.map(\.state).max() ?? .ok }

    /// A line for each finding, with its advice below it, and a summary.
    package var text: String {
        var rows: [String] = []
        for line in lines {
            rows.append(
                Self.padded(line.state.rawValue, 9) + Self.padded(line.topic.rawValue, 11)
                    + Self.printable(line.text))
            if let advice = line.advice { rows.append(Self.padded("", 20) + "-> " + Self.printable(advice)) }
        }
        return (rows + ["", summary]).joined(separator: "\n")
    }

    private var summary: String {
        let wrong = lines.count { $0.state == .wrong }
        let warnings = lines.count { $0.state == .warning }
        if wrong > 0 { return "The server cannot run like this: \(wrong) wrong, \(Self.counted(warnings))." }
        return warnings > 0 ? "The server can run, with \(Self.counted(warnings))." : "The server can run."
    }

    private static func counted(_ warnings: Int) -> String {
        warnings == 1 ? "1 warning" : "\(warnings) warnings"
    }

    /// One line of JSON: `ok`, and `lines` with `topic`, `state`, `text` and `advice`.
    package var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("ok")
        writer.bool(state != .wrong)
        writer.key("lines")
        writer.beginArray()
        for line in lines {
            writer.beginObject()
            writer.key("topic")
            writer.string(line.topic.rawValue)
            writer.key("state")
            writer.string(line.state.rawValue)
            writer.key("text")
            writer.string(line.text)
            writer.key("advice")
            if let advice = line.advice { writer.string(advice) } else { writer.null() }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.finished(), as: UTF8.self)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Settings and paths may hold anything; a terminal must not obey it.
    private static func printable(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: safe.append("?")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
