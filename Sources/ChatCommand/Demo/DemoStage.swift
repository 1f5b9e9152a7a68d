import ChatClientCore
import ChatNet
import ChatWire
import Logging

/// All parts of a demo except the screen: a temporary directory, the server, and the people's clients. Nothing
/// outside of the directory is read or written.
final class DemoStage: Sendable {
    let directory: String
    let server: DemoServer
    let logger: Logger
    /// Older messages are the history that the server came with. The time lies a little before the server was ready:
    /// servers write whole seconds in some places, and the history ends minutes earlier.
    let start: Timestamp
    private let keeper: DirectoryKeeper

    private static let directoryPrefix = "mychat-demo"
    /// In seconds.
    private static let historyMargin: Int64 = 30

    /// Sets the demo up. Blocks the calling thread.
    init(environment: [String: String], logLevel: Logger.Level) throws(DemoServer.Failure) {
        do throws(SystemError) {
            directory = try FileSystem.makeTemporaryDirectory(
                prefix: Self.directoryPrefix, environment: environment)
        } catch {
            throw .system(error)
        }
        let file = LogFile(path: directory + "/client.log")
        logger = Logger(label: "demo") { FileLogHandler(label: $0, file: file, level: logLevel) }
        do throws(SystemError) {
            keeper = try DirectoryKeeper(directory: directory)
        } catch {
            try? FileSystem.removeTree(directory)
            throw .system(error)
        }
        do throws(DemoServer.Failure) {
            server = try DemoServer(logPath: directory + "/server.log", environment: environment)
        } catch {
            keeper.release()
            throw error
        }
        start = Timestamp(seconds: Timestamp.now.seconds - Self.historyMargin)
    }

    /// Stops the server and removes the directory. The clients must be disconnected. Blocks the calling thread.
    func strike() throws(SystemError) {
        server.stop()
        try FileSystem.removeTree(directory)
        keeper.release()
    }

    /// The person that the user plays.
    var newcomer: DemoServer.Person { server.ready.people[0] }
    /// The person who lives in the demo.
    var partner: DemoServer.Person { server.ready.people[1] }
    /// The person who writes once; nil when the server has only two people.
    var friend: DemoServer.Person? { server.ready.people.dropFirst(2).first }

    /// A client for one of the people, with its own cache, signed in and not connected yet.
    func client(for person: DemoServer.Person) async throws(ChatError) -> ChatClient {
        let configuration = ClientConfiguration(
            server: server.ready.url,
            directories: ClientDirectories(root: "\(directory)/client-\(person.id)"),
            logger: logger)
        let client = try ChatClient(configuration: configuration)
        _ = try await client.signIn(email: person.email, password: person.password)
        return client
    }
}
