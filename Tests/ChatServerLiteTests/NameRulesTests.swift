import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct NameRulesTests {
    @Test(arguments: [
        "Ana Lima", "José da Conceição", "O’Brien", "Jean-Luc", "Γιώργος", "Юлия", "मीना", "क्‍ष", "می‌خواهم",
        "محمد",
        "קֶרֶן", "한글", "葛\u{E0100}城", "山田　太郎", "👩‍👩‍👧", "👩🏽‍🚀", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "Jr.", "a_b", "<b>", "Ana 😀", "🇧🇷", "ශ්‍රී", "1️⃣",
        "🏳️‍🌈", "Zoe\u{308}", "Nguyễn",
    ])
    func namesOfPeopleAreAllowed(name: String) {
        #expect(NameRules.isFit(name))
    }

    @Test(arguments: [
        "A\0b", "\u{202E}anA", "\u{200B}", "a\nb", "a\tb", "\u{7F}", "\u{85}", "a\u{2066}b", "\u{FEFF}Ana",
        "a\u{200D}b",
        "\u{200D}", "\u{301}", "\u{3164}", "\u{2028}x", "a\u{AD}b", "Ana\u{200E}", "\u{E000}", "\u{FFFF}",
        "\u{2800}",
        "a\u{E0041}", "\u{FE0F}", "\u{61C}a", "a\u{FFF9}b", "محمد\u{200D}", "\u{1B}[31mAna", "\u{115F}",
    ])
    func hiddenAndReversingCharactersAreRefused(name: String) {
        #expect(!NameRules.isFit(name), "\(name.unicodeScalars.map { String($0.value, radix: 16) })")
    }

    @Test(arguments: [
        ("ana@x", true), ("ana.b+c@mail.example.org", true), ("αλεξης@παραδειγμα.gr", true),
        ("o'b@x.org", true),
        ("ana@[127.0.0.1]", true), ("a@example.org\r\nBcc: b@example.org", false), ("@x.org", false),
        ("a@", false),
        ("a b@x.org", false), ("a@b@x.org", false), ("a..b@x.org", false), ("a@x..org", false),
        ("<a@x.org>", false),
        ("a@-x.org", false), ("a\u{202E}@x.org", false), ("a@x.org\0", false), ("a\u{200B}@x.org", false),
        ("ana", false),
        ("a@x/y", false), ("a,b@x.org", false),
    ])
    func checksAddresses(email: String, isFit: Bool) {
        #expect((NameRules.hasNoHiddenSigns(email) && NameRules.isAddress(email)) == isFit)
    }

    @Test func oneRuleAppliesToEveryNameThatOthersSee() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let http = try server.http()
            let name = JSONValue.string("\u{202E}anA")
            let refused = try http.post(
                "/api/auth/register", ["name": name, "email": "x@ex.com", "password": "secret1"])
            #expect(refused.status == 400)
            #expect(refused.message == "O nome contém caracteres não permitidos ou nada visível")
            let unfit = "O nome do contato contém caracteres não permitidos ou nada visível"
            let add = try http.post(
                "/api/contacts/add", ["contact_user_id": .integer(bia.id.rawValue), "contact_name": name],
                token: ana.token)
            #expect(add.message == unfit)
            let added = try http.post(
                "/api/contacts/add", ["contact_user_id": .integer(bia.id.rawValue), "contact_name": "B"],
                token: ana.token)
            let id = try #require(added.json?["data"]?["contact"]?["id"]?.integerValue)
            #expect(
                try http.put("/api/contacts/\(id)", ["contact_name": name], token: ana.token).message == unfit
            )
            let address = try http.post(
                "/api/auth/register",
                ["name": "Eva", "email": "a@ex.org\r\nBcc: b@ex.org", "password": "secret1"])
            #expect(address.message == "Email inválido")
        }
    }
}
