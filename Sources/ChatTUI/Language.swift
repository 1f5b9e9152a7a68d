/// A language that the program speaks.
public enum Language: String, CaseIterable, Hashable, Sendable {
    case english = "en"
    case brazilianPortuguese = "pt-BR"

    /// Reads a setting such as `en`, `pt-BR`, `pt_BR` or `pt`, in any case; nil for other languages.
    public init?(setting: String) {
        let name = setting.lowercased().prefix { $0 != "." && $0 != "@" }
        if name == "en" || name.hasPrefix("en_") || name.hasPrefix("en-") {
            self = .english
        } else if name == "pt" || name.hasPrefix("pt_") || name.hasPrefix("pt-") {
            self = .brazilianPortuguese
        } else {
            return nil
        }
    }

    /// The language of the locale: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
    /// set, English when it is neither.
    public init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first {
            !$0.isEmpty
        }
        self = locale.flatMap(Language.init(setting:)) ?? .english
    }
}
