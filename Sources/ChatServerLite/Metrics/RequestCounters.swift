import ChatWire

/// Counts the requests of the API by route and class of status.
struct RequestCounters: Sendable {
    private struct Key: Hashable {
        let method: HTTPMethod
        let pattern: String
    }

    /// The counts of one route.
    struct Entry: Sendable {
        let method: String
        /// The path, with `:id` for a number.
        let route: String
        /// From 1xx to 5xx.
        fileprivate let classes = (1...5).map { _ in Counter() }

        /// The counts by the label of the class; those that never occurred are left out.
        var counts: [(label: String, count: Int)] {
            zip(1..., classes).map { ("\($0)xx", $1.count) }.filter { $0.1 > 0 }
        }
    }

    /// The time from the whole request to the answer, in nanoseconds.
    let times = Histogram.ofTimes()
    private let known: [Key: Entry]
    /// Requests that no route answers.
    private let other = Entry(method: "other", route: "other")

    init(routes: [Route]) {
        known = Dictionary(
            routes.map { route in
                let path = route.pattern.split(separator: "#", omittingEmptySubsequences: false)
                return (
                    Key(method: route.method, pattern: route.pattern),
                    Entry(method: route.method.rawValue, route: path.joined(separator: ":id"))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts an answer.
    func answered(_ request: RouteRequest, status: Int) {
        let method = request.method == .head ? .get : request.method
        let entry = method.flatMap { known[Key(method: $0, pattern: request.path.pattern)] } ?? other
        entry.classes[min(max(status / 100, 1), 5) - 1].add()
    }

    var entries: [Entry] { known.values + [other] }
}
