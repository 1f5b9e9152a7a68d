import ChatWire

/// One word of a text, in the form that searches compare.
struct SearchWord: Equatable, Sendable {
    /// In lower case, without accents; UTF-8.
    let folded: [UInt8]
    /// Its range in the text's UTF-8.
    let range: Range<Int>
    /// Whether no white space separates this word from the one before it (`e-mail`, ideographs).
    let isJoined: Bool
    /// Whether it is a character that is a word by itself.
    let isAlone: Bool

    /// All words of a text.
    static func all(of text: String) -> [SearchWord] {
        var text = text
        return text.withUTF8 { all(of: UnsafeRawBufferPointer($0)) }
    }

    static func all(of bytes: UnsafeRawBufferPointer) -> [SearchWord] {
        var words: [SearchWord] = []
        var scanner = SearchWordScanner(bytes)
        while scanner.next() {
            words.append(
                SearchWord(
                    folded: scanner.folded, range: scanner.range, isJoined: scanner.isJoined,
                    isAlone: scanner.isAlone))
        }
        return words
    }
}

/// Splits a text into words. The index, the query and the search for a match's place all use it, so that they agree.
///
/// A word is a run of letters and digits. Ideographs, kana, the letters of Thai, Lao, Khmer and Burmese, and emoji
/// are words of one character each, so that any part of a text without spaces can be found.
struct SearchWordScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var hasSpaceBefore = true

    // The current word.
    private(set) var folded: [UInt8] = []
    private(set) var range = 0..<0
    private(set) var isJoined = false
    private(set) var isAlone = false
    /// The last scalar of `folded`.
    private var last: UInt32 = 0

    /// - Parameter bytes: UTF-8; invalid bytes count as separators. They must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Moves to the next word; false at the end.
    mutating func next() -> Bool {
        folded.removeAll(keepingCapacity: true)
        var start = position
        var end = position
        while position < bytes.count {
            let (scalar, length) = scalar(at: position)
            let kind = SearchFolding.classify(scalar)
            switch kind {
            case .dropped: break
            case .word(let letter):
                if folded.isEmpty { start = position }
                append(letter)
                end = position + length
            case .letters(let letters):
                if folded.isEmpty { start = position }
                for letter in letters { append(letter) }
                end = position + length
            case .alone(let character):
                guard folded.isEmpty else { return finish(start..<end) }
                append(character)
                start = position
                position += length
                passDropped()
                return finish(start..<position, isAlone: true)
            case .separator:
                guard folded.isEmpty else { return finish(start..<end) }
                if isSpace(scalar) { hasSpaceBefore = true }
            }
            if case .dropped = kind, !folded.isEmpty { end = position + length }
            position += length
        }
        return folded.isEmpty ? false : finish(start..<end)
    }

    private mutating func finish(_ range: Range<Int>, isAlone: Bool = false) -> Bool {
        self.range = range
        self.isAlone = isAlone
        isJoined = !hasSpaceBefore
        hasSpaceBefore = false
        return true
    }

    /// An emoji's skin tone and its joiner belong to it.
    private mutating func passDropped() {
        while position < bytes.count {
            let (scalar, length) = scalar(at: position)
            guard SearchFolding.classify(scalar) == .dropped else { return }
            position += length
        }
    }

    private func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    private mutating func append(_ scalar: UInt32) {
        // A part of a Hangul syllable joins the scalar before it. Each of them takes three bytes.
        if (0x1161...0x11C2).contains(scalar), !folded.isEmpty,
            let syllable = TextFolding.syllable(last, scalar)
        {
            folded.removeLast(3)
            return append(syllable.value)
        }
        last = scalar
        switch scalar {
        case 0..<0x80: folded.append(UInt8(scalar))
        case 0x80..<0x800:
            folded.append(UInt8(0xC0 | scalar >> 6))
            folded.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x10000:
            folded.append(UInt8(0xE0 | scalar >> 12))
            folded.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            folded.append(UInt8(0x80 | scalar & 0x3F))
        default:
            folded.append(UInt8(0xF0 | scalar >> 18 & 0x07))
            folded.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            folded.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            folded.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// The scalar at `index`, and its length; an invalid byte is U+FFFD.
    private func scalar(at index: Int) -> (UInt32, Int) {
        let lead = bytes[index]
        if lead < 0x80 { return (UInt32(lead), 1) }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead < 0xF5, index + length <= bytes.count else { return (0xFFFD, 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = bytes[index + offset]
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return (value, length)
    }
}
