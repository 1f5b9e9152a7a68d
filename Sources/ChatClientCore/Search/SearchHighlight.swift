/// Shows where the words of a search stand in a text that it found.
///
/// ```swift
/// let highlight = SearchHighlight("acao \"bom dia")
/// let ranges = highlight?.ranges(in: "Bom dia! Em ação.")  // both words and the phrase
/// ```
public struct SearchHighlight: Hashable, Sendable {
    private let query: SearchQuery

    /// - Parameter text: what was searched for; nil comes of a text without a word.
    public init?(_ text: String) {
        guard let query = SearchQuery(text) else { return nil }
        self.query = query
    }

    /// The places as offsets into the text's UTF-8, in order and apart from each other; none when a word of the
    /// search is missing.
    public func ranges(in text: String) -> [Range<Int>] {
        guard query.accepts(text) else { return [] }
        return SearchExcerpt.joined(query.match(SearchWord.all(of: text)).map(\.range))
    }
}
