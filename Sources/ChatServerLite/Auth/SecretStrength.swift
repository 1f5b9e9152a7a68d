/// Judges whether a token secret can be guessed. It looks at what the secret is made of, because no list of bad
/// secrets is complete.
enum SecretStrength {
    /// The weakness in words; nil for an acceptable secret.
    static func weakness(of secret: String) -> String? {
        if secret.utf8.count < 32 {
            return unforeseen(secret) == 0 ? "a documented example" : "shorter than 32 bytes"
        }
        if Set(secret.utf8).count < 8 { return "made of too few different characters" }
        let length = secret.utf8.count
        guard unforeseen(secret) >= 12 else {
            // A placeholder is mostly words; everything else is a pattern.
            return withoutWords(secret).count * 2 < length ? "a documented example" : "a pattern, not random"
        }
        return nil
    }

    /// The words that placeholders in documentation are made of, and the rows of keyboards. Longer ones come first.
    private static let words: [[UInt8]] = """
        a admin api app aqui asdfghjkl at change changeme characters chat chave de default dev development do env \
        example exemplo flask for here in insert is jwt key local long longa me min muito must my mychat not password \
        please production qwertyuiop random replace secret secreta secreto secure segredo segura senha server sign \
        string sua super test the this to token um uma use value very with your zxcvbnm
        """.split(separator: " ").sorted { $0.utf8.count > $1.utf8.count }.map { Array($0.utf8) }

    /// The letters and digits that are not part of such a word.
    private static func withoutWords(_ secret: String) -> [UInt8] {
        let text = Array(secret.lowercased().utf8)
        // In a random secret short words occur by chance, so they count only between separators.
        let parts = text.split { !isLetter($0) && !isDigit($0) }
        return parts.flatMap { part -> [UInt8] in
            words.contains(Array(part)) ? [] : withoutLongWords(Array(part))
        }
    }

    private static func withoutLongWords(_ part: [UInt8]) -> [UInt8] {
        var rest: [UInt8] = []
        var index = 0
        while index < part.count {
            if let word = words.first(where: { $0.count >= 4 && part[index...].starts(with: $0) }) {
                index += word.count
            } else {
                rest.append(part[index])
                index += 1
            }
        }
        return rest
    }

    /// How many characters do not follow from what precedes them: neither equal to the last one nor its neighbour,
    /// nor a pair that has been there.
    private static func unforeseen(_ secret: String) -> Int {
        let text = withoutWords(secret)
        guard !text.isEmpty else { return 0 }
        var pairs: Set<[UInt8]> = []
        var count = 1
        for (first, second) in zip(text, text.dropFirst()) {
            let isNeighbour = abs(Int(first) - Int(second)) <= 1
            if pairs.insert([first, second]).inserted, !isNeighbour { count += 1 }
        }
        return count
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte >= 0x80
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
