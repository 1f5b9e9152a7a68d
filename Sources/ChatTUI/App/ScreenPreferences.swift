/// How a person has arranged the screen; kept for the profile from one start to the next.
public struct ScreenPreferences: Hashable, Sendable {
    /// Hidden, the list takes turns with the conversation, as it does in a narrow terminal.
    public var isListHidden = false
    /// The width of the list; nil follows the terminal's.
    public var listColumns: Int?

    public init() {}

    public static let standard = ScreenPreferences()

    /// Reads what `text` wrote. What is unknown or makes no sense counts as not said.
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
