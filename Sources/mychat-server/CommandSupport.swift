import ArgumentParser
import ChatServerLite
import Glibc

/// The environment variables of the process.
enum ProcessEnvironment {
    static var all: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}

enum StandardOutput {
    /// Writes a line at once, even into a pipe.
    static func line(_ text: String) {
        var rest = Array((text + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            // A reader that has gone is no reason to stop serving.
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}

extension StandardOutput {
    /// Prints the answer to an administration request.
    static func report(_ answer: AdministrationAnswer, asJSON: Bool) {
        line(asJSON ? AdministrationReport.json(answer) : AdministrationReport.text(answer))
    }
}

enum CommandFailure {
    /// Runs a command; our own errors become one clear line on standard error, and status 1.
    static func exiting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            var line = Array("mychat-server: \(error)\n".utf8)
            _ = write(STDERR_FILENO, &line, line.count)
            throw ExitCode(1)
        }
    }
}
