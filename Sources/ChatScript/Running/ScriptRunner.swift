import ChatNet
import ChatWire

/// Plays scenarios against a server.
public struct ScriptRunner: Sendable {
    private let settings: RunSettings

    public init(settings: RunSettings) { self.settings = settings }

    /// The server's description of itself; nil when it does not have the form of this API.
    ///
    /// - Throws: when the server cannot be reached.
    public func serverInformation() async throws(NetError) -> ServerInformation? {
        let thread = IOThread()
        let http = HTTPClient(thread: thread, configuration: settings.net)
        let call = API.serverInformation()
        let request = HTTPRequest(method: .get, target: settings.server.target(for: call.path))
        let response = try await http.execute(request, at: settings.server)
        await http.closeIdleConnections()
        return try? call.response(status: response.status, body: response.body)
    }

    /// Plays the scenarios, `settings.jobs` at a time, and delivers each result in the order of the scenarios.
    ///
    /// - Returns: the results; fewer than scenarios when one has failed and the run does not continue.
    public func run(
        _ scenarios: [Scenario], capabilities: Set<String>,
        finished: @escaping @Sendable (ScenarioResult) -> Void
    ) async -> [ScenarioResult] {
        let thread = IOThread()
        let pool = AccountPool(settings.accounts)
        var order = ResultOrder()
        await withTaskGroup(of: (Int, ScenarioResult).self) { group in
            var next = 0
            var isStopping = false
            func start() {
                guard next < scenarios.count, !isStopping else { return }
                let number = next
                let scenario = scenarios[number]
                next += 1
                let reason = scenario.missing(capabilities, settings)
                group.addTask { [settings] in
                    if let reason { return (number, scenario.skipped(reason)) }
                    let runner = ScenarioRunner(
                        scenario, number: number, settings: settings, pool: pool, thread: thread)
                    return (number, await runner.run())
                }
            }
            // Existing accounts are few, and a scenario needs all of its people at once.
            for _ in 0..<(settings.accounts.isEmpty ? max(1, settings.jobs) : 1) { start() }
            while let (number, result) = await group.next() {
                for ready in order.add(result, number: number) { finished(ready) }
                if result.isFailed, !settings.keepsGoing { isStopping = true }
                start()
            }
        }
        for late in order.flush() { finished(late) }
        return order.results
    }
}

/// Puts results into the order of their scenarios. Pure.
struct ResultOrder {
    private(set) var results: [ScenarioResult] = []
    private var early: [Int: ScenarioResult] = [:]
    private var next = 0

    /// Adds a result; returns those that are next in order.
    mutating func add(_ result: ScenarioResult, number: Int) -> [ScenarioResult] {
        early[number] = result
        var ready: [ScenarioResult] = []
        while let result = early.removeValue(forKey: next) {
            ready.append(result)
            next += 1
        }
        results += ready
        return ready
    }

    /// The results behind a gap, when no more arrive.
    mutating func flush() -> [ScenarioResult] {
        let late = early.sorted { $0.key < $1.key }.map(\.value)
        early = [:]
        results += late
        return late
    }
}

extension Scenario {
    /// Why the scenario cannot be played here; nil when it can.
    func missing(_ capabilities: Set<String>, _ settings: RunSettings) -> String? {
        for need in needs {
            switch need {
            case .capability(let name, true) where !capabilities.contains(name):
                return "the server does not announce \(name)"
            case .capability(let name, false) where capabilities.contains(name):
                return "the server announces \(name)"
            case .loopback where !settings.server.isLoopback: return "needs a server on this machine"
            case .variable(let name) where settings.variables[name] == nil: return "needs --set \(name)=…"
            default: break
            }
        }
        return missingPermission(settings)
    }

    private func missingPermission(_ settings: RunSettings) -> String? {
        for step in allSteps {
            switch step.action {
            case .people(_, areNew: true) where !settings.mayRegister: return "needs --allow-register"
            case .call(let call) where call.method == .delete && !settings.mayDelete:
                return "needs --allow-destructive"
            default: break
            }
        }
        return nil
    }

    func skipped(_ reason: String) -> ScenarioResult {
        ScenarioResult(scenario: self, outcome: .skipped(reason), stepsDone: 0, duration: .zero)
    }
}
