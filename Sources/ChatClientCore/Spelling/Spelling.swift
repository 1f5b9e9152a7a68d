/// The similarity of two words, for "did you mean".
package enum Spelling {
    /// Longer words are compared only by their first characters: the cost grows with the square.
    package static let lengthMax = 64

    /// How many letters must be inserted, deleted, replaced, or swapped with a neighbour to turn one word into the
    /// other.
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars.prefix(lengthMax))
        let b = Array(right.unicodeScalars.prefix(lengthMax))
        guard !a.isEmpty else { return b.count }
        guard !b.isEmpty else { return a.count }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [Int](repeating: i, count: b.count + 1)
            for j in 1...b.count {
                let exchange = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(last[j] + 1, row[j - 1] + 1, exchange)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }

    /// The candidates similar to the word, the nearest first, at most `limit`; equals keep their order. Similar means
    /// a difference of one letter in three, or a common beginning of at least two letters.
    package static func nearest(to word: String, among candidates: [String], limit: Int) -> [String] {
        let folded = Folding.fold(word)
        let allowed = max(1, folded.unicodeScalars.count / 3)
        let ranked = candidates.enumerated().compactMap { order, candidate -> (Int, Int, String)? in
            let other = Folding.fold(candidate)
            if folded.unicodeScalars.count >= 2, other.hasPrefix(folded) { return (0, order, candidate) }
            let distance = distance(folded, other)
            return distance <= allowed ? (distance, order, candidate) : nil
        }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(limit).map(\.2)
    }
}
