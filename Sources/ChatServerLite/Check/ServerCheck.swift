import ChatCrypto
import ChatWire
import Logging

/// Looks at everything that a server needs before it starts. It makes no file, no key and no database.
package struct ServerCheck {
    /// What is known about the database.
    package struct Database: Sendable {
        package var lines: [CheckLine] = []
        /// Whether a server has the database.
        package var isInUse = false
        /// The time of the newest message.
        package var newest: Timestamp?

        package init() {}
    }

    private let settings: ServerSettings
    private let path: String
    private let inspect: (String) -> Database

    /// - Parameters:
    ///   - path: the path of the database.
    ///   - inspect: looks at the database at a path without changing it.
    package init(settings: ServerSettings, databasePath path: String, inspect: @escaping (String) -> Database)
    {
        self.settings = settings
        self.path = path
        self.inspect = inspect
    }

    /// All findings, in the order in which a person would want to fix them.
    package func run(now: Timestamp = ServerClock.now()) -> CheckReport {
        let database = inspect(path)
        var lines: [CheckLine] = []
        do throws(ConfigurationError) {
            let configuration = try ServerConfiguration(
                settings: settings.filled(besides: path), databasePath: path, readsTokenSecrets: false,
                logger: PrivateFile.noLogger)
            lines += SettingsCheck(configuration: configuration, settings: settings).lines
            lines += database.lines
            lines += KeyCheck(settings: settings, databasePath: path, configuration: configuration).lines
            lines += AddressCheck(configuration: configuration, isInUse: database.isInUse).lines
        } catch {
            lines.append(CheckLine(.settings, .wrong, "\(error)"))
            lines += database.lines
        }
        return CheckReport(
            lines: lines + [ClockCheck.line(now: now, newest: database.newest), OpenFileCheck.line])
    }
}

extension ServerSettings {
    /// The settings with keys of the moment where the server would read or make its kept ones, so that reading the
    /// settings makes no file.
    func filled(besides path: String) throws(ConfigurationError) -> ServerSettings {
        var missing: [String: String] = [:]
        if find("JWT_SECRET_KEY") == nil {
            missing["JWT_SECRET_KEY"] = Base64URL.encode(RandomBytes.generate(48))
        }
        let names = ["VAPID_PRIVATE_KEY", "VAPID_PRIVATE_KEY_BASE64", "VAPID_PUBLIC_KEY"]
        if names.allSatisfy({ find($0) == nil }) { missing["VAPID_PRIVATE_KEY"] = VAPIDKey().secretText }
        return adding(flags: missing)
    }
}

/// What the settings say, beyond being readable.
private struct SettingsCheck {
    let configuration: ServerConfiguration
    let settings: ServerSettings

    var lines: [CheckLine] {
        [CheckLine(.settings, .ok, "the settings can be read")] + origins + metrics
    }

    private var isForOthers: Bool { !AddressCheck.isLoopback(configuration.host) }

    private var origins: [CheckLine] {
        guard isForOthers, configuration.allowedOrigins == .any else { return [] }
        return [
            CheckLine(
                .settings, .warning, "every web page may call the API",
                advice: "set FRONTEND_URL to the pages that may, as https://chat.example.org")
        ]
    }

    private var metrics: [CheckLine] {
        guard let metrics = configuration.metrics, let address = metrics.address, metrics.token == nil,
            !AddressCheck.isLoopback(address.host)
        else { return [] }
        return [
            CheckLine(
                .settings, .warning, "everyone who reaches \(address.host) may read the metrics",
                advice: "set METRICS_TOKEN, or choose a loopback address for METRICS_LISTEN")
        ]
    }
}

enum ClockCheck {
    /// No server of this version ran before: 2026-01-01.
    private static let earliest = Timestamp(microseconds: 1_767_225_600_000_000)

    static func line(now: Timestamp, newest: Timestamp?) -> CheckLine {
        let advice = "set the clock, and keep it right with NTP (timedatectl set-ntp true)"
        if now < earliest {
            return CheckLine(
                .clock, .wrong, "the clock says \(WireDate.iso(now))Z, which is in the past", advice: advice)
        }
        // Clocks of other nodes may be a little ahead.
        if let newest, newest.microseconds > now.microseconds + 60_000_000 {
            return CheckLine(
                .clock, .wrong,
                "the clock says \(WireDate.iso(now))Z, but the newest message is of \(WireDate.iso(newest))Z",
                advice: advice)
        }
        return CheckLine(.clock, .ok, "it is \(WireDate.iso(now))Z")
    }
}

enum OpenFileCheck {
    /// Fewer leave no room for a team with several devices each.
    private static let few = 1024

    static var line: CheckLine { line(limit: OpenFileLimit.highest) }

    static func line(limit: Int) -> CheckLine {
        let text = "\(limit) files may be open, one for each connection"
        let advice = "raise the limit (ulimit -n, or LimitNOFILE= of systemd)"
        if limit < OpenFileLimit.neededToStart + 8 { return CheckLine(.files, .wrong, text, advice: advice) }
        if limit < few { return CheckLine(.files, .warning, text, advice: advice) }
        return CheckLine(.files, .ok, text)
    }
}
