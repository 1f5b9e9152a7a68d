/// A load that may be in flight, and whether another is wanted after it. However many changes arrive, at most one
/// load is in flight.
enum Reload: Hashable, Sendable {
    case idle
    case loading
    case loadingAndStale

    /// Asks for a load; true when it should start now.
    mutating func request() -> Bool {
        switch self {
        case .idle: self = .loading; return true
        case .loading, .loadingAndStale: self = .loadingAndStale; return false
        }
    }

    /// Takes note that a load has arrived; true when another should start.
    mutating func finish() -> Bool {
        defer { self = self == .loadingAndStale ? .loading : .idle }
        return self == .loadingAndStale
    }
}
