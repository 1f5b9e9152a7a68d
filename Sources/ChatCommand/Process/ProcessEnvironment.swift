// `environ` is a variable of C: nothing in this program changes it, which the compiler cannot know.
@preconcurrency import Glibc

/// The environment of this process.
enum ProcessEnvironment {
    /// The variables; of those that are no UTF-8, what can be read.
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
