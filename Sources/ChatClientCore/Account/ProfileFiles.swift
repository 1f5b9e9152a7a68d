import ChatWire
import Glibc

/// The files of one profile on one server, in `DATA/PROFILE/SERVER/`:
///
/// - `account.json`: the user who is signed in, and the token.
/// - `user-ID/cache.db`: the messages and the outbox of an account; one for each account that was ever signed in.
/// - `user-ID/sender.lock`: the lock of the program that sends.
/// - `user-ID/commits`: written after each commit, and watched by the other programs.
/// - `user-ID/push-endpoint`: the subscription of this machine, while it has one.
///
/// Directories have mode 0700 and files 0600, whatever the umask.
struct ProfileFiles: Sendable {
    private let directory: String

    /// Creates the missing directories.
    init(directories: ClientDirectories, profile: String, server: ServerURL) throws(ChatError) {
        directory =
            directories.data + "/" + Self.component(profile) + "/" + Self.component(server.description)
        try Self.makeDirectory(directory)
    }

    /// An account's own directory, created when it is missing.
    func account(_ user: User) throws(ChatError) -> AccountFiles {
        let path = "\(directory)/user-\(user.id)"
        try Self.makeDirectory(path)
        return AccountFiles(directory: path)
    }

    // MARK: The account

    /// The account that was signed in last; its token is nil after the server has refused it.
    struct SavedAccount: Equatable, Sendable {
        var user: User
        var token: String?
    }

    private var accountPath: String { directory + "/account.json" }

    /// The account of the last sign-in; nil when nobody is signed in, or when the file holds no account.
    func loadAccount() throws(ChatError) -> SavedAccount? {
        guard let bytes = try FileBytes.read(accountPath), let json = try? JSONValue(parsing: bytes),
            let user = json["user"].flatMap({ try? User(json: $0) })
        else { return nil }
        return SavedAccount(user: user, token: json["token"]?.stringValue)
    }

    /// The file is replaced atomically: after a crash the old one is still there.
    func save(_ account: SavedAccount) throws(ChatError) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("user")
        account.user.write(to: &writer)
        if let token = account.token {
            writer.key("token")
            writer.string(token)
        }
        writer.endObject()
        try FileBytes.replace(accountPath, with: writer.bytes)
    }

    /// Removes the account file. A missing file is no error.
    func forgetAccount() throws(ChatError) {
        guard unlink(accountPath) == 0 || errno == ENOENT else {
            throw .file(path: accountPath, code: errno)
        }
    }

    // MARK: Names

    /// A text as the name of one directory. Each byte of a character other than letters, digits, `-` and inner dots
    /// becomes `_` and two hexadecimal digits, so different texts get different names.
    static func component(_ text: String) -> String {
        var name = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where index > 0:
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                name += digits.utf8.count == 1 ? "_0" + digits : "_" + digits
            }
        }
        return name.isEmpty ? "_" : name
    }

    private static func makeDirectory(_ path: String) throws(ChatError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .file(path: path, code: errno)
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .file(path: path, code: errno) }
    }
}

/// The files of one account.
struct AccountFiles: Equatable, Sendable {
    let directory: String

    /// The name of the database; its write-ahead log adds `-wal`.
    static let cacheName = "cache.db"

    var cache: String { directory + "/" + Self.cacheName }
    var lock: String { directory + "/sender.lock" }
    var signal: String { directory + "/commits" }
    var pushEndpoint: String { directory + "/push-endpoint" }
}
