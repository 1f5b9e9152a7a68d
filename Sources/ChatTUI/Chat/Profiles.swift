import ChatClientCore

/// The profile in use, and those that `/profile` may change to.
struct Profiles: Hashable, Sendable {
    var current = ""
    /// nil where the profile cannot be changed.
    var known: [String]?

    var others: [String] { (known ?? []).filter { $0 != current } }

    /// What `/profile` leads to.
    enum Change: Hashable, Sendable {
        case change(String)
        case say(String, Notice.Kind, Duration)
    }

    func change(to name: String, _ strings: any Catalogue) -> Change {
        guard known != nil else { return .say(strings.oneProfileOnly, .warning, .seconds(6)) }
        guard !name.isEmpty else {
            return .say(strings.profileIs(current, others: others), .information, .seconds(15))
        }
        guard ProfileName.isValid(name) else { return .say(strings.noProfileName, .warning, .seconds(10)) }
        guard name != current else {
            return .say(strings.profileIs(current, others: []), .information, .seconds(6))
        }
        return .change(name)
    }
}
