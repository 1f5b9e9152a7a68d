/// What of a copy is known. Nobody learns whether a terminal does as it is told.
enum CopyOutcome: Hashable, Sendable {
    /// tmux holds it in a buffer of its own, and has told its terminal.
    case inTmuxBuffer
    /// It was handed over this way.
    case handedOver(ClipboardRoute)
    /// The text is too long, or the terminal is not known to have a clipboard.
    case refused
}

/// What stands between this program and the terminal that has the person's clipboard.
enum ClipboardRoute: Hashable, Sendable {
    /// Nothing.
    case terminal
    /// tmux, which keeps what programs give to the clipboard to itself unless it is told otherwise.
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
    /// In milliseconds. The server that is asked also draws our screen: where it does not answer, nothing else goes on.
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
