import ChatTUI
import ChatWire

/// The checks of `mychat doctor`, in order: each needs the previous ones.
enum Examination: String, CaseIterable, Sendable {
    /// The cache on this machine.
    case cache
    /// The name service.
    case dns
    case tcp
    case tls
    case http
    /// The server's description of itself.
    case api
    /// The difference between the server's clock and ours.
    case clock
    case websocket
    case polling
    case login
    /// The realtime link of the account.
    case link
}

/// The result of one check.
struct Finding: Sendable {
    enum Verdict: String, Sendable {
        case ok
        /// It works, but there is something to know.
        case warning
        case failed
        /// Not checked: it needs something that failed, or does not apply.
        case skipped
    }

    var examination: Examination
    var verdict: Verdict
    /// The result, in the person's language, sanitised.
    var detail: String
    /// How long it took.
    var duration: Duration?
    /// With `.failed`: the exit status and the advice.
    var failure: CommandFailure?

    var json: JSONValue {
        var object: JSONObject = [
            "name": .string(examination.rawValue), "verdict": .string(verdict.rawValue),
            "detail": .string(detail),
            "milliseconds": duration.map { .double(Self.milliseconds($0)) } ?? .null,
        ]
        if let advice = failure?.advice { object.append("advice", .string(advice)) }
        return .object(object)
    }

    func columns(_ context: CommandContext) -> [String] {
        let mark =
            switch verdict {
            case .ok: context.ink.good("✓")
            case .warning: context.ink.bad("!")
            case .failed: context.ink.bad("✗")
            case .skipped: context.ink.faint("–")
            }
        return [mark, context.strings.word(examination), time, detail]
    }

    private var time: String {
        guard let duration else { return "" }
        let tenths = Int64((Self.milliseconds(duration) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }

    /// In thousandths: the precision of such a clock.
    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1000 + Double(attoseconds / 1_000_000_000_000) / 1000
    }
}
