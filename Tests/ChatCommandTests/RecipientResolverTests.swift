import ChatWire
import Testing

@testable import ChatCommand

@Suite("Recipients")
struct RecipientResolverTests {
    private static let people = [
        Recipient(id: UserID(2), name: "Bia Souza", email: "bia@exemplo.com"),
        Recipient(id: UserID(3), name: "Caio Rocha", email: "caio@exemplo.com"),
        Recipient(id: UserID(4), name: "Davi (trabalho)", email: "davi@exemplo.com"),
        Recipient(id: UserID(5), name: "João Souza", email: "joao@exemplo.com"),
        Recipient(id: UserID(6), name: "João", email: nil),
    ]

    private func found(_ who: String) -> UserID? {
        guard case .found(let person) = RecipientResolver.resolve(who, among: Self.people) else { return nil }
        return person.id
    }

    @Test(
        "An id, an email address or a name will do",
        arguments: [
            ("2", 2), ("#3", 3), (" 4 ", 4), ("bia@exemplo.com", 2), ("BIA@Exemplo.com", 2), ("Bia Souza", 2),
            ("bia souza", 2), ("bia", 2), ("caio", 3), ("roc", 3), ("cai", 3), ("davi", 4), ("joão", 6),
            ("JOAO", 6),
            ("joao souza", 5),
        ] as [(String, Int64)])
    func good(who: String, id: Int64) {
        #expect(found(who) == UserID(id))
    }

    @Test("An id that nobody here has is still an id")
    func unknownID() {
        #expect(
            RecipientResolver.resolve("#77", among: Self.people)
                == .found(Recipient(id: UserID(77), name: "#77", email: nil)))
    }

    @Test("Two people who answer to it are no answer")
    func ambiguous() {
        #expect(
            RecipientResolver.resolve("souza", among: Self.people)
                == .ambiguous([Self.people[0], Self.people[3]]))
        #expect(
            RecipientResolver.resolve("jo", among: Self.people)
                == .ambiguous([Self.people[3], Self.people[4]]))
    }

    @Test(
        "Nobody: names that come near are suggested",
        arguments: [
            ("bja", ["Bia Souza"]), ("Biia", ["Bia Souza"]), ("Rosha", ["Caio Rocha"]), ("zzzz", []),
            ("", []), ("0", []),
            ("-1", []), ("99999999999999999999", []), ("bia@exemplo.con", ["bia@exemplo.com"]), ("@", []),
        ])
    func unknown(who: String, suggestions: [String]) {
        #expect(RecipientResolver.resolve(who, among: Self.people) == .unknown(suggestions: suggestions))
    }

    @Test("Among strangers only a whole address or a whole name counts")
    func strangers() {
        #expect(RecipientResolver.resolveExactly("bia", among: Self.people) == .unknown(suggestions: []))
        #expect(RecipientResolver.resolveExactly("bia souza", among: Self.people) == .found(Self.people[0]))
        #expect(
            RecipientResolver.resolveExactly("caio@exemplo.com", among: Self.people) == .found(Self.people[1])
        )
    }
}
