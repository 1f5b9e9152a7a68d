/// One key with the modifiers that the terminal reports.
struct Key: Hashable, Sendable {
    enum Code: Hashable, Sendable {
        /// Letters with `control` are lower case, whatever Shift does.
        case character(Character)
        case enter, tab, backspace, delete, insert, escape
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }

    struct Modifiers: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let shift = Modifiers(rawValue: 1 << 0)
        static let alt = Modifiers(rawValue: 1 << 1)
        static let control = Modifiers(rawValue: 1 << 2)
    }

    var code: Code
    var modifiers: Modifiers = []

    init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    static func character(_ character: Character, _ modifiers: Modifiers = []) -> Key {
        Key(.character(character), modifiers)
    }

    /// Reads names such as `ctrl-k`, `alt-enter`, `f1`, `pageup`, `a`; nil for other names.
    init?(named name: String) {
        var modifiers: Modifiers = []
        var rest = Substring(name)
        let prefixes: [(String, Modifiers)] = [("ctrl-", .control), ("alt-", .alt), ("shift-", .shift)]
        while let (prefix, modifier) = prefixes.first(where: { rest.lowercased().hasPrefix($0.0) }) {
            modifiers.insert(modifier)
            rest = rest.dropFirst(prefix.count)
        }
        guard let code = Self.code(named: String(rest)) else { return nil }
        self.init(code, modifiers)
    }

    /// The name that `init(named:)` reads.
    var name: String {
        var text = ""
        if modifiers.contains(.control) { text += "ctrl-" }
        if modifiers.contains(.alt) { text += "alt-" }
        if modifiers.contains(.shift) { text += "shift-" }
        switch code {
        case .function(let number): return text + "f\(number)"
        case .character(let character) where character != " ": return text + String(character)
        default: return text + (Self.namedCodes.first { $0.code == code }?.name ?? "")
        }
    }

    private static func code(named name: String) -> Code? {
        if let named = namedCodes.first(where: { $0.name == name.lowercased() }) { return named.code }
        if name.count == 1, let character = name.first { return .character(character) }
        if name.lowercased().hasPrefix("f"), let number = Int(name.dropFirst()), 1...24 ~= number {
            return .function(number)
        }
        return nil
    }

    private static let namedCodes: [(name: String, code: Code)] = [
        ("enter", .enter), ("tab", .tab), ("backspace", .backspace), ("delete", .delete),
        ("insert", .insert), ("escape", .escape), ("up", .up), ("down", .down), ("left", .left),
        ("right", .right), ("home", .home), ("end", .end), ("pageup", .pageUp), ("pagedown", .pageDown),
        ("space", .character(" ")),
    ]
}

/// What the person or the terminal does, decoded from the bytes of the tty.
enum InputEvent: Hashable, Sendable {
    case key(Key)
    /// A bracketed paste, whole, with `\n` as its only line break.
    case paste(String)
    case mouse(MouseEvent)
    /// The terminal window got (true) or lost the focus.
    case focus(Bool)
    /// The terminal's answer about its background colour, 16 bits a channel.
    case background(red: UInt16, green: UInt16, blue: UInt16)
}
