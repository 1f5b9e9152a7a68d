import Glibc
import Synchronization

/// Runs the simulation for many seeds: `soak [--seeds N] [--from SEED] [--kind bundled|original] [--steps N]
/// [--threads N]`. It prints each failure with the command that repeats it, and a summary per kind of server.
@main
struct Soak {
    static func main() async {
        guard let options = SoakOptions(CommandLine.arguments.dropFirst()) else {
            print(SoakOptions.usage)
            exit(2)
        }
        let tally = SoakTally(seeds: options.seeds)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<options.threads {
                group.addTask { work(thread, options, tally) }
            }
        }
        exit(tally.printSum(options.kinds) ? 0 : 1)
    }

    private static func work(_ thread: UInt64, _ options: SoakOptions, _ tally: SoakTally) {
        for seed in stride(
            from: options.first + thread, to: options.first + options.seeds, by: Int(options.threads))
        {
            for kind in options.kinds {
                do {
                    let simulation = try Simulation(seed: seed, kind: kind, length: options.steps)
                    if options.isTraced { simulation.trace = { print($0) } }
                    tally.note(try simulation.run(), kind)
                } catch let failure as SimulationFailure {
                    tally.note(failure)
                } catch {
                    tally.note(
                        SimulationFailure(
                            seed: seed, kind: kind, step: 0, action: "the start", fault: nil, text: "\(error)"
                        ))
                }
            }
            tally.finish(seed)
        }
    }
}

struct SoakOptions: Sendable {
    static let usage =
        "usage: soak [--seeds N] [--from SEED] [--kind bundled|original] [--steps N] [--threads N] [--trace 0|1]"

    var seeds: UInt64 = 1000
    var first: UInt64 = 0
    var kinds = ServerModel.Kind.allCases
    var steps = 300
    var threads: UInt64 = 2
    /// Prints what happens; for one seed.
    var isTraced = false

    /// Nil when one of the arguments is not an option.
    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch (name, UInt64(value), ServerModel.Kind(rawValue: value)) {
            case ("--seeds", let number?, _): seeds = number
            case ("--from", let number?, _): first = number
            case ("--kind", _, let kind?): kinds = [kind]
            case ("--steps", let number?, _): steps = Int(number)
            case ("--threads", let number?, _): threads = max(1, number)
            case ("--trace", let number?, _): isTraced = number > 0
            default: return nil
            }
        }
    }
}

/// The totals of all runs.
final class SoakTally: Sendable {
    private struct Sum {
        var runs = 0
        var messages = 0
        var lost = 0
        var doubled = 0
        var reordered = 0
        var erased = 0
        var other = 0
    }

    private struct State {
        var sums: [String: Sum] = [:]
        var finished: UInt64 = 0
        var failures = 0
    }

    private let state = Mutex(State())
    private let seeds: UInt64
    /// More than a person reads.
    private static let shownMax = 20

    init(seeds: UInt64) { self.seeds = seeds }

    func note(_ counts: Simulation.Counts, _ kind: ServerModel.Kind) {
        state.withLock { state in
            state.sums[kind.rawValue, default: Sum()].runs += 1
            state.sums[kind.rawValue, default: Sum()].messages += counts.messages
        }
    }

    func note(_ failure: SimulationFailure) {
        let isShown = state.withLock { state in
            state.failures += 1
            state.sums[failure.kind.rawValue, default: Sum()].runs += 1
            switch failure.fault {
            case .lost: state.sums[failure.kind.rawValue]?.lost += 1
            case .doubled: state.sums[failure.kind.rawValue]?.doubled += 1
            case .reordered: state.sums[failure.kind.rawValue]?.reordered += 1
            case .erased: state.sums[failure.kind.rawValue]?.erased += 1
            case .other, nil: state.sums[failure.kind.rawValue]?.other += 1
            }
            return state.failures <= Self.shownMax
        }
        guard isShown else { return }
        print(failure)
        fflush(nil)
    }

    func finish(_ seed: UInt64) {
        let finished = state.withLock { state in
            state.finished += 1
            return state.finished
        }
        guard finished % max(1, seeds / 20) == 0 else { return }
        print("… \(finished) of \(seeds) seeds")
        // Flush also when the output is a file: somebody may be watching it.
        fflush(nil)
    }

    /// True when nothing went wrong.
    func printSum(_ kinds: [ServerModel.Kind]) -> Bool {
        let state = state.withLock { $0 }
        let parts = kinds.map { kind in
            let sum = state.sums[kind.rawValue] ?? Sum()
            return "\(kind.rawValue): \(sum.runs) seeds, \(sum.messages) messages, \(sum.lost) lost, "
                + "\(sum.doubled) doubled, \(sum.reordered) reordered, \(sum.erased) erased, \(sum.other) otherwise wrong"
        }
        print("soak: " + parts.joined(separator: "; "))
        return state.failures == 0
    }
}
