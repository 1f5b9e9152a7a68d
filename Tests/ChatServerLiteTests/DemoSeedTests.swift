import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

@Suite struct DemoSeedTests {
    private func seeded(_ body: (Database, Timestamp) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let now = Timestamp(seconds: 1_795_333_751)
        // A second run changes nothing but the passwords.
        for secret in [[1], Self.secret] {
            try SQLiteStorageProvider().perform(
                DemoSeed(passwords: DemoPasswords(secret: secret), now: now),
                in: StorageConfiguration(path: directory + "/demo.db"))
        }
        try body(try Database(path: directory + "/demo.db"), now)
    }

    private static let secret: [UInt8] = [1, 2, 3]

    private func numbers(_ database: Database, _ sql: String) throws -> [Int64] {
        try database.rows(sql) { (row: Statement) throws(SQLiteError) in row.int64(0) }
    }

    @Test func theHistoryIsBelievable() throws {
        try seeded { database, now in
            #expect(try numbers(database, "SELECT count(*) FROM users") == [5])
            let count = try #require(try numbers(database, "SELECT count(*) FROM messages").first)
            #expect((60...100).contains(count))
            let times = try numbers(database, "SELECT created_at FROM messages ORDER BY id")
            #expect(times == times.sorted())
            #expect((times.last ?? .max) <= now.microseconds)
            #expect((times.first ?? 0) > now.microseconds - 8 * 86_400_000_000)
            #expect(
                try numbers(database, "SELECT count(*) FROM messages WHERE sender_id = receiver_id") == [0])
            // Ana has unread messages from two people, and messages in every state exist.
            let unread = try numbers(
                database,
                "SELECT DISTINCT sender_id FROM messages WHERE receiver_id = 1 AND is_read = 0 ORDER BY 1")
            #expect(unread.count == 2)
            #expect(
                try numbers(database, "SELECT count(*) FROM messages WHERE sender_id = 1 AND is_read = 0")
                    != [0])
            #expect(
                try numbers(
                    database, "SELECT count(*) FROM messages WHERE is_read = 0 AND delivered_at IS NOT NULL")
                    != [0])
            #expect(
                try numbers(
                    database,
                    "SELECT count(*) FROM messages WHERE is_read = 1 AND coalesce(read_at, 0) < created_at"
                )
                    == [0])
        }
    }

    @Test func printedPasswordsSignIn() throws {
        try seeded { database, _ in
            for person in DemoPerson.allCases {
                let account = try #require(try SQLiteView(database: database).account(email: person.email))
                #expect(account.user.name == person.name)
                #expect(
                    PasswordHash.verify(
                        DemoPasswords(secret: Self.secret).password(of: person), against: account.passwordHash
                    ))
            }
        }
    }

    @Test func theChangeLogMatchesTheMessages() throws {
        try seeded { database, _ in
            let messages = try numbers(
                database, "SELECT id FROM messages WHERE 1 IN (sender_id, receiver_id) ORDER BY id")
            let logged = try numbers(
                database, "SELECT subject_id FROM changes WHERE user_id = 1 AND kind = 1 ORDER BY seq")
            #expect(logged == messages)
            let sequence = try SQLiteView(database: database).state("change_seq")
            #expect(try numbers(database, "SELECT max(seq) FROM changes") == [sequence])
        }
    }

    @Test func theReportContainsTheCommandThatJoins() {
        let passwords = DemoPasswords(secret: Self.secret)
        let text = DemoReport.text(
            url: "http://127.0.0.1:4321", program: "bin/mychat", passwords: passwords)
        let password = passwords.password(of: .bia)
        #expect(password.count == 16)
        #expect(
            text.contains(
                "echo \(password) | bin/mychat --profile demo-bia --server http://127.0.0.1:4321 "
                    + "login bia@exemplo.com --password-stdin && bin/mychat --profile demo-bia"))
    }
}
