import ChatClientCore
import ChatWire
import Glibc

/// What the person, or the configuration, wants of the terminal client.
public struct TerminalOptions: Hashable, Sendable {
    /// When to use colour.
    public enum Colour: String, CaseIterable, Hashable, Sendable {
        /// Where the terminal has it and `NO_COLOR` is not set.
        case automatic = "auto"
        case always
        case never
    }

    /// How the person is notified of a message while the terminal is not in focus.
    public enum Notifications: String, CaseIterable, Hashable, Sendable {
        /// By the terminal, where it is known to show notifications.
        case automatic = "auto"
        case off
        case osc9
        case osc777
        case osc99
        /// By `notify-send`.
        case desktop
    }

    /// nil takes the language of the locale.
    public var language: Language?
    public var theme = ThemeChoice.automatic
    public var colour = Colour.automatic
    /// Draws only ASCII: letters lose their accents, and characters without an equivalent become question marks.
    public var ascii = false
    /// Lets the mouse choose, scroll and place the cursor. Text is selected with Shift then.
    public var mouse = true
    /// Sets the window title to the open conversation and the number of unread messages.
    public var title = true
    public var bell = true
    public var notifications = Notifications.automatic
    /// True where the terminal draws characters of ambiguous width over two columns.
    public var ambiguousIsWide = false
    public var keys = KeyBindings()
    /// The profiles that the person may change to; nil where the caller cannot change it.
    public var profiles: [String]?
    /// True where the person may choose another server on the first screen.
    public var changesServer = false
    /// What the first screen begins with; when nothing is missing, it signs in at once.
    public var signIn = SignInDraft()

    public init() {}
}

/// How the terminal client ended.
public struct TerminalExit: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The person left.
        case quit
        /// This signal ended the program.
        case signal(Int32)
        /// The terminal is gone.
        case terminalLost
        /// Lines could not be written, for the reason of this errno.
        case outputFailed(Int32)
        /// The person goes to another profile.
        case profile(String)
        /// The person goes to another server, with the data entered so far.
        case server(ServerURL, SignInDraft)
    }

    public var reason: Reason
    /// Messages that stay queued and will be sent at the next start.
    public var unsent: Int
    /// Messages that wait for the person's decision.
    public var waiting: Int

    public init(reason: Reason, unsent: Int = 0, waiting: Int = 0) {
        self.reason = reason
        self.unsent = unsent
        self.waiting = waiting
    }

    /// What a shell expects: 0 for `quit`, 128 and the number for a signal, 129 (SIGHUP) for a lost terminal,
    /// 74 (EX_IOERR) when lines could not be written.
    public var code: Int32 {
        switch reason {
        case .quit, .profile, .server: 0
        case .signal(let number): 128 + number
        case .terminalLost: 129
        case .outputFailed: 74
        }
    }

    /// What to tell the person on the shell's screen; nil when everything was sent.
    public func message(in language: Language) -> String? {
        let strings = language.catalogue()
        var parts: [String] = []
        if unsent > 0 { parts.append(strings.goodbye(unsent: unsent)) }
        if waiting > 0 { parts.append(strings.goodbye(waiting: waiting)) }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// The full-screen client.
public enum TerminalClient {
    /// Shows `client` on the terminal of standard input and output until the person leaves.
    ///
    /// Takes the calling thread, and the process's handlers of SIGTSTP, SIGCONT, SIGWINCH and every signal that ends
    /// a program, for as long. Signs in on its own screen when nobody is signed in, and tells the client to connect
    /// once the cache has been shown. The terminal is given back on every way out. In the background the process
    /// stops before anything is drawn. The caller prints `TerminalExit.message(in:)`.
    ///
    /// - Throws: `TerminalError` before anything was drawn.
    public static func run(
        client: ChatClient, options: TerminalOptions, services: TerminalServices = TerminalServices(),
        environment: [String: String]
    ) throws(TerminalError) -> TerminalExit {
        let terminal = try CursesTerminal(
            environment: environment, usesColour: usesColour(options, environment), usesMouse: options.mouse)
        TextWidth.ambiguousIsWide = options.ambiguousIsWide
        let signals = try SignalPipe(signals: EndingSignals.all + [SIGTSTP, SIGCONT, SIGWINCH])
        var state = AppState(
            size: terminal.size, language: options.language ?? Language(environment: environment),
            theme: theme(options, environment), colours: terminal.colours, ascii: options.ascii,
            server: client.configuration.server.description, now: SystemClock.now,
            instant: SystemClock.instant)
        state.context.model.strings.dates = DateStyle(
            language: state.strings.language, environment: environment)
        state.context.followsBackground = options.theme == .automatic && terminal.colours != .none
        state.context.preferences = services.preferences
        state.context.model.keymap = options.keys.applied(to: .standard)
        state.context.attention.alerts.ringsBell = options.bell
        state.context.attention.alerts.setsTitle = options.title
        state.context.attention.alerts.way = notificationWay(options.notifications, environment)
        state.chat.profiles.current = client.configuration.profile
        state.chat.profiles.known = options.profiles
        state.changesServer = options.changesServer
        state.signInDraft = options.signIn
        let program = try Program(
            client: client, terminal: terminal, signals: signals, environment: environment, state: state,
            services: services)
        return try JobControl.withSignals { () throws(TerminalError) in
            try terminal.enter()
            defer { terminal.restore() }
            return program.run()
        }
    }

    private static func usesColour(_ options: TerminalOptions, _ environment: [String: String]) -> Bool? {
        switch options.colour {
        case .always: true
        case .never: false
        // https://no-color.org: set and not empty.
        case .automatic: environment["NO_COLOR"].map { $0.isEmpty } == false ? false : nil
        }
    }

    /// Terminals that set `COLORFGBG` say the background's colour behind the last semicolon.
    private static func theme(
        _ options: TerminalOptions, _ environment: [String: String]
    ) -> ThemeName {
        switch options.theme {
        case .named(let name): return name
        case .automatic:
            let colour = environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) }
            return colour == 7 || colour == 15 ? .light : .dark
        }
    }

    /// Terminals that show notifications say who they are in one of these ways.
    static func notificationWay(
        _ choice: TerminalOptions.Notifications, _ environment: [String: String]
    ) -> Alerts.Way {
        switch choice {
        case .off: return .off
        case .osc9: return .terminal(.osc9)
        case .osc777: return .terminal(.osc777)
        case .osc99: return .terminal(.osc99)
        case .desktop: return .desktop
        case .automatic: break
        }
        let type = environment["TERM"] ?? ""
        if environment["KITTY_WINDOW_ID"] != nil || type == "xterm-kitty" { return .terminal(.osc99) }
        switch environment["TERM_PROGRAM"] {
        case "iTerm.app", "WezTerm": return .terminal(.osc9)
        case "ghostty": return .terminal(.osc777)
        default: return type.hasPrefix("foot") || type.hasPrefix("rxvt") ? .terminal(.osc777) : .off
        }
    }
}
