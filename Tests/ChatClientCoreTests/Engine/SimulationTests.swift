import Testing

@testable import ChatClientCore

/// The simulation in the suite: a few hundred seeds. `./test` runs thousands, `make soak` as many as wanted.
@Suite struct SimulationTests {
    @Test(arguments: ServerModel.Kind.allCases, 0..<60)
    func nothingIsLostDoubledOrReordered(kind: ServerModel.Kind, seed: UInt64) throws {
        _ = try Simulation(seed: seed, kind: kind).run()
    }
}
