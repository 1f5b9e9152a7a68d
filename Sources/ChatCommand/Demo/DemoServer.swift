import ChatTUI
import ChatWire
import Glibc

/// The server of a demo: `mychat-server demo` as a child of this process, on its own port.
///
/// It keeps its database in a temporary directory. When its standard input ends, it stops and removes that directory:
/// at ``stop()``, and also when this process is killed.
final class DemoServer: Sendable {
    /// One of the people on it.
    struct Person: Hashable, Sendable {
        var id: UserID
        var name: String
        var email: String
        var password: String

        var firstName: String { name.split(separator: " ").first.map(String.init) ?? name }
    }

    /// The server's message when it is ready.
    struct Ready: Hashable, Sendable {
        var url: ServerURL
        /// In the server's order; the first is the newcomer.
        var people: [Person]
    }

    enum Failure: Error, Hashable, Sendable {
        /// The server program was not found; its name.
        case notFound(String)
        case system(SystemError)
        /// It ended before it was ready; the last line of its output, sanitised.
        case ended(String)
        /// It was not ready in time.
        case tooSlow
        /// Its message was invalid.
        case badAnswer(String)
    }

    let ready: Ready
    private let process: ChildProcess

    /// In milliseconds: enough for a cold start on a slow disk, with a few passwords to hash.
    private static let readyTimeout = 30_000
    private static let readyLengthMax = 64 * 1024
    private static let stopTimeout = 5000

    /// Starts the server and waits until it listens. Its log goes to the file at `logPath`. Blocks the calling
    /// thread.
    init(logPath: String, environment: [String: String]) throws(Failure) {
        let program = try Self.program(environment: environment)
        let log = open(logPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw .system(.current("open", path: logPath)) }
        defer { close(log) }
        do throws(SystemError) {
            process = try ChildProcess(
                executable: program,
                arguments: ["demo", "--port", "0", "--ready-json", "--exit-with-stdin"],
                environment: Self.environment(from: environment), input: .pipe, output: .pipe,
                error: .descriptor(log))
        } catch {
            throw .system(error)
        }
        do throws(Failure) {
            ready = try Self.waitUntilReady(process, log: log)
        } catch {
            process.end(milliseconds: Self.stopTimeout)
            throw error
        }
    }

    /// Ends the server gracefully. Blocks the calling thread.
    func stop() {
        process.end(milliseconds: Self.stopTimeout)
    }

    /// Whether the server still runs.
    var isRunning: Bool { process.poll() == nil }

    /// The server beside this program, or the one in `MYCHAT_SERVER`.
    private static func program(environment: [String: String]) throws(Failure) -> String {
        let name = "mychat-server"
        if let named = environment["MYCHAT_SERVER"], !named.isEmpty {
            guard let found = ExecutablePath.find(named, environment: environment) else {
                throw .notFound(named)
            }
            return found
        }
        if let found = ExecutablePath.beside(name) ?? ExecutablePath.find(name, environment: environment) {
            return found
        }
        throw .notFound(name)
    }

    /// The person's settings for their own server must not reach this one.
    private static func environment(from environment: [String: String]) -> [String: String] {
        let kept: Set<String> = [
            "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH",
        ]
        return environment.filter { kept.contains($0.key) }
    }

    private static func waitUntilReady(_ process: ChildProcess, log: Int32) throws(Failure) -> Ready {
        let line: [UInt8]?
        do throws(SystemError) {
            line = try process.readLine(limit: readyLengthMax, milliseconds: readyTimeout)
        } catch {
            throw .system(error)
        }
        guard let line else {
            if process.wait(milliseconds: 1000) == nil { throw .tooSlow }
            throw .ended(lastWords(of: log))
        }
        return try parse(line)
    }

    /// The last line of the server's standard error.
    private static func lastWords(of log: Int32) -> String {
        lseek(log, 0, SEEK_SET)
        let bytes = ((try? FileSystem.read(log, limit: 1024 * 1024)) ?? nil) ?? []
        let line = bytes.split(separator: UInt8(ascii: "\n")).last ?? []
        return Sanitizer.line(bytes: line)
    }

    /// Reads `{"url":…,"accounts":[{"id":…,"name":…,"email":…,"password":…},…]}`.
    static func parse(_ line: [UInt8]) throws(Failure) -> Ready {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw .badAnswer("\(error)")
        }
        let url: ServerURL
        do {
            url = try ServerURL(value["url"]?.stringValue ?? "")
        } catch {
            throw .badAnswer("\(error)")
        }
        var people: [Person] = []
        for account in value["accounts"]?.arrayValue ?? [] {
            guard let id = account["id"]?.integerValue, let name = account["name"]?.stringValue,
                let email = account["email"]?.stringValue, let password = account["password"]?.stringValue
            else { throw .badAnswer("an account without id, name, email or password") }
            people.append(Person(id: UserID(id), name: name, email: email, password: password))
        }
        guard people.count >= 2 else { throw .badAnswer("fewer than two accounts") }
        return Ready(url: url, people: people)
    }
}
