/// One connection between a program and the server: text messages in order each way, at any pace.
final class SimulatedWire {
    /// Counted through all programs and restarts, unlike an engine's links.
    let number: Int
    /// The engine's own number for it.
    let link: Int
    var up: [[UInt8]] = []
    var down: [[UInt8]] = []
    /// The program still has it.
    var isOpen = true
    /// Half-open: nothing passes any more, and nobody is told.
    var isStalled = false

    init(number: Int, link: Int) {
        self.number = number
        self.link = link
    }
}
