import ChatWire

/// The colours of the screen: few, each with a meaning. Nothing is told by colour alone.
struct Theme: Hashable, Sendable {
    /// What the theme is made for.
    enum Background: Hashable, Sendable {
        case dark
        case light
    }

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

    /// A person's name keeps its colour everywhere and always.
    func name(of person: UserID) -> Style {
        guard !names.isEmpty else { return Style(attributes: .bold) }
        // Neighbouring ids get distant colours.
        let mixed = UInt64(bitPattern: person.rawValue) &* 0x9E37_79B9_7F4A_7C15
        return Style(foreground: names[Int((mixed >> 32) % UInt64(names.count))], attributes: .bold)
    }

    init(_ background: Background, colours: ColourDepth) {
        switch colours {
        case .none:
            faint = Style(attributes: .dim)
            rule = Style(attributes: .dim)
            accent = Style(attributes: .bold)
            heading = Style(attributes: .bold)
            good = .plain
            warning = Style(attributes: .bold)
            bad = Style(attributes: .bold)
            selection = .standard
            panel = .standard
            panelSelection = .standard
            link = Style(attributes: .underline)
            names = []
        case .sixteen:
            let isDark = background == .dark
            faint = Style(foreground: .palette(8))
            rule = Style(foreground: .palette(8))
            accent = Style(foreground: .palette(isDark ? 6 : 4))
            heading = Style(attributes: .bold)
            good = Style(foreground: .palette(2))
            warning = Style(foreground: .palette(3))
            bad = Style(foreground: .palette(1))
            selection = .standard
            panel = .standard
            panelSelection = .standard
            link = Style(foreground: .palette(isDark ? 6 : 4), attributes: .underline)
            names = [2, 3, 4, 5, 6].map(Colour.palette)
        case .palette:
            self = background == .dark ? .dark : .light
        }
    }

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
        panelSelection: 238, link: 110, names: [108, 110, 139, 173, 143, 109, 175, 180])
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

    static let unicode = Symbols(
        online: "●", offline: "○", queued: "◷", sent: "✓", delivered: "✓✓", read: "•✓✓", failed: "!",
        held: "‖", chosen: "▌", prompt: "›", horizontal: "─", vertical: "│", downTee: "┬", upTee: "┴",
        rightTee: "├", ellipsis: "…", dot: "·", masked: "•")

    static let ascii = Symbols(
        online: "*", offline: "o", queued: "...", sent: "v", delivered: "vv", read: "VV", failed: "!",
        held: "=", chosen: ">", prompt: ">", horizontal: "-", vertical: "|", downTee: "+", upTee: "+",
        rightTee: "+", ellipsis: "~", dot: "-", masked: "*")
}
