/// Which web pages may call the API from a browser (`FRONTEND_URL`).
public enum AllowedOrigins: Equatable, Sendable {
    case any
    case only([String])

    /// Reads a comma-separated list; `*` in it, or nothing at all, allows every origin.
    ///
    /// Returns nil when an entry is no origin (`scheme://host[:port]`); a path at the end is dropped.
    public init?(parsing text: String) {
        var origins: [String] = []
        for part in text.split(separator: ",") {
            let entry = part.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "/" }.reversed()
            let origin = String(entry)
            if origin == "*" {
                self = .any
                return
            }
            guard let parsed = Self.origin(of: origin) else { return nil }
            origins.append(parsed)
        }
        self = origins.isEmpty ? .any : .only(origins)
    }

    private static func origin(of url: String) -> String? {
        let lower = url.lowercased()
        for scheme in ["http://", "https://"] where lower.hasPrefix(scheme) {
            let host = lower.dropFirst(scheme.count).prefix { $0 != "/" }
            return host.isEmpty ? nil : scheme + host
        }
        return nil
    }

    /// The value of `Access-Control-Allow-Origin` for a request from `origin`.
    ///
    /// A foreign origin gets the first allowed one, which its browser then refuses.
    public func headerValue(for origin: String?) -> String {
        switch self {
        case .any: "*"
        case .only(let origins):
            origins.first { $0 == origin?.lowercased() } ?? origins[0]
        }
    }

    /// True when a browser page of `origin` may open a realtime connection; other programs send no origin.
    public func allows(_ origin: String?) -> Bool {
        guard case .only(let origins) = self, let origin else { return true }
        return origins.contains(origin.lowercased())
    }
}
