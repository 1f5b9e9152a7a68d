/// Finds the words of a search in a text that it found.
///
/// ```swift
/// let highlight = SearchHighlight("acao \"bom dia")
/// let ranges = highlight?.ranges(in: "Bom dia! Em ação.")  // both words and the phrase
/// ```
public struct SearchHighlight: Hashable, Sendable {
    private let query: SearchQuery

    /// - Parameter text: the search text; the result is nil when it contains no word.
    public init?(_ text: String) {
        guard let query = SearchQuery(text) else { return nil }
        self.query = query
    }

    /// The ranges as offsets into the text's UTF-8, in order and not overlapping; none when a word of the search is
    /// missing.
    public func ranges(in text: String) -> [Range<Int>] {
        guard query.accepts(text) else { return [] }
        return SearchExcerpt.joined(query.match(SearchWord.all(of: text)).map(\.range))
    }
}
