import Glibc

/// Where temporary files may be put. A variable may be left over from another login, so none is trusted to name a
/// directory that can be used: what makes a file tries them in order.
public enum TemporaryPlaces {
    /// The system's own directories, which exist whatever the variables say.
    private static let ofTheSystem = ["/tmp", "/var/tmp"]

    /// The directories to try, the best first: for private things that of the login, then `TMPDIR`, then the
    /// system's own.
    public static func all(environment: [String: String], forPrivate: Bool = false) -> [String] {
        var places: [String] = []
        if forPrivate, let directory = environment["XDG_RUNTIME_DIR"], belongsToUser(directory) {
            places.append(directory)
        }
        if let directory = environment["TMPDIR"] { places.append(directory) }
        var seen: Set<String> = []
        return (places + ofTheSystem).filter { $0.hasPrefix("/") && seen.insert($0).inserted }
    }

    /// In another's directory, where root may write all the same, that other could exchange the file.
    private static func belongsToUser(_ directory: String) -> Bool {
        var information = stat()
        return stat(directory, &information) == 0 && information.st_uid == geteuid()
    }
}
