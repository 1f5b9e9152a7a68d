/// How a person has arranged the screen; kept for the profile from one start to the next.
public struct ScreenPreferences: Hashable, Sendable {
    /// Hidden, the list takes turns with the conversation, as it does in a narrow terminal.
    public var isListHidden = false
    /// The width of the list; nil follows the terminal's.
    public var listColumns: Int?

    public init() {}

    public static let standard = ScreenPreferences()

    /// Reads what `text` wrote. Unknown or invalid lines are ignored.
    public init(text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            switch (words.first, words.last) {
            case ("list", "hidden"): isListHidden = true
            case ("list-columns", let number?):
                listColumns = Int(number).flatMap { Layout.listColumnsRange.contains($0) ? $0 : nil }
            default: break
            }
        }
    }

    /// A few lines for a file.
    public var text: String {
        var lines = ["list \(isListHidden ? "hidden" : "shown")"]
        if let listColumns { lines.append("list-columns \(listColumns)") }
        return lines.map { $0 + "\n" }.joined()
    }
}

// MARK: Arranging the screen

extension ScreenContext {
    /// Columns that the list grows or shrinks by at once.
    private static let listStep = 2

    /// - Parameter hasOpen: whether there is a conversation to go to when the list disappears.
    mutating func toggleList(hasOpen: Bool) -> [Effect] {
        preferences.isListHidden.toggle()
        if preferences.isListHidden, hasOpen { pane = .conversation }
        return [.keepPreferences(preferences)]
    }

    /// Makes the list wider (positive) or narrower by a step; a hidden list appears instead.
    mutating func resizeList(by steps: Int, hasOpen: Bool) -> [Effect] {
        guard !preferences.isListHidden else { return toggleList(hasOpen: hasOpen) }
        let now = Layout.listColumns(in: size, preferences)
        preferences.listColumns = now + steps * Self.listStep
        // A width that does not fit is not remembered: the next step back would do nothing.
        preferences.listColumns = Layout.listColumns(in: size, preferences)
        return [.keepPreferences(preferences)]
    }

    /// `/list`: without a word it shows or hides the list; a number is the width in columns.
    mutating func arrangeList(_ argument: String, hasOpen: Bool) -> [Effect] {
        guard !argument.isEmpty else { return toggleList(hasOpen: hasOpen) }
        let range = Layout.listColumnsRange
        guard let columns = Int(argument), range.contains(columns) else {
            say(strings.listWidths(range), .warning)
            return []
        }
        preferences.isListHidden = false
        preferences.listColumns = columns
        return [.keepPreferences(preferences)]
    }
}
