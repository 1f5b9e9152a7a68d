import ChatClientCore

/// Text cut into pieces that are drawn differently.
struct RichText {
    /// What a piece is.
    enum Mark: Hashable, Sendable {
        case plain
        /// The whole address, also where only a part of it stands in the piece.
        case link(Hyperlink?)
    }

    struct Span: Hashable, Sendable {
        var text: String
        var mark: Mark
        var emphasis: Emphasis = []
    }

    /// The lines of a message's text at a width, with its links and what its writer emphasised marked, also
    /// where these are broken over several lines; and with what was searched for.
    static func lines(_ text: String, width: Int, highlight: SearchHighlight? = nil) -> [[Span]] {
        guard width > 0 else { return [] }
        var result: [[Span]] = []
        let text = Sanitizer.text(text)
        var matches = MatchCursor(highlight?.ranges(in: text) ?? [])
        let paragraphs = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (paragraph, isCode) in zip(paragraphs, CodeFence.marks(of: paragraphs)) {
            let clusters = paragraph.map { Cluster($0) }
            let marks = marks(of: clusters)
            var emphasis =
                isCode.map { [Emphasis](repeating: $0, count: clusters.count) }
                ?? Emphasis.of(clusters, isLink: { marks[$0] != .plain })
            for (index, cluster) in clusters.enumerated() where matches.passes(cluster.character) {
                emphasis[index].insert(.match)
            }
            matches.passLineBreak()
            for range in TextWrap.ranges(clusters, width: width) {
                var end = range.upperBound
                while end > range.lowerBound, clusters[end - 1].isWhitespace { end -= 1 }
                result.append(spans(clusters, marks, emphasis, range.lowerBound..<end))
            }
        }
        return result
    }

    /// Walks along a text and the matches in it.
    private struct MatchCursor {
        private var matches: ArraySlice<Range<Int>>
        private var offset = 0

        init(_ matches: [Range<Int>]) { self.matches = matches[...] }

        /// True when a match holds a part of the next character.
        mutating func passes(_ character: Character) -> Bool {
            guard !matches.isEmpty else { return false }
            let start = offset
            offset += character.utf8.count
            while let first = matches.first, first.upperBound <= start { matches.removeFirst() }
            return matches.first.map { $0.lowerBound < offset } ?? false
        }

        mutating func passLineBreak() { offset += 1 }
    }

    /// The links of a text, as they are shown: what is opened is what the person has read.
    static func links(in text: String) -> [String] {
        let clusters = Sanitizer.text(text).map { Cluster($0) }
        return LinkScanner.ranges(in: clusters).map { String(clusters[$0].map(\.character)) }
    }

    private static func spans(
        _ clusters: [Cluster], _ marks: [Mark], _ emphasis: [Emphasis], _ range: Range<Int>
    ) -> [Span] {
        var spans: [Span] = []
        for index in range {
            if let last = spans.last, last.mark == marks[index], last.emphasis == emphasis[index] {
                spans[spans.count - 1].text.append(clusters[index].character)
            } else {
                spans.append(
                    Span(
                        text: String(clusters[index].character), mark: marks[index], emphasis: emphasis[index]
                    ))
            }
        }
        return spans
    }

    private static func marks(of clusters: [Cluster]) -> [Mark] {
        var marks = [Mark](repeating: .plain, count: clusters.count)
        for range in LinkScanner.ranges(in: clusters) {
            let target = Hyperlink(String(clusters[range].map(\.character)))
            for position in range { marks[position] = .link(target) }
        }
        return marks
    }
}
