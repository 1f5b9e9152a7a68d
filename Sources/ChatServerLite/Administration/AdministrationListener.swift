import ChatWire
import Glibc
import Logging
import NIOCore
import NIOPosix

/// The socket through which commands reach a running server: HTTP with JSON, for the server's user and root alone.
struct AdministrationListener: Sendable {
    private let listener: Listener
    private let connections: ConnectionRegistry

    /// Listens at the configured path; nil when there is none, or when it cannot be used, which is logged.
    static func open(
        _ context: ServerContext, _ group: MultiThreadedEventLoopGroup
    ) async -> AdministrationListener? {
        guard let path = context.configuration.administrationSocket else { return nil }
        let service = HTTPService(
            requestBodyBytes: AdministrationRequest.bytesMax,
            requestTimeout: context.configuration.limits.requestTimeout, allowedOrigins: .none,
            logger: context.logger, taskExecutor: context.taskExecutor, realtime: [:],
            admitRoute: { _, _ in .body(AdministrationRequest.bytesMax) }
        ) { [administration = context.administration] in await respond(to: $0, administration) }
        let connections = ConnectionRegistry(
            limits: ConnectionRegistry.Limits(all: connectionsMax), logger: context.logger)
        let pipeline = HTTPPipeline(
            group: group, service: service, connections: connections, certificates: nil,
            logger: context.logger)
        do throws(ServerStartError) {
            guard path.utf8.count < 108 else {
                throw .cannotListenAt(address: "unix:" + path, reason: "the path is longer than 107 bytes")
            }
            let bootstrap = pipeline.bootstrap(isSecure: false, isInternet: false, admits: .owner)
            let listener = try await Listener.open(.unix(path: path, mode: 0o600), bootstrap)
            return AdministrationListener(listener: listener, connections: connections)
        } catch {
            context.logger.warning(
                "no command can reach this server; set ADMIN_SOCKET to another path, or to off",
                metadata: ["reason": "\(error)"])
            return nil
        }
    }

    private static let connectionsMax = 16
    /// The path of the requests. Its number is the version.
    static let target = "/administration"

    private static func respond(
        to request: RouteRequest, _ administration: AdministrationService
    ) async -> RouteResponse {
        guard request.path.pattern == target else { return RouteError.notFound.response }
        guard request.method == .post else {
            return RouteError.methodNotAllowed([HTTPMethod.post.rawValue]).response
        }
        do throws(AdministrationFailure) {
            guard let json = try? JSONValue(parsing: request.body) else { throw .malformed }
            let answer = try await administration.answer(AdministrationRequest(json))
            return RouteResponse(status: 200, body: answer.json.serialized())
        } catch {
            return RouteResponse(status: 400, body: error.json.serialized())
        }
    }

    func close() async {
        await listener.close()
        connections.closeAll()
    }
}

/// Who may connect to a listener.
enum PeerAdmission: Sendable {
    case everyone
    /// Processes of this process's user, and those of root (SO_PEERCRED, unix(7)).
    case owner

    /// Fails for a peer that may not connect.
    func check(_ channel: any Channel) throws {
        guard case .owner = self else { return }
        let code = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { socket in
            // struct ucred: the process, the user, the group.
            var credentials: (Int32, UInt32, UInt32) = (0, .max, .max)
            var length = socklen_t(MemoryLayout<(Int32, UInt32, UInt32)>.size)
            guard getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
                return false
            }
            return Self.admits(credentials.1, owner: geteuid())
        }
        guard code == true else { throw Stranger() }
    }

    /// Whether a process of this user may connect to a server of `owner`.
    static func admits(_ user: UInt32, owner: UInt32) -> Bool { user == 0 || user == owner }

    struct Stranger: Error {}
}
