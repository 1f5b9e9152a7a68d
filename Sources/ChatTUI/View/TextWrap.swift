/// One grapheme cluster with the columns it takes.
struct Cluster: Hashable, Sendable {
    let character: Character
    let width: Int
    let isWhitespace: Bool
    /// The byte of an ASCII character, else 0: most questions about most clusters are answered by it.
    let ascii: UInt8

    /// `width` nil measures it.
    init(_ character: Character, width: Int? = nil) {
        self.character = character
        let bytes = character.utf8
        if bytes.count == 1, let byte = bytes.first {
            ascii = byte
            isWhitespace = byte == 0x20 || 0x09...0x0D ~= byte
            self.width = width ?? (0x20..<0x7F ~= byte ? 1 : 0)
        } else {
            ascii = 0
            isWhitespace = character.isWhitespace
            self.width = width ?? TextWidth.of(character)
        }
    }
}

/// Breaks text into lines of a width: between words where it can, between clusters
/// where a word is longer than a line, never inside a cluster.
enum TextWrap {
    /// The lines of sanitised text, without the spaces at their breaks. Only a cluster
    /// that is itself wider than `width` makes a line wider than `width`.
    static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var result: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let clusters = paragraph.map { Cluster($0) }
            for range in ranges(clusters, width: width) {
                var line = clusters[range]
                while let last = line.last, last.isWhitespace { line.removeLast() }
                result.append(String(line.map(\.character)))
            }
        }
        return result
    }

    /// The clusters of each line of one paragraph: the ranges join without gaps, and
    /// spaces at a break belong to the line that they end, where they may hang over.
    static func ranges(_ clusters: [Cluster], width: Int) -> [Range<Int>] {
        guard !clusters.isEmpty else { return [0..<0] }
        var result: [Range<Int>] = []
        var start = 0
        var used = 0
        var lastBreak = 0
        var lastPause = 0
        var index = 0
        while index < clusters.count {
            let cluster = clusters[index]
            if index > start, allowsBreak(between: clusters[index - 1], and: cluster) { lastBreak = index }
            if index > start + 1, isPause(clusters, index) { lastPause = index }
            if used + cluster.width > width, !cluster.isWhitespace, index > start {
                // Inside a word only where most of the line is full.
                let inWord = lastPause - start > width / 2 ? lastPause : index
                let end = lastBreak > start ? lastBreak : inWord
                result.append(start..<end)
                start = end
                index = end
                used = 0
                continue
            }
            used += cluster.width
            index += 1
        }
        result.append(start..<clusters.count)
        return result
    }

    /// Behind these a word that is longer than a line is broken, as addresses are.
    private static let pauses = Array("/?&#=".utf8)

    /// `//` stays with what follows.
    private static func isPause(_ clusters: [Cluster], _ index: Int) -> Bool {
        let sign = clusters[index - 1].ascii
        return pauses.contains(sign) && sign != clusters[index - 2].ascii && sign != clusters[index].ascii
    }

    private static func allowsBreak(between left: Cluster, and right: Cluster) -> Bool {
        if right.isWhitespace { return false }
        if left.isWhitespace { return left.character != "\u{A0}" && left.character != "\u{202F}" }
        if left.ascii == UInt8(ascii: "-") { return right.character.isLetter }
        guard left.width == 2 || right.width == 2 else { return false }
        return !closing.contains(right.character) && !opening.contains(left.character)
    }

    /// East Asian punctuation that does not begin, or end, a line.
    private static let closing: Set<Character> = [
        "、", "。", "，", "．", "：", "；", "！", "？", "）", "］", "｝", "」", "』", "】", "〉", "》", "ー", "々",
        ".", ",", ":", ";", "!", "?", ")", "]", "}", "…",
    ]
    private static let opening: Set<Character> = ["（", "［", "｛", "「", "『", "【", "〈", "《", "(", "[", "{"]
}
