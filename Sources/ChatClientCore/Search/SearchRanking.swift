/// Ranks the found messages by how likely they are meant.
enum SearchRanking {
    /// The best first; among equals the newest first.
    static func sorted(_ found: [MessageSearch.Found]) -> [MessageSearch.Found] {
        let scored = found.map { (one: $0, score: score($0)) }
        return scored.sorted { one, other in
            one.score == other.score
                ? one.one.row.position > other.one.row.position : one.score > other.score
        }.map(\.one)
    }

    /// Whole words count most, then adjacent words, then the share of the message that matches.
    static func score(_ found: MessageSearch.Found) -> Int {
        let phrases = Set(found.matches.map(\.phrase))
        let whole = Set(found.matches.filter(\.isWhole).map(\.phrase))
        var score = whole.count * 100 / max(1, phrases.count)
        if phrases.count > 1, standsTogether(found) { score += 60 }
        score += min(40, found.matches.count * 40 / max(1, found.words.count))
        return score
    }

    /// Whether two different phrases of the query are adjacent anywhere.
    private static func standsTogether(_ found: MessageSearch.Found) -> Bool {
        var places: [Int: Int] = [:]
        for (index, word) in found.words.enumerated() { places[word.range.lowerBound] = index }
        return zip(found.matches, found.matches.dropFirst()).contains { one, next in
            guard one.phrase != next.phrase, let place = places[one.range.lowerBound],
                let following = places[next.range.lowerBound]
            else { return false }
            return following == place + 1
        }
    }
}
