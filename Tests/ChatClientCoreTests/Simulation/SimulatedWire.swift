/// One connection between a program and the server: text messages in order each way, at any speed.
final class SimulatedWire {
    /// Counted over all programs and restarts, unlike an engine's links.
    let number: Int
    /// The engine's own number for it.
    let link: Int
    /// Who opened it.
    unowned let program: SimulatedProgram
    /// How many messages the server had when it opened.
    let recordsBefore: Int
    var up: [[UInt8]] = []
    var down: [[UInt8]] = []
    /// Whether the program still has it.
    var isOpen = true
    /// Half-open: nothing passes any more, and nobody is told.
    var isStalled = false

    init(number: Int, link: Int, program: SimulatedProgram, recordsBefore: Int) {
        self.number = number
        self.link = link
        self.program = program
        self.recordsBefore = recordsBefore
    }
}
