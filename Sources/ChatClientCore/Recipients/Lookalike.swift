/// Letters of one script that look like letters of another, and digits that look like letters.
enum Lookalike {
    /// A folded name with each letter replaced by the Latin one that it looks like.
    static func appearance(of folded: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in folded.unicodeScalars { text.append(latin[scalar] ?? scalar) }
        return String(text).replacing("rn", with: "m").replacing("vv", with: "w")
    }

    private static let latin: [Unicode.Scalar: Unicode.Scalar] = {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (letters, latin) in groups {
            for letter in letters.unicodeScalars { table[letter] = latin }
        }
        return table
    }()

    /// Only small letters, of Cyrillic, Greek, Armenian, Latin beyond ASCII, and digits. A letter that looks alike
    /// only as a capital is listed by its small form.
    private static let groups: [(String, Unicode.Scalar)] = [
        ("аα", "a"), ("вβ", "b"), ("сϲ", "c"), ("ԁ", "d"), ("еεєҽ", "e"), ("ɡց", "g"), ("нηһ", "h"),
        ("іιɩɪ1lӏ|ǀ", "i"), ("јϳ", "j"), ("кκ", "k"), ("мμ", "m"), ("пոռ", "n"), ("оοօ0", "o"), ("рρ", "p"),
        ("ԛ", "q"), ("гг", "r"), ("ѕ5", "s"), ("тτ", "t"), ("υսц", "u"), ("νѵ", "v"), ("ѡωԝ", "w"),
        ("хχ", "x"), ("уүγ", "y"), ("ζ", "z"),
    ]
}
