import ChatWire
import Testing

@testable import ChatClientCore

@Suite("Recipients")
struct RecipientResolverTests {
    private static let people = [
        contact(2, "Bia Souza", "bia@exemplo.com"),
        contact(3, "Caio Rocha", "caio@exemplo.com"),
        contact(4, "Davi (trabalho)", "davi@exemplo.com"),
        contact(5, "João Souza", "joao@exemplo.com"),
        contact(6, "João", nil),
    ]

    private static func contact(
        _ id: Int64, _ name: String, _ email: String?, given: Bool = false
    ) -> Recipient {
        Recipient(id: UserID(id), name: name, email: email, isContact: true, isNameGiven: given)
    }

    private static func stranger(_ id: Int64, _ name: String, _ email: String? = nil) -> Recipient {
        Recipient(id: UserID(id), name: name, email: email)
    }

    private func resolve(
        _ who: String, _ people: [Recipient] = Self.people, care: RecipientResolver.Care = .final
    ) -> RecipientResolver.Answer {
        RecipientResolver.resolve(who, among: people, care: care)
    }

    private func found(_ who: String, _ people: [Recipient] = Self.people) -> Int64? {
        guard case .found(let person) = resolve(who, people) else { return nil }
        return person.id.rawValue
    }

    @Test(
        "An id, an email address or a name will do",
        arguments: [
            ("2", 2), ("#3", 3), (" 4 ", 4), ("bia@exemplo.com", 2), ("BIA@Exemplo.com", 2), ("Bia Souza", 2),
            ("bia souza", 2), ("bia", 2), ("caio", 3), ("roc", 3), ("cai", 3), ("davi", 4), ("joão", 6),
            ("JOAO", 6), ("joao souza", 5), ("trabalho", 4), ("bia  souza", 2), ("bia\u{A0}souza", 2),
            ("Ｂｉａ", 2), ("bi\u{200B}a", 2), ("Joa\u{303}o", 6),
        ] as [(String, Int64)])
    func good(who: String, id: Int64) {
        #expect(found(who) == id)
    }

    @Test("An id that nobody here has is still an id")
    func unknownID() {
        #expect(resolve("#77") == .found(Recipient(id: UserID(77), name: "#77", email: nil)))
    }

    @Test("Two people who answer to it are no answer")
    func ambiguous() {
        #expect(resolve("souza") == .ambiguous([Self.people[0], Self.people[3]]))
        #expect(resolve("jo", care: .revocable) == .ambiguous([Self.people[3], Self.people[4]]))
    }

    @Test(
        "Nobody: names that come near are suggested",
        arguments: [
            ("bja", ["Bia Souza"]), ("Biia", ["Bia Souza"]), ("Rosha", ["Caio Rocha"]), ("zzzz", []),
            ("", []), ("0", []),
            ("-1", []), ("99999999999999999999", []), ("bia@exemplo.con", ["bia@exemplo.com"]), ("@", []),
        ])
    func unknown(who: String, suggestions: [String]) {
        #expect(resolve(who) == .unknown(suggestions: suggestions))
    }

    @Test("Whom somebody makes a contact is named in full")
    func whole() {
        #expect(resolve("bia", care: .whole) == .unknown(suggestions: ["Bia Souza"]))
        #expect(resolve("bia souza", care: .whole) == .found(Self.people[0]))
        #expect(resolve("caio@exemplo.com", care: .whole) == .found(Self.people[1]))
    }

    @Test(
        "A stranger takes no word away from a contact, whatever they call themselves",
        arguments: [
            "Bia", "bia", "BIA", "Bia Souza", "bia  souza", "Bía", "bi\u{200B}a", "Вia", "Bia\u{A0}Souza",
            "Souza",
            "Bia S", "#2", "2", "bia@exemplo.com", "\u{202E}Bia", "Bia Souza\u{3164}",
        ])
    func strangersTakeNothing(name: String) {
        let people = [Self.stranger(9, name), Self.people[0], Self.stranger(10, name)]
        for word in ["bia", "Bia Souza", "souza", "sou", "2", "#2", "bia@exemplo.com"] {
            #expect(found(word, people) == 2, "\(word)")
            #expect(found(word, people.reversed()) == 2, "\(word)")
        }
    }

    @Test("A stranger answers to an address and a whole name, and to nothing less")
    func strangersAnswer() {
        let people = Self.people + [Self.stranger(9, "Eva Lima", "eva@exemplo.com")]
        #expect(found("eva lima", people) == 9)
        #expect(found("EVA@exemplo.com", people) == 9)
        #expect(resolve("eva", people) == .unknown(suggestions: ["Eva Lima"]))
        #expect(resolve("eva l", people) == .unknown(suggestions: ["Eva Lima"]))
        #expect(resolve("lima", people) == .unknown(suggestions: ["Eva Lima"]))
    }

    @Test("Strangers who look the same are a question, and so is one who looks like a contact")
    func lookalikes() {
        let twins = [Self.stranger(9, "Eva"), Self.stranger(10, "Еvа")]
        #expect(resolve("eva", twins) == .ambiguous(twins))
        let pair = [Self.people[0], Self.stranger(9, "Віа")]
        #expect(resolve("Віа", pair) == .ambiguous(pair))
    }

    @Test("A name that I gave beats one that its bearer chose")
    func givenNames() {
        let given = Self.contact(7, "Bia", "maria@exemplo.com", given: true)
        let chosen = Self.contact(8, "Bia", "bia2@exemplo.com")
        #expect(found("bia", [chosen, given]) == 7)
        #expect(found("bia", [chosen, given, Self.people[0]]) == 7)
        // A name that the person gave is not skipped for a better match with a name that others chose.
        let longer = Self.contact(7, "Bia do curso", nil, given: true)
        #expect(resolve("bia", [chosen, longer]) == .ambiguous([chosen, longer]))
    }

    @Test("One letter is nobody, unless it is all of a contact's name")
    func oneLetter() {
        let people = [Self.contact(4, "Davi D", nil), Self.stranger(9, "D")]
        #expect(resolve("d", people, care: .revocable) == .unknown(suggestions: ["Davi D", "D"]))
        #expect(found("d", people) == nil)
        #expect(found("d.", people) == nil)
        #expect(found("d", people + [Self.contact(5, "D", nil)]) == 5)
    }

    @Test("What cannot be undone asks for a whole word or three letters")
    func care() {
        let people = [Self.contact(2, "Bia Souza", nil), Self.contact(3, "Li Wei", nil)]
        #expect(resolve("bi", people, care: .revocable) == .found(people[0]))
        #expect(resolve("bi", people) == .unknown(suggestions: ["Bia Souza", "Li Wei"]))
        #expect(found("sou", people) == 2)
        #expect(found("li", people) == 3)
    }

    @Test("A contact may be called by a number or an address")
    func oddNames() {
        let people = [
            Self.contact(2, "190", nil, given: true), Self.contact(3, "casa@praia", nil, given: true),
        ]
        #expect(found("190", people + [Self.stranger(190, "Eva")]) == 2)
        #expect(found("#190", people) == 190)
        #expect(found("Casa@Praia", people + [Self.stranger(9, "x", "casa@praia")]) == 3)
        let other = Self.contact(190, "Eva", nil)
        #expect(resolve("190", people + [other]) == .ambiguous([other, people[0]]))
    }
}
