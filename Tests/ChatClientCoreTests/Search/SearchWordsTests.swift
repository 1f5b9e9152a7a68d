import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct SearchWordsTests {
    private func words(_ text: String) -> [String] {
        SearchWord.all(of: text).map { String(decoding: $0.folded, as: UTF8.self) }
    }

    @Test(arguments: [
        ("Olá, mundo!", ["ola", "mundo"]),
        ("AÇÃO São  São", ["acao", "sao", "sao"]),
        ("Straße ÆON Œuvre Øre Łódź", ["strasse", "aeon", "oeuvre", "ore", "lodz"]),
        ("Tiếng Việt ŷ", ["tieng", "viet", "y"]),
        ("e-mail: ana@exemplo.com", ["e", "mail", "ana", "exemplo", "com"]),
        ("Ёлка йод Και Ὀδυσσεύς ΟΔΟΣ", ["елка", "иод", "και", "οδυσσευσ", "οδοσ"]),
        ("שָׁלוֹם السَّلام", ["שלום", "السلام"]),
        ("日本語です", ["日", "本", "語", "て", "す"]),
        ("iPhone手机 ＡＢＣ１", ["iphone", "手", "机", "abc1"]),
        ("สวัสดี", ["ส", "ว", "ั", "ส", "ด", "ี"]),
        ("한국어 학교", ["한국어", "학교"]),
        ("हिन्दी", ["हिन्दी"]),
        ("👍🏽 👩‍💻❤️ 🇧🇷", ["👍", "👩", "💻", "❤", "🇧", "🇷"]),
        ("co\u{AD}operar soft\u{200B}ware", ["cooperar", "software"]),
        ("a\u{F5D0}12b", ["a", "12b"]),
        (" \n\t…!?", []),
        ("", []),
    ])
    func textsAreTakenApart(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    /// Composed and decomposed text and compatibility forms are equal, as in the search for people.
    @Test(arguments: [
        ("\u{E9}t\u{E9}", "e\u{301}te\u{301}", "ete"), ("Vi\u{1EC7}t", "Vie\u{323}\u{302}t", "viet"),
        ("\u{439}\u{451}", "\u{438}\u{306}\u{435}\u{308}", "\u{438}\u{435}"),
        (
            "\u{1F00}\u{3AD}\u{1FB7}", "\u{3B1}\u{313}\u{3B5}\u{301}\u{3B1}\u{342}\u{345}",
            "\u{3B1}\u{3B5}\u{3B1}"
        ),
        (
            "\u{D55C}\u{AD6D}\u{C5B4}", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}\u{110B}\u{1165}",
            "\u{D55C}\u{AD6D}\u{C5B4}"
        ),
        ("\u{AC01}", "\u{AC00}\u{11A8}", "\u{AC01}"),
        ("\u{622}\u{628}", "\u{627}\u{653}\u{628}", "\u{627}\u{628}"),
        ("\u{929}", "\u{928}\u{93C}", "\u{928}"), ("\u{FB2A}", "\u{5E9}\u{5C1}", "\u{5E9}"),
        ("\u{212B}\u{2126}", "A\u{30A}\u{3A9}", "a\u{3C9}"), ("\u{1D400}\u{1D7D9}", "A1", "a1"),
        ("\u{24D2}", "\u{24D2}", "\u{24D2}"), ("x\u{B2}", "x2", "x2"), ("\u{2167}", "VIII", "viii"),
        (
            "\u{3A3}\u{3AF}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C2}",
            "\u{3A3}\u{399}\u{3A3}\u{3A5}\u{3A6}\u{39F}\u{3A3}",
            "\u{3C3}\u{3B9}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C3}"
        ),
    ])
    func compositionDoesNotCount(_ one: String, _ other: String, _ expected: String) {
        #expect(words(one) == [expected])
        #expect(words(other) == [expected])
    }

    @Test(arguments: [
        ("\u{304C}", "\u{304B}\u{3099}"), ("\u{30D1}", "\u{30CF}\u{309A}"), ("\u{FF76}\u{FF9E}", "\u{30AC}"),
    ])
    func kanaAreComposedToo(_ one: String, _ other: String) {
        #expect(words(one) == words(other))
        #expect(words(one).count == 1)
        #expect(SearchWord.all(of: one).map(\.isAlone) == [true])
    }

    @Test func signsThatStandForSeveralWordsAreOne() {
        #expect(words("\u{BD} \u{2122}x") == ["\u{BD}", "\u{2122}", "x"])
    }

    /// Every letter folds to the same text as in the search for people.
    @Test func lettersFoldAsInTheSearchForPeople() {
        for value in UInt32(0)...0x1_FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else { continue }
            let folded = TextFolding.fold(String(scalar))
            guard folded.unicodeScalars.allSatisfy(\.properties.isAlphabetic), !folded.isEmpty else {
                continue
            }
            let found = words(String(scalar)).joined()
            #expect(found == folded || found == String(scalar), "\(String(value, radix: 16))")
        }
    }

    @Test func placesAreThoseOfTheText() {
        let text = "«São» 日本 e\u{301}té x-y"
        let bytes = Array(text.utf8)
        let found = SearchWord.all(of: text)
        #expect(
            found.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [
                "São", "日", "本", "e\u{301}té", "x", "y",
            ])
        #expect(found.map(\.isJoined) == [false, false, true, false, false, true])
        #expect(found.map(\.isAlone) == [false, true, true, false, false, false])
    }

    @Test func bytesThatAreNoTextSeparate() {
        let bytes: [UInt8] = Array("ab".utf8) + [0xFF, 0xC3] + Array("cd".utf8) + [0xE6, 0x97]
        bytes.withUnsafeBytes { raw in
            #expect(SearchWord.all(of: raw).map { Array($0.folded) } == [Array("ab".utf8), Array("cd".utf8)])
        }
    }

    @Test(arguments: [
        ("oi mundo", "Oi, meu mundo!", ["Oi", "mundo"]),
        ("mun", "o mundo", ["mundo"]),
        ("mun oi", "oi mundo", []),
        ("\"meu mundo\"", "meu mundo; mundo meu", ["meu", "mundo"]),
        ("\"meu mundo\"", "mundo meu", []),
        ("exemplo.com", "veja exemplo.com.br", ["exemplo", "com"]),
        ("exemplo.com", "com exemplo", []),
        ("本語", "日本語", ["本", "語"]),
        ("語本", "日本語", []),
        ("👍", "ok 👍🏽👍", ["👍🏽", "👍"]),
        ("oi \"", "oi", ["oi"]),
    ])
    func queriesMatch(_ query: String, _ text: String, _ expected: [String]) throws {
        let query = try #require(SearchQuery(query))
        let bytes = Array(text.utf8)
        let found = query.match(SearchWord.all(of: text)).map {
            String(decoding: bytes[$0.range], as: UTF8.self)
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("C++", "I write C++ daily", true), ("C++", "cats and C", false), ("c++", "C+", false),
        ("C#", "in C#.", true),
        ("C#", "c", false), ("#tag", "a #tag here", true), ("#tag", "a tag here", false),
        ("R&B", "r&b", true),
        ("R&B", "r b", false), ("C++ daily", "I write C++ daily", true), ("C++,", "C++", true),
        ("ação/reação", "Acao/Reacao", true), ("#e\u{301}", "#É", true), ("#ΌΣ", "um #ος", true),
        ("@ana", "oi @ANA!", true), ("e-mail", "e mail", true),
        ("why?", "why not", true), ("ana@ex", "ana@exemplo.com", true), ("c++", "objc++ c", false),
    ])
    func wordsWithSignsNarrow(_ query: String, _ text: String, isFound: Bool) throws {
        let query = try #require(SearchQuery(query))
        #expect((!query.match(SearchWord.all(of: text)).isEmpty && query.accepts(text)) == isFound)
    }

    @Test(arguments: [
        ("ﬁm ﬂor eﬀeito oﬃcina eﬄuente ﬅ", ["fim", "flor", "effeito", "officina", "effluente", "st"]),
        ("Ĳssel ǅ", ["ijssel", "dz"]), ("ＡＺａｚ０９", ["azaz09"]), ("＠Ａ［Ｂ｀ｃ｛／０：", ["a", "b", "c", "0"]),
        ("\u{AD}a\u{AD}\u{AD}b\u{AD}", ["ab"]),
    ])
    func ligaturesAndWideLettersAreTheirLetters(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func theIndexIsAskedForWordsOnly() throws {
        let query = try #require(SearchQuery("oi \"NEAR(a* OR b)\" AND x:y ^z -w' col"))
        #expect(
            query.matchExpression(scope: nil)
                == #""oi" "near" "a" "or" "b" "and" "x" "y" "z" "w" "col"*"#)
        #expect(SearchQuery("  \"*\" ()") == nil)
        let long = try #require(SearchQuery(String(repeating: "ab ", count: 5000)))
        #expect(long.matchExpression(scope: nil).split(separator: " ").count <= 16)
    }

    @Test func aQueryThatTheIndexWouldGatherForIsWidened() throws {
        func wider(_ text: String) throws -> String? {
            try #require(SearchQuery(text)).wider?.matchExpression(scope: nil)
        }
        #expect(try wider("me") == nil)
        #expect(try wider("men") == nil)
        #expect(try wider("mensagem") == "\"men\"*")
        #expect(try wider("a mensagem") == "\"a\" \"men\"*")
        #expect(try wider("oi m") == "\"oi\"")
        #expect(try wider("m") == "")
        #expect(try wider("手") == nil)
    }
}

@Suite struct SearchExcerptTests {
    private func excerpt(_ text: String, _ query: String) throws -> (String, [String]) {
        let matches = try #require(SearchQuery(query)).match(SearchWord.all(of: text)).map(\.range)
        let excerpt = SearchExcerpt(of: text, matches: matches)
        let bytes = Array(excerpt.text.utf8)
        return (excerpt.text, excerpt.matches.map { String(decoding: bytes[$0], as: UTF8.self) })
    }

    @Test func aShortTextIsShownWhole() throws {
        let (text, matches) = try excerpt("Bom dia,\nSão Paulo!", "sao d")
        #expect(text == "Bom dia, São Paulo!")
        #expect(matches == ["dia", "São"])
    }

    @Test func aLongTextIsCutAtAWord() throws {
        let long =
            String(repeating: "palavra ", count: 30) + "Águas é isto " + String(repeating: "mais ", count: 60)
        let (text, matches) = try excerpt(long, "aguas")
        #expect(text.hasPrefix("…palavra palavra"))
        #expect(text.hasSuffix("…"))
        #expect(matches == ["Águas"])
        #expect(text.count < 170)
    }

    @Test func charactersAreNotCutApart() throws {
        let long = String(repeating: "👩‍👩‍👧‍👦", count: 100) + "x" + String(repeating: "e\u{301}", count: 200)
        let (text, matches) = try excerpt(long, "x")
        #expect(text.hasPrefix("…👩‍👩‍👧‍👦"))
        #expect(matches.count == 1)
        #expect(!text.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func placesThatOverlapBecomeOne() throws {
        let (_, matches) = try excerpt("dia a dia", "dia di")
        #expect(matches == ["dia", "dia"])
    }
}
