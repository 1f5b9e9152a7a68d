import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// Case, accents, width and composition don't count in searches for people, nor in addresses.
@Suite struct PeopleSearchTests {
    static let pairs: [(name: String, query: String)] = [
        ("Γιώργος", "ΓΙΩΡΓΟΣ"), ("ΓΙΩΡΓΟΣ", "γιώργοσ"), ("ᾳδης", "ΑΔΗΣ"), ("Ёжик", "ЕЖИК"), ("Юлия", "юли"),
        ("Йосип", "и\u{306}осип"), ("ＡＮＡ", "ana"), ("Straße", "STRASSE"), ("STRASSE", "straße"),
        ("Łódź", "lodz"), ("Đặng", "DANG"), ("Jose\u{301}", "JOSÉ"), ("İstanbul", "istanbul"),
        ("Işıl", "isil"), ("한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
        ("ガード", "カ\u{3099}ート\u{3099}"),
        ("ｶﾞｰﾄﾞ", "がーど"), ("ﬁlipe", "FILIPE"), ("Ⓐlex", "alex"), ("𝒜nna", "anna"), ("Հայկ", "ՀԱՅԿ"),
        ("ანა", "ᲐᲜᲐ"), ("ꭰꮃ", "ᎠᎳ"), ("קֶרֶן", "קרן"), ("مُحَمَّد", "محمد"), ("ﻣﺤﻤﺪ", "محمد"),
        ("क़मर", "क\u{93C}मर"), ("Œuvre", "oeuvre"), ("Ǆemal", "džemal"), ("Zé 😀", "ze 😀"),
        ("👍🏽 Lia", "👍 lia"), ("Nu\u{AD}no", "nuno"), ("Ｚ\u{300}z", "zz"),
    ]

    @Test func equivalentLettersMatch() async throws {
        try await StoreFixture.run { fixture in
            for (index, pair) in Self.pairs.enumerated() {
                let user = try await fixture.store.perform(
                    RegisterUser(name: pair.name, email: "a@u\(index).example", passwordHash: "h"))
                let (query, like) = try await fixture.store.search(for: fixture.ana.id) { view in
                    (
                        try view.people(matching: pair.query, besides: fixture.ana.id),
                        try view.people(like: pair.query, besides: fixture.ana.id)
                    )
                }
                #expect(query.contains { $0.id == user.id }, "\(pair)")
                #expect(like.contains { $0.id == user.id }, "\(pair)")
            }
        }
    }

    @Test(arguments: [
        ("한글", "하"), ("Bruno", "brunn"), ("кот", "код"), ("की", "का"), ("Ana", "\u{301}\u{301}"),
        ("Ana", "na@q"),
    ])
    func otherLettersDoNotMatch(name: String, query: String) async throws {
        try await StoreFixture.run { fixture in
            let user = try await fixture.store.perform(
                RegisterUser(name: name, email: "q@u.example", passwordHash: "h"))
            let found = try await fixture.store.search(for: fixture.ana.id) { view in
                try view.people(matching: query, besides: fixture.ana.id)
            }
            #expect(!found.contains { $0.id == user.id })
        }
    }

    /// A search in the index finds the same users as a scan of all users.
    @Test func theIndexFindsTheSameUsersAsAScan() async throws {
        try await StoreFixture.run { fixture in
            let letters = ["a", "n", "é", "Σ", "\"", "*", "가", " ", "%", "_", "\\", "'", "😀"]
            var random = SystemRandomNumberGenerator()
            func text(_ length: ClosedRange<Int>) -> String {
                (0..<Int.random(in: length, using: &random)).map { _ in letters.randomElement() ?? "a" }
                    .joined()
            }
            for number in 0..<60 {
                _ = try await fixture.store.perform(
                    RegisterUser(name: text(1...8), email: "\(number)@x", passwordHash: "h"))
            }
            for _ in 0..<200 {
                let query = text(1...4)
                let (found, expected) = try await fixture.store.search(for: fixture.ana.id) { view in
                    (
                        try view.people(matching: query, besides: fixture.ana.id).map(\.id.rawValue),
                        try view.database.rows(
                            "SELECT id FROM users WHERE id <> 1 AND instr(search_text, ?) > 0 ORDER BY id LIMIT 20",
                            TextFolding.fold(query)
                        ) { (row: Statement) throws(SQLiteError) in row.int64(0) }
                    )
                }
                #expect(found == (TextFolding.fold(query).isEmpty ? [] : expected), "\(query)")
            }
        }
    }

    @Test(arguments: [ServerBehaviour.extended, .original])
    func equivalentAddressesAreOneAccount(behaviour: ServerBehaviour) async throws {
        try await TestServer.run(configure: { $0.behaviour = behaviour }) { server in
            let http = try server.http()
            func register(_ email: String) throws -> HTTPTestClient.Answer {
                try http.post(
                    "/api/auth/register",
                    ["name": "Alexis", "email": .string(email), "password": "secret1"])
            }
            func signIn(_ email: String) throws -> HTTPTestClient.Answer {
                try http.post("/api/auth/login", ["email": .string(email), "password": "secret1"])
            }
            let answer = try register("ΑΛΕΞΗΣ@Example.org")
            #expect(answer.status == 201)
            #expect(answer.json?["data"]?["user"]?["email"] == "αλεξης@example.org")
            for spelling in ["αλεξης@example.org", "ΑΛΕΞΗΣ@EXAMPLE.ORG", "αλεξησ@example.org"] {
                #expect(try signIn(spelling).status == 200, "\(spelling)")
                #expect(try register(spelling).status == 400, "\(spelling)")
            }
            #expect(try register("jos\u{E9}@example.org").status == 201)
            #expect(try signIn("JOSE\u{301}@example.org").status == 200)
            #expect(try register("jose\u{301}@example.org").status == 400)
            #expect(try signIn("jose@example.org").status == (behaviour == .original ? 200 : 400))
        }
    }

    @Test(arguments: [
        ("ΑΛΕΞΗΣ", "αλεξης"), ("ΣΑΣ Σ", "σας σ"), ("ΑΣ.Β", "ασ.β"), ("ΑΣ.", "ας."), ("İ", "i\u{307}"),
        ("Ana", "ana"),
    ])
    func lowerCasesLikePython(text: String, lower: String) {
        #expect(lowercasedLikePython(text) == lower)
    }

    /// Databases of earlier versions are migrated.
    @Test func storedTextsAreFoldedAgain() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        try FileManager.default.copyItem(atPath: SchemaFixture.path(5), toPath: path)
        try Database(path: path).execute(
            """
            INSERT INTO users(id, name, email, password_hash, search_text, created_at, updated_at) VALUES
                (7, 'Γιώργος', 'γιωργοσ@x.org', 'h', 'γιώργος' || char(1) || 'γιωργοσ@x.org', 0, 0)
            """)
        let store = try StorageKind.sqlite.open(at: path)
        let (found, account) = try await store.search(for: UserID(1)) { view in
            (
                try view.people(matching: "ΓΙΩΡΓΟΣ", besides: UserID(1)).map(\.id),
                try view.account(email: "γιωργος@x.org")?.user
            )
        }
        #expect(found == [UserID(7)])
        #expect(account?.id == UserID(7))
        #expect(account?.email == "γιωργος@x.org")
        await store.close()
    }

    @Test func onlyTooManySearchesAreRefused() async throws {
        try await TestServer.run(configure: { $0.limits.searchQueueLength = 0 }) { server in
            let ana = try server.register("Ana")
            let http = try server.http()
            let answer = try http.get("/api/contacts/search?q=zz", token: ana.token)
            #expect(answer.status == 429)
            #expect(answer.response.headers["Retry-After"] == "1")
            #expect(try http.get("/api/auth/me", token: ana.token).status == 200)
        }
    }
}

/// Sign-ins during a flood of other sign-ins.
@Suite struct SignInFloodTests {
    @Test func aRightPasswordIsAcceptedAmongWrongOnes() async throws {
        let records = LogRecords()
        try await TestServer.run(configure: { $0.bcryptCost = 8 }, logger: records.logger) { server in
            let ana = try server.register("Ana")
            let head = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            // Each for another account: further ones for the same would have to wait after the fifth.
            let flood = try (0..<60).map { _ in try server.http() }
            for (number, client) in flood.enumerated() {
                let json: JSONValue = ["email": .string("nobody\(number)@ex.com"), "password": "wrong-one"]
                let body = json.serialized()
                try client.sendRaw(Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
            }
            let answer = try server.http().post(
                "/api/auth/login", ["email": .string(ana.email), "password": "secret1"])
            #expect(answer.status == 200)
            for client in flood {
                let wrong = try client.receive(answerTo: .post)
                #expect([400, 429].contains(wrong.status))
                if wrong.status == 429 { #expect(wrong.response.headers["Retry-After"] == "2") }
            }
            let line = "notice a sign-in was refused address=127.0.0.1 user=unknown"
            #expect(records.lines.contains(line), "\(records.lines)")
        }
    }
}
