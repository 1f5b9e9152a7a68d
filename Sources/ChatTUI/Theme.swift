import ChatWire

/// The themes, by their names in the configuration.
public enum ThemeName: String, Hashable, Sendable, CaseIterable {
    case dark
    case light
    /// Strong on any background, without dim text: for tired eyes.
    case contrast
    /// Without colours, whatever the terminal has.
    case mono
}

/// The theme that the person wants.
public enum ThemeChoice: RawRepresentable, Hashable, Sendable, CaseIterable {
    /// Follows the terminal's background, where the terminal reports it; dark otherwise.
    case automatic
    case named(ThemeName)

    public static let allCases = [automatic] + ThemeName.allCases.map { named($0) }

    public var rawValue: String {
        switch self {
        case .automatic: "auto"
        case .named(let name): name.rawValue
        }
    }

    public init?(rawValue: String) {
        guard let choice = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = choice
    }
}

/// The colours of the screen: few, each with a meaning. Nothing is told by colour alone.
struct Theme: Hashable, Sendable {

    var text: Style = .plain
    /// Times, previews, hints: what is read second.
    var faint: Style
    /// Rules between the panes.
    var rule: Style
    /// The program's own colour: prompt, marks of new things, keys.
    var accent: Style
    /// Names of people in headings.
    var heading: Style
    var good: Style
    var warning: Style
    var bad: Style
    /// Behind the chosen line of a list.
    var selection: Colour
    /// Behind dialogs, and behind the chosen line of a list in one.
    var panel: Colour
    var panelSelection: Colour
    var link: Style
    /// The colours that people's names are drawn in.
    var names: [Colour]

    /// What was searched for stands out by more than colour.
    var match: Style { accent.with([.bold, .underline]) }
    /// Code in a message.
    var code: Style { text.on(panelSelection) }

    /// The style of a person's name, the same everywhere.
    func name(of person: UserID) -> Style {
        guard !names.isEmpty else { return Style(attributes: .bold) }
        // Neighbouring ids get distant colours.
        let mixed = UInt64(bitPattern: person.rawValue) &* 0x9E37_79B9_7F4A_7C15
        return Style(foreground: names[Int((mixed >> 32) % UInt64(names.count))], attributes: .bold)
    }

    init(_ name: ThemeName, colours: ColourDepth) {
        switch (name, colours) {
        case (.mono, _), (_, .none): self = .mono
        case (.contrast, _): self = .contrast
        case (_, .eight): self.init(plainOn: name, faint: Style(attributes: .dim))
        case (_, .sixteen): self.init(plainOn: name, faint: Style(foreground: .palette(8)))
        case (.light, .palette): self = .light
        case (.dark, .palette): self = .dark
        }
    }

    /// Uses the terminal's own few colours, whose shades its owner has chosen.
    private init(plainOn name: ThemeName, faint: Style) {
        let accent: UInt8 = name == .light ? 4 : 6
        self.faint = faint
        rule = faint
        self.accent = Style(foreground: .palette(accent))
        heading = Style(attributes: .bold)
        good = Style(foreground: .palette(2))
        warning = Style(foreground: .palette(name == .light ? 5 : 3))
        bad = Style(foreground: .palette(1))
        selection = .standard
        panel = .standard
        panelSelection = .standard
        link = Style(foreground: .palette(accent), attributes: .underline)
        names = (name == .light ? [1, 2, 4, 5, 6] : [2, 3, 4, 5, 6]).map(Colour.palette)
    }

    private init(
        faint: Style, rule: Style, strong: Style, selection: Colour, link: Style
    ) {
        self.faint = faint
        self.rule = rule
        accent = strong
        heading = strong
        good = .plain
        warning = strong
        bad = strong
        self.selection = selection
        panel = .standard
        panelSelection = .standard
        self.link = link
        names = []
    }

    private static let mono = Theme(
        faint: Style(attributes: .dim), rule: Style(attributes: .dim), strong: Style(attributes: .bold),
        selection: .standard, link: Style(attributes: .underline))

    /// Nothing is dim; what matters is bold, and only what went wrong has a colour.
    private static let contrast: Theme = {
        var theme = Theme(
            faint: .plain, rule: .plain, strong: Style(attributes: .bold), selection: .standard,
            link: Style(attributes: .underline))
        theme.bad = Style(foreground: .palette(1), attributes: .bold)
        return theme
    }()

    private init(
        faint: UInt8, rule: UInt8, accent: UInt8, good: UInt8, warning: UInt8, bad: UInt8, selection: UInt8,
        panel: UInt8, panelSelection: UInt8, link: UInt8, names: [UInt8]
    ) {
        self.faint = Style(foreground: .palette(faint))
        self.rule = Style(foreground: .palette(rule))
        self.accent = Style(foreground: .palette(accent))
        heading = Style(attributes: .bold)
        self.good = Style(foreground: .palette(good))
        self.warning = Style(foreground: .palette(warning))
        self.bad = Style(foreground: .palette(bad))
        self.selection = .palette(selection)
        self.panel = .palette(panel)
        self.panelSelection = .palette(panelSelection)
        self.link = Style(foreground: .palette(link), attributes: .underline)
        self.names = names.map(Colour.palette)
    }

    private static let dark = Theme(
        faint: 245, rule: 238, accent: 110, good: 108, warning: 179, bad: 174, selection: 236, panel: 235,
        panelSelection: 237, link: 110, names: [108, 110, 139, 173, 143, 109, 175, 180])
    private static let light = Theme(
        faint: 243, rule: 251, accent: 25, good: 28, warning: 130, bad: 124, selection: 254, panel: 255,
        panelSelection: 253, link: 25, names: [22, 25, 90, 130, 94, 30, 125, 60])
}

/// The marks that stand for states; each state has a shape of its own.
struct Symbols: Hashable, Sendable {
    var online: String
    var offline: String
    var queued: String
    var sent: String
    var delivered: String
    var read: String
    var failed: String
    var held: String
    var chosen: String
    var prompt: String
    var horizontal: String
    var vertical: String
    var downTee: String
    var upTee: String
    var rightTee: String
    var ellipsis: String
    var dot: String
    var masked: String
    var pinned: String
    var muted: String

    static let unicode = Symbols(
        online: "●", offline: "○", queued: "◷", sent: "✓", delivered: "✓✓", read: "•✓✓", failed: "!",
        held: "‖", chosen: "▌", prompt: "›", horizontal: "─", vertical: "│", downTee: "┬", upTee: "┴",
        rightTee: "├", ellipsis: "…", dot: "·", masked: "•",
        pinned: "↟", muted: "⊘")

    static let ascii = Symbols(
        online: "*", offline: "o", queued: "...", sent: "v", delivered: "vv", read: "VV", failed: "!",
        held: "=", chosen: ">", prompt: ">", horizontal: "-", vertical: "|", downTee: "+", upTee: "+",
        rightTee: "+", ellipsis: "~", dot: "-", masked: "*", pinned: "^",
        muted: "x")
}
