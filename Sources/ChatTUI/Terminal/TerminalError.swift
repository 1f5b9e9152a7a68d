/// Why the full-screen client cannot run in this terminal.
public enum TerminalError: Error, Equatable, Sendable {
    /// Standard input or output is no terminal.
    case notATerminal
    /// `TERM` is not set.
    case noTerminalType
    /// The terminal database does not know this `TERM`.
    case unknownTerminalType(String)
    /// This `TERM` cannot place the cursor.
    case incapableTerminal(String)
    /// The program is in the background, and nobody can bring it to the foreground.
    case inBackground
    /// A system call on the terminal failed; `code` is the errno.
    case system(call: String, code: Int32)

    /// A sentence for the person, with what to do instead.
    public func message(in language: Language) -> String {
        let plain =
            language == .english
            ? "`mychat --plain` chats line by line; commands such as `mychat send` do one thing."
            : "`mychat --plain` conversa linha por linha; comandos como `mychat send` fazem uma coisa só."
        switch self {
        case .notATerminal:
            return language == .english
                ? "The full-screen client needs a terminal on standard input and output. " + plain
                : "O cliente de tela cheia precisa de um terminal na entrada e na saída padrão. " + plain
        case .noTerminalType:
            return language == .english
                ? "TERM is not set, so the kind of terminal is unknown; try TERM=xterm-256color. " + plain
                : "TERM não está definida: o tipo do terminal é desconhecido; tente TERM=xterm-256color. "
                    + plain
        case .unknownTerminalType(let name):
            let name = Sanitizer.line(name)
            return language == .english
                ? "The terminal type “\(name)” (TERM) is unknown here; try TERM=xterm-256color. " + plain
                : "O tipo de terminal “\(name)” (TERM) é desconhecido; tente TERM=xterm-256color. " + plain
        case .incapableTerminal(let name):
            let name = Sanitizer.line(name)
            return language == .english
                ? "A terminal of type “\(name)” (TERM) cannot show a full screen. " + plain
                : "Um terminal do tipo “\(name)” (TERM) não mostra telas cheias. " + plain
        case .inBackground:
            return language == .english
                ? "The program runs in the background, without a shell that could bring it to the front. "
                    + plain
                : "O programa roda em segundo plano, sem um shell que o traga para a frente. " + plain
        case .system(let call, let code):
            return language == .english
                ? "The terminal failed: \(call), error \(code)."
                : "O terminal falhou: \(call), erro \(code)."
        }
    }
}
