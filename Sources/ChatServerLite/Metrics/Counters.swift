import Synchronization

/// Something that the server counts.
enum Counted: Hashable, Sendable {
    /// Who has met a limit.
    enum Side: String, Sendable { case address, account }

    /// A limit has refused an action.
    case limited(LimitedAction, Side)
    case signedUp
    /// A sign-up was refused for another reason than the limits.
    case signUpRefused
    case signedIn
    /// A sign-in with a wrong password or an unknown address.
    case signInFailed
    /// A sign-in that had to wait because of earlier failures.
    case signInDelayed
    /// The queue of passwords was full.
    case passwordQueueFull
    /// A line of the audit log that could not be written.
    case auditLineLost

    /// What is counted from the start, at 0. A counter that appears with its first event hides that event from those
    /// who watch how it grows.
    static let all: [Counted] =
        LimitedAction.allCases.flatMap { action -> [Counted] in
            let isBeforeSignIn = action == .signIn || action == .signUp
            return isBeforeSignIn
                ? [.limited(action, .address)] : [.limited(action, .address), .limited(action, .account)]
        } + [
            .signedUp, .signUpRefused, .signedIn, .signInFailed, .signInDelayed, .passwordQueueFull,
            .auditLineLost,
        ]

    /// The name of the metric, without a prefix, and its labels.
    var metric: (name: String, labels: [(name: String, value: String)]) {
        switch self {
        case .limited(let action, let side):
            ("limited_total", [("action", action.name), ("by", side.rawValue)])
        case .signedUp: ("sign_ups_total", [("result", "done")])
        case .signUpRefused: ("sign_ups_total", [("result", "refused")])
        case .signedIn: ("sign_ins_total", [("result", "done")])
        case .signInFailed: ("sign_ins_total", [("result", "failed")])
        case .signInDelayed: ("sign_ins_total", [("result", "delayed")])
        case .passwordQueueFull: ("password_queue_full_total", [])
        case .auditLineLost: ("audit_lines_lost_total", [])
        }
    }
}

/// Counts since the start, for metrics. Several threads can use it.
final class Counters: Sendable {
    private let counts = Mutex<[Counted: Int]>([:])

    func add(_ counted: Counted, _ count: Int = 1) { counts.withLock { $0[counted, default: 0] += count } }

    /// All counts at this moment. What has not happened is missing.
    var snapshot: [Counted: Int] { counts.withLock { $0 } }

    subscript(counted: Counted) -> Int { counts.withLock { $0[counted, default: 0] } }
}
