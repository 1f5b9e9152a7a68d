// `environ` is a C variable. Nothing in this program changes it, but the compiler cannot know that.
@preconcurrency import Glibc

/// The environment of this process.
enum ProcessEnvironment {
    /// The variables; invalid UTF-8 in them is replaced.
    static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
