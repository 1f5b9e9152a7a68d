/// A language that the program speaks.
public enum Language: String, CaseIterable, Hashable, Sendable {
    case english = "en"
    case brazilianPortuguese = "pt-BR"
    case spanish = "es"

    /// Reads a setting such as `en`, `pt-BR`, `pt_BR` or `pt`, in any case; nil for other languages.
    public init?(setting: String) {
        let name = setting.lowercased().prefix { $0 != "." && $0 != "@" }
        let code = name.prefix { $0 != "_" && $0 != "-" }
        guard let found = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = found
    }

    /// The language of the locale: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
    /// set, English when it is neither.
    public init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first {
            !$0.isEmpty
        }
        self = locale.flatMap(Language.init(setting:)) ?? .english
    }

    /// What can be written for them in settings.
    public static var settings: [String] { allCases.map(\.rawValue) }

    package static var list: String { settings.joined(separator: ", ") }

    /// The language without the country: two letters of ISO 639.
    private var code: Substring { rawValue.prefix { $0 != "-" } }

    /// Its texts.
    func catalogue(_ style: CatalogueStyle = CatalogueStyle()) -> any Catalogue {
        switch self {
        case .english: English(style: style)
        case .brazilianPortuguese: BrazilianPortuguese(style: style)
        case .spanish: Spanish(style: style)
        }
    }

    /// Its texts for the command line.
    package var commands: any CommandCatalogue {
        switch self {
        case .english: EnglishCommands()
        case .brazilianPortuguese: BrazilianPortugueseCommands()
        case .spanish: SpanishCommands()
        }
    }

    /// What the partner in `mychat demo` says in it.
    package var partner: any PartnerCatalogue {
        switch self {
        case .english: EnglishPartner()
        case .brazilianPortuguese: BrazilianPortuguesePartner()
        case .spanish: SpanishPartner()
        }
    }

    /// This language, then the others: what is typed in any of them is understood, and this one goes first.
    package var andOthers: [Language] { [self] + Self.allCases.filter { $0 != self } }
}

extension Language {
    /// What says yes in any language, in lower case.
    package static let yesWords = allCases.flatMap { $0.catalogue().yesWords }
    static let noWords = allCases.flatMap { $0.catalogue().noWords }

    /// What a word says about a switch, in any language; nil for other words.
    static func isOn(_ word: String) -> Bool? {
        let word = word.lowercased()
        if ["on", "1"].contains(word) || yesWords.contains(word) { return true }
        return ["off", "0"].contains(word) || noWords.contains(word) ? false : nil
    }
}
