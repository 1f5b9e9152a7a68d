/// A colour of the terminal: its own default, or an entry of its palette.
enum Colour: Hashable, Sendable {
    case standard
    case palette(UInt8)
}

/// How a cell is drawn.
struct Style: Hashable, Sendable {
    /// What a terminal can do to a glyph besides colouring it.
    struct Attributes: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let bold = Attributes(rawValue: 1 << 0)
        static let dim = Attributes(rawValue: 1 << 1)
        static let italic = Attributes(rawValue: 1 << 2)
        static let underline = Attributes(rawValue: 1 << 3)
        static let reverse = Attributes(rawValue: 1 << 4)
    }

    var foreground: Colour = .standard
    var background: Colour = .standard
    var attributes: Attributes = []

    static let plain = Style()

    func with(_ added: Attributes) -> Style {
        var style = self
        style.attributes.formUnion(added)
        return style
    }

    func on(_ background: Colour) -> Style {
        var style = self
        style.background = background
        return style
    }
}
