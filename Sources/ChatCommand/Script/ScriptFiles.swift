import ChatScript
import ChatTUI

/// Finds and reads the scenarios on a command line.
struct ScriptFiles {
    let context: CommandContext

    /// The longest scenario file.
    private static let lengthMax = 4 << 20
    private static let ending = ".scenario"

    /// The scenarios of the files, and of the files in the directories, sorted by name.
    func scenarios(in paths: [String]) throws(CommandFailure) -> [Scenario] {
        var scenarios: [Scenario] = []
        for path in paths {
            if path != "-", FileSystem.isDirectory(path) {
                scenarios += try directory(path, depth: 0)
            } else {
                scenarios += try file(path)
            }
        }
        return scenarios
    }

    private func directory(_ path: String, depth: Int) throws(CommandFailure) -> [Scenario] {
        guard depth < 16 else { return [] }
        var scenarios: [Scenario] = []
        for name in try reading({ () throws(SystemError) in try FileSystem.names(in: path) }).sorted() {
            let inside = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            if FileSystem.isDirectory(inside) {
                scenarios += try directory(inside, depth: depth + 1)
            } else if name.hasSuffix(Self.ending) {
                scenarios += try file(inside)
            }
        }
        return scenarios
    }

    private func file(_ path: String) throws(CommandFailure) -> [Scenario] {
        let bytes = try reading { () throws(SystemError) in
            path == "-"
                ? try FileSystem.read(0, limit: Self.lengthMax)
                : try FileSystem.contents(of: path, limit: Self.lengthMax)
        }
        guard let bytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.invalidInput, context.strings.fileIsNoText(CleanLine(path)))
        }
        do throws(ScriptProblem) {
            return try ScriptParser.parse(text, path: path)
        } catch {
            // Several lines: the position, the line, and a caret below it.
            let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
            throw CommandFailure(
                .invalidInput, lines.map { Self.shown($0) }.joined(separator: "\n"))
        }
    }

    /// Tabs stay, so that the caret is in the right column.
    private static func shown(_ line: Substring) -> String {
        line.split(separator: "\t", omittingEmptySubsequences: false)
            .map { Sanitizer.line(String($0)) }.joined(separator: "\t")
    }

    private func reading<Value>(_ body: () throws(SystemError) -> Value) throws(CommandFailure) -> Value {
        do throws(SystemError) { return try body() } catch { throw context.strings.failure(error) }
    }
}
