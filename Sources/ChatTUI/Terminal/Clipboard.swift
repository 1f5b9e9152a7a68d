/// What is known about a copy. A terminal does not report whether it took the text.
enum CopyOutcome: Hashable, Sendable {
    /// tmux holds it in a buffer of its own, and has told its terminal.
    case inTmuxBuffer
    /// It was handed over this way.
    case handedOver(ClipboardRoute)
    /// The text is too long, or the terminal is not known to have a clipboard.
    case refused
}

/// The program between this one and the terminal that has the person's clipboard.
enum ClipboardRoute: Hashable, Sendable {
    /// Nothing.
    case terminal
    /// tmux, which by default keeps for itself what programs give to the clipboard.
    case tmux
    /// GNU screen, which passes on what is wrapped for that.
    case screen

    init(environment: [String: String]) {
        let type = environment["TERM"] ?? ""
        if type.hasPrefix("tmux") || TmuxBuffer.isHere(environment) && type.hasPrefix("screen") {
            self = .tmux
        } else if type.hasPrefix("screen") || environment["STY"]?.isEmpty == false {
            self = .screen
        } else {
            self = .terminal
        }
    }
}

/// tmux's own buffers, by its program.
enum TmuxBuffer {
    /// In milliseconds. The tmux server also draws our screen: while it does not answer, nothing else happens.
    private static let patience = 1000

    static func isHere(_ environment: [String: String]) -> Bool { environment["TMUX"]?.isEmpty == false }

    /// Makes the text tmux's newest buffer, and has it tell the terminals around it. Blocks the calling thread.
    ///
    /// - Returns: whether tmux has it.
    static func load(_ text: String, environment: [String: String]) -> Bool {
        DetachedProcess.run(
            ["tmux", "load-buffer", "-w", "-"], on: Array(text.utf8), environment: environment,
            milliseconds: patience)
    }
}
