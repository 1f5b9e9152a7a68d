/// How a catalogue writes its texts on this terminal and for this person.
struct CatalogueStyle: Hashable, Sendable {
    /// True where nothing but ASCII can be drawn.
    var isASCII = false
    var dates = DateStyle.plain
}

/// What a language calls a command that is written after a slash, and what it says about it.
struct CommandWords: Hashable, Sendable {
    /// The one that help shows first.
    let names: [String]
    let help: String

    init(_ names: String..., help: String) {
        self.names = names
        self.help = help
    }
}

extension Catalogue {
    var isASCII: Bool { style.isASCII }

    var dates: DateStyle {
        get { style.dates }
        set { style.dates = newValue }
    }

    /// A text as this terminal can show it: every text with signs or letters beyond ASCII goes through here.
    func say(_ text: String) -> String { isASCII ? ASCIIText.folded(text) : text }

    /// A number with its noun, for languages that have one form for one and another for all other numbers.
    func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) " + say(number == 1 ? one : many)
    }
}
