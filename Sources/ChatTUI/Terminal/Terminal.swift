/// What the program needs of a terminal. One thread uses it.
protocol Terminal: AnyObject {
    /// Readable when the person has typed.
    var inputDescriptor: Int32 { get }
    /// The present size, asked anew.
    var size: Size { get }
    /// How many colours may be used.
    var colours: ColourDepth { get }
    /// What was typed; empty at the end of the input, and in the background. Blocks unless `inputDescriptor` is
    /// readable.
    func read() throws(TerminalError) -> [UInt8]
    /// Makes the terminal show this screen, sending only what changed; false when nothing did.
    func present(_ screen: Screen) throws(TerminalError) -> Bool
    /// Forgets what the terminal shows, so that the next screen is sent whole.
    func invalidate()
    /// Asks for the background colour; the answer, if any, comes as input.
    func askBackground() throws(TerminalError)
    /// Tells the terminal something beside the screen; terminals that would not understand are left alone.
    ///
    /// - Returns: whether it was told. A terminal does not report whether it obeys.
    @discardableResult
    func tell(_ message: TerminalMessage) throws(TerminalError) -> Bool
    /// Gives the terminal back as it was found. May be called again, and before `enter`.
    func restore()
    /// Takes the terminal (again). In the background the program stops here until it is brought to the front.
    func enter() throws(TerminalError)
    /// Sets all modes again: while the program was stopped, another one had the terminal and changed them. In the
    /// background the program stops here until it is brought to the front.
    func resume() throws(TerminalError)
    /// False while the terminal is another program's: then nothing may be drawn or read.
    var isForeground: Bool { get }
}

/// How many colours a terminal has.
enum ColourDepth: Hashable, Sendable {
    case none
    case eight
    case sixteen
    case palette
}
