import Glibc

/// Why the server could not start. The description says what to do about it.
public enum ServerStartError: Error, Equatable, Sendable {
    case portInUse(host: String, port: Int)
    case portNotPermitted(port: Int)
    case addressNotHere(host: String)
    case unknownHost(host: String)
    case cannotListen(host: String, port: Int, reason: String)
    /// A Unix socket, or one that was handed over, cannot be used.
    case cannotListenAt(address: String, reason: String)
    /// Another process listens at the Unix socket.
    case socketInUse(path: String)
    /// The file of the certificate or of its key cannot be used.
    case certificate(path: String, reason: String)
    /// A socket that was handed over is named https, and there is no certificate.
    case noCertificate
    case cannotListenForMetrics(host: String, port: Int, reason: String)
    /// The limit of open files is too low for the server itself.
    case tooFewFiles(limit: Int, needed: Int)
    case database(path: String, UnusableDatabase)
    /// Another server has the database. `process` is its id, or nil when it is not visible from here.
    case databaseInUse(path: String, process: Int32?)
    case databaseWithoutLocks(path: String, reason: String)
    /// The system refuses a resource that every process needs.
    case cannotRun(reason: String)
}

extension ServerStartError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .portInUse(let host, let port):
            """
            port \(port) on \(host) is in use by another program; choose another with --port, or --port 0 \
            for any free one
            """
        case .portNotPermitted(let port):
            "this user may not listen on port \(port); choose one from 1024 with --port"
        case .addressNotHere(let host):
            "this machine has no address \(host); choose one of its own with --host, as 127.0.0.1 or 0.0.0.0"
        case .unknownHost(let host):
            "no address is known for \(host); choose one with --host, as 127.0.0.1 or 0.0.0.0"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host), port \(port): \(reason)"
        case .cannotListenAt(let address, let reason):
            "cannot listen on \(address): \(reason)"
        case .socketInUse(let path):
            "the socket unix:\(path) is in use by another program; stop that one, or choose another path with --listen"
        case .certificate(let path, let reason):
            """
            cannot use \(path): \(reason); name a certificate and its key with --tls-cert and --tls-key, or make them \
            with "mychat-server certificate"
            """
        case .noCertificate:
            "a socket that was handed over is named https; set TLS_CERT_FILE and TLS_KEY_FILE"
        case .cannotListenForMetrics(let host, let port, let reason):
            """
            cannot listen for metrics on \(host), port \(port): \(reason); choose another address with --metrics \
            HOST:PORT
            """
        case .tooFewFiles(let limit, let needed):
            """
            only \(limit) files may be open, which is too few to start with; allow \(needed) and one more for each \
            connection (ulimit -n, or LimitNOFILE= of systemd)
            """
        case .database(let path, .newerSchema(let found, let supported)):
            """
            the database \(path) was written by a newer version (schema \(found), this program knows \
            \(supported)); use that version, or another file with --database
            """
        case .database(let path, .cannotOpen(let reason)):
            "cannot open the database \(path): \(reason); choose another place with --database PATH"
        case .database(let path, .failed(let failure)) where failure.kind == .readOnly:
            """
            the database \(path) cannot be written, or no file beside it can be made; allow writing there, or choose \
            another place with --database PATH
            """
        case .database(let path, .failed(let failure)):
            "the database \(path) cannot be used: \(failure)"
        case .databaseInUse(let path, let process):
            """
            the database \(path) is in use by another server\(process.map { " (process \($0))" } ?? ""); stop that \
            one, or choose another file with --database PATH
            """
        case .databaseWithoutLocks(let path, let reason):
            """
            the file system of \(path) has no locks, which keep two servers from writing to one database: \
            \(reason); choose another place with --database PATH
            """
        case .cannotRun(let reason):
            "the system does not let the server run: \(reason)"
        }
    }
}

extension ServerStartError {
    /// The system's words for an error number.
    static func words(for code: Int32) -> String { String(cString: strerror(code)) }
}
