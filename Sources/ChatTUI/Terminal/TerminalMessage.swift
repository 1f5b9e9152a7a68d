import ChatCrypto

/// What a terminal can be told beside its screen. Every text in it is sanitised before it is written.
enum TerminalMessage: Hashable, Sendable {
    /// Names the window.
    case title(String)
    /// Puts a text into the clipboard of the person's own machine, through any number of remote shells.
    case clipboard(String, by: ClipboardRoute)
    /// Shows a notification, in the way that this terminal understands.
    case notification(NotificationProtocol, title: String, body: String)
    case bell
}

/// The ways in which terminals are asked for a notification.
enum NotificationProtocol: Hashable, Sendable {
    /// iTerm2's: one text.
    case osc9
    /// rxvt's: title and text.
    case osc777
    /// kitty's: title and text, in base64.
    case osc99
}

extension TerminalMessage {
    /// The longest text for a clipboard, in bytes: xterm, among others, drops longer ones.
    static let clipboardBytesMax = 74_000
    private static let titleColumnsMax = 120
    private static let notificationColumnsMax = 200

    /// The control sequence; nil when the text is longer than terminals accept.
    var bytes: [UInt8]? {
        switch self {
        case .bell: return [0x07]
        case .title(let text): return Self.command("2;" + Self.line(text, Self.titleColumnsMax))
        case .clipboard(let text, let route):
            guard text.utf8.count <= Self.clipboardBytesMax else { return nil }
            let body = "52;c;" + Base64.encode(Array(text.utf8))
            switch route {
            case .terminal: return Self.command(body)
            // The first for tmux itself, where it is told to take it; the second is passed on, where that is allowed.
            case .tmux:
                return Self.command(body) + Array("\u{1B}Ptmux;\u{1B}\u{1B}]\(body)\u{7}\u{1B}\\".utf8)
            case .screen: return Self.passedOnByScreen(Array("\u{1B}]\(body)\u{7}".utf8))
            }
        case .notification(let way, let title, let body):
            let title = Self.line(title, Self.titleColumnsMax)
            let body = Self.line(body, Self.notificationColumnsMax)
            switch way {
            // What begins with a number is another command of other terminals: progress, directories.
            case .osc9: return Self.command("9;MyChat: " + title + ": " + body)
            case .osc777:
                // A semicolon would end the title.
                return Self.command(
                    "777;notify;" + title.map { $0 == ";" ? "," : String($0) }.joined() + ";" + body)
            case .osc99:
                return Self.command("99;i=mychat:d=0:e=1:p=title;" + Base64.encode(Array(title.utf8)))
                    + Self.command("99;i=mychat:d=1:e=1:p=body;" + Base64.encode(Array(body.utf8)))
            }
        }
    }

    /// Keeps the window's title on the terminal's stack, and brings it back (xterm's window operations).
    static let keepTitle = Array("\u{1B}[22;2t".utf8)
    static let restoreTitle = Array("\u{1B}[23;2t".utf8)

    private static func line(_ text: String, _ columns: Int) -> String {
        TextWidth.truncated(Sanitizer.line(text), to: columns)
    }

    /// In pieces, since screen drops strings that are longer than it expects.
    private static func passedOnByScreen(_ bytes: [UInt8]) -> [UInt8] {
        var passed: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: screenPieceLength) {
            passed += "\u{1B}P".utf8
            passed += bytes[start...].prefix(screenPieceLength)
            passed += "\u{1B}\\".utf8
        }
        return passed
    }

    /// In bytes; the oldest programs in use accept 256.
    private static let screenPieceLength = 240

    /// Ended by ST: BEL would ring in terminals that do not know the command.
    private static func command(_ body: String) -> [UInt8] {
        Array("\u{1B}]\(body)\u{1B}\\".utf8)
    }
}
