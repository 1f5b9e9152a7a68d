import Foundation
import Testing

/// Changes to contacts and conversations made without the server take effect when it is back.
@Suite(.serialized) struct WishTests {
    /// The server's messages of a conversation, read from a home directory without a cache.
    private func atTheServer(_ person: PersonAtHome, with other: PersonAtHome) throws -> [String] {
        let url = ["--profile", "fresh"]
        let signedIn = try person.mychat(
            url + ["login", person.email, "--password-stdin"], input: "segredo-123\n")
        #expect(signedIn.status == 0, "\(signedIn.errors)")
        let result = try person.mychat(url + ["--json", "history", other.email])
        #expect(result.status == 0, "\(result.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return (json?["messages"] as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
    }

    @Test(arguments: ReferenceProgram.servers)
    func aConversationDeletedOfflineIsGoneOnBothSidesWithWhatWasUnread(_ program: String) throws {
        let people = try TwoPeople(program: program)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        #expect(try ana.mychat(["send", bia.email, "oi"]).status == 0)
        for text in ["lida?", "não lida"] { #expect(try bia.mychat(["send", ana.email, text]).status == 0) }
        let unread = try ana.mychat(["unread", "--refresh"])
        #expect(unread.output.hasPrefix("2 "), "\(unread.output)\(unread.errors)")

        // Without the server: the conversation is gone here, and the contact has its new name here.
        _ = server.stop(SIGKILL)
        let deleted = try ana.mychat(["delete", "--conversation", bia.email, "--yes", "--timeout", "0s"])
        #expect(deleted.status == 75, "\(deleted.errors)")
        #expect(try ana.history(with: bia, "--offline") == [])
        #expect(try ana.mychat(["unread"]).output.contains("Bia") == false)

        #expect(try ana.mychat(["contacts", "rename", bia.email, "Bibi"]).status == 75)

        // The server is back: this waits until it knows all changes.
        try server.start()
        let told = try ana.mychat(["read", bia.email, "--timeout", "60s"])
        #expect(told.status == 0, "\(told.errors)")
        #expect(try ana.history(with: bia) == [])
        #expect(try ana.mychat(["unread", "--refresh"]).output.contains("Bibi") == false)
        #expect(try atTheServer(ana, with: bia) == [])
        #expect(try atTheServer(bia, with: ana) == [])
        let contacts = try ana.mychat(["--profile", "fresh", "contacts", "list"])
        #expect(contacts.output.contains("Bibi"), "\(contacts.output)\(contacts.errors)")
        _ = server.stop()
    }

    /// Nobody has seen what the other person wrote after the deletion: it stays.
    @Test(arguments: ReferenceProgram.servers)
    func newsIsNotDeletedUnseen(_ program: String) throws {
        let people = try TwoPeople(program: program)
        let (server, ana, bia) = (people.server, people.ana, people.bia)
        #expect(try bia.mychat(["send", ana.email, "antes"]).status == 0)
        #expect(try ana.mychat(["unread", "--refresh"]).status == 0)
        _ = server.stop(SIGKILL)
        let deleted = try ana.mychat(["delete", "--conversation", bia.email, "--yes", "--timeout", "0s"])
        #expect(deleted.status == 75, "\(deleted.errors)")
        try server.start()
        #expect(try bia.mychat(["send", ana.email, "espera!"]).status == 0)
        let told = try ana.mychat(["read", bia.email, "--timeout", "60s"])
        #expect(told.status == 0, "\(told.errors)")
        #expect(try atTheServer(bia, with: ana) == ["antes", "espera!"])
        #expect(try ana.history(with: bia).last == "espera!")
        _ = server.stop()
    }
}
