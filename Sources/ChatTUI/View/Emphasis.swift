/// How a piece of a message stands out. The signs that say so stay in the text: what is copied with the mouse
/// is what was written, and a terminal without bold or italic letters loses nothing.
struct Emphasis: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let bold = Emphasis(rawValue: 1 << 0)
    static let italic = Emphasis(rawValue: 1 << 1)
    static let code = Emphasis(rawValue: 1 << 2)
    /// The sign itself.
    static let sign = Emphasis(rawValue: 1 << 3)
    /// What was searched for.
    static let match = Emphasis(rawValue: 1 << 4)

    /// The emphasis of each cluster of a paragraph: `*bold*`, `**bold**`, `_italic_` and `` `code` ``, around
    /// words, not inside them. Links, and what stands in code, emphasise nothing.
    static func of(_ clusters: [Cluster], isLink: (Int) -> Bool) -> [Emphasis] {
        var result = [Emphasis](repeating: [], count: clusters.count)
        guard clusters.contains(where: { signs.contains($0.character) }) else { return result }
        markCode(clusters, &result)
        let isClosed = clusters.indices.map { isLink($0) || !result[$0].isEmpty }
        mark(clusters, "*", .bold, lengths: 1...2, isClosed, &result)
        mark(clusters, "_", .italic, lengths: 1...1, isClosed, &result)
        return result
    }

    private static let signs: Set<Character> = ["*", "_", "`"]

    /// Code ends with as many backquotes as it began with.
    private static func markCode(_ clusters: [Cluster], _ result: inout [Emphasis]) {
        var open: Range<Int>?
        for run in runs(of: "`", in: clusters) {
            guard let begin = open else {
                open = run
                continue
            }
            // What was opened with more signs waits for its end; another length begins anew.
            guard begin.count == run.count, begin.upperBound < run.lowerBound else {
                if begin.count < run.count { open = run }
                continue
            }
            emphasise(begin, run, .code, &result)
            open = nil
        }
    }

    private static func mark(
        _ clusters: [Cluster], _ sign: Character, _ emphasis: Emphasis, lengths: ClosedRange<Int>,
        _ isClosed: [Bool], _ result: inout [Emphasis]
    ) {
        var open: Range<Int>?
        for run in runs(of: sign, in: clusters) where lengths.contains(run.count) && !isClosed[run.lowerBound]
        {
            let before = run.lowerBound > 0 ? clusters[run.lowerBound - 1].character : " "
            let after = run.upperBound < clusters.count ? clusters[run.upperBound].character : " "
            if let begin = open, begin.count == run.count, !before.isWhitespace, !isOfWord(after) {
                emphasise(begin, run, emphasis, &result)
                open = nil
            } else if !isOfWord(before), !after.isWhitespace {
                open = run
            }
        }
    }

    private static func emphasise(
        _ begin: Range<Int>, _ end: Range<Int>, _ emphasis: Emphasis, _ result: inout [Emphasis]
    ) {
        for index in begin.upperBound..<end.lowerBound { result[index].insert(emphasis) }
        for index in [begin, end].joined() { result[index].insert(.sign) }
    }

    private static func isOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    /// Where the same sign stands, one or more times in a row.
    private static func runs(of sign: Character, in clusters: [Cluster]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for index in clusters.indices where clusters[index].character == sign {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs
    }
}

/// Code of several lines, between lines that begin with three backquotes.
enum CodeFence {
    /// For each paragraph what it is as a whole: code, the fence itself, or nil for neither.
    static func marks(of paragraphs: [Substring]) -> [Emphasis?] {
        var result = [Emphasis?](repeating: nil, count: paragraphs.count)
        guard paragraphs.count > 1 else { return result }
        var open: Int?
        for (index, paragraph) in paragraphs.enumerated() where isFence(paragraph, closes: open != nil) {
            guard let begin = open else {
                open = index
                continue
            }
            for inside in begin...index {
                result[inside] = inside == begin || inside == index ? .sign : .code
            }
            open = nil
        }
        return result
    }

    /// Behind the opening one the language may stand.
    private static func isFence(_ paragraph: Substring, closes: Bool) -> Bool {
        guard paragraph.hasPrefix("```") else { return false }
        let rest = paragraph.dropFirst(3)
        return closes ? rest.allSatisfy { $0.isWhitespace || $0 == "`" } : !rest.contains("`")
    }
}
