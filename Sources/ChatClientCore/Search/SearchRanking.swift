/// Which of the messages that were found are probably meant.
enum SearchRanking {
    /// The best first; the newest first among equals.
    static func sorted(_ found: [ChatStore.Found]) -> [ChatStore.Found] {
        let scored = found.map { (one: $0, score: score($0)) }
        return scored.sorted { one, other in
            one.score == other.score
                ? one.one.row.position > other.one.row.position : one.score > other.score
        }.map(\.one)
    }

    /// Whole words count most, then words that stand together, then that they are much of the message.
    static func score(_ found: ChatStore.Found) -> Int {
        let phrases = Set(found.matches.map(\.phrase))
        let whole = Set(found.matches.filter(\.isWhole).map(\.phrase))
        var score = whole.count * 100 / max(1, phrases.count)
        if phrases.count > 1, standsTogether(found) { score += 60 }
        score += min(40, found.matches.count * 40 / max(1, found.words.count))
        return score
    }

    /// Two different phrases of the query are neighbours somewhere.
    private static func standsTogether(_ found: ChatStore.Found) -> Bool {
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
