import ChatWire

extension PushOutcome {
    /// Interprets a push service's response (RFC 8030 section 5).
    init(_ response: HTTPResponse, now: Timestamp) {
        switch response.status {
        case 200..<300: self = .delivered
        case 404, 410: self = .gone
        case 429, 500..<600:
            self = .unavailable(retryAfter: Self.retryAfter(response.headers["Retry-After"], now: now))
        default: self = .refused
        }
    }

    /// Reads `Retry-After`: seconds or a date (RFC 9110 section 10.2.3), limited to a day.
    private static func retryAfter(_ text: String?, now: Timestamp) -> Duration? {
        guard let text else { return nil }
        if let seconds = Int64(text) { return seconds >= 0 ? .seconds(min(seconds, 86_400)) : nil }
        guard let date = WireDate.parse(text) else { return nil }
        return .seconds(max(0, min(86_400, date.seconds - now.seconds)))
    }
}
