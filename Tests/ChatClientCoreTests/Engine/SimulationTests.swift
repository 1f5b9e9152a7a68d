import Glibc
import Testing

@testable import ChatClientCore

/// The simulation in the suite: a few hundred seeds. `./test` runs thousands, `make soak` as many as wanted.
@Suite struct SimulationTests {
    /// `make break-rules` runs more, since some faults show in one of a hundred seeds.
    static let seeds = getenv("SIMULATION_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 60

    @Test(arguments: ServerModel.Kind.allCases, 0..<Self.seeds)
    func nothingIsLostDoubledOrReordered(kind: ServerModel.Kind, seed: UInt64) throws {
        _ = try Simulation(seed: seed, kind: kind).run()
    }
}
