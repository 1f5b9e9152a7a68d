import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite

/// Plays the recorded REST cases of the real API against this server. What differs does so by a rule with a
/// reason.
@Suite struct RESTReplayTests {
    /// What this server answers instead of what was recorded.
    private struct Rule {
        let status: Int
        let message: String?
        /// Nil when the rest of the answer need not be compared.
        var data: JSONValue?
        let reason: String
    }

    private static let invalid = "Dados inválidos"

    private static let rules: [String: Rule] = [
        "register_name_101_chars": Rule(
            status: 400, message: "O nome é muito longo (máximo 100 caracteres)",
            reason: "the real one shows the database's words"),
        "register_email_300_chars": Rule(
            status: 400, message: "O email é muito longo (máximo 255 caracteres)",
            reason: "the real one shows the database's words"),
        "contact_add_name_101": Rule(
            status: 400, message: "O nome do contato é muito longo (máximo 100 caracteres)",
            reason: "the real one shows the database's words"),
        "register_password_100_chars": Rule(
            status: 400, message: "A senha é muito longa (máximo 72 bytes)",
            reason: "bcrypt ignores what follows 72 bytes; the real one does so in silence"),
        "login_password_72_prefix": Rule(
            status: 400, message: "Email ou senha inválidos", reason: "the account above was refused"),
        "register_bad_email_format": Rule(
            status: 400, message: "Email inválido", reason: "an address has an @"),
        "login_unknown_email": Rule(
            status: 400, message: "Email ou senha inválidos", reason: "one answer tells no addresses"),
        "login_wrong_password": Rule(
            status: 400, message: "Email ou senha inválidos", reason: "one answer tells no addresses"),
        "login_email_accent_insensitive": Rule(
            status: 400, message: "Email ou senha inválidos", reason: "an address is matched as written"),
        "search_percent_wildcard": Rule(
            status: 200, message: "Success", data: ["users": []], reason: "% is literal"),
        "search_underscore_wildcard": Rule(
            status: 200, message: "Success", data: ["users": []], reason: "_ is literal"),
        "contact_add_self_as_string": Rule(
            status: 400, message: "Você não pode adicionar a si mesmo como contato",
            reason: "oneself is oneself as a text too"),
        "contact_add_int_name": Rule(
            status: 201, message: "Contato criado com sucesso",
            reason: "a name is a text, the number's digits"),
        "contacts_list_two": Rule(
            status: 200, message: "Success", reason: "nobody is among their own contacts"),
        "contacts_with_last_message_a": Rule(
            status: 200, message: "Success", reason: "nobody is among their own contacts"),
        "contact_update_same_name": Rule(
            status: 200, message: "Contato atualizado com sucesso", reason: "nothing to do is no error"),
        "send_to_self_as_string": Rule(
            status: 400, message: "Você não pode enviar mensagem para si mesmo",
            reason: "oneself is oneself as a text too"),
        "send_lone_surrogate": Rule(
            status: 400, message: invalid, reason: "half a surrogate pair is no text"),
        "conversation_with_self": Rule(
            status: 200, message: "Success", data: ["messages": []], reason: "nothing was sent to oneself"),
        "conversation_delete_self": Rule(
            status: 200, message: "0 mensagens deletadas com sucesso", data: ["deleted_count": 0],
            reason: "nothing was sent to oneself"),
        "push_key": Rule(status: 200, message: "Success", reason: "each server has a key of its own"),
        "push_subscribe_again_unchanged": Rule(
            status: 200, message: "Subscription salva com sucesso", reason: "it is saved, which was the wish"),
        "push_subscribe_same_endpoint_other_user": Rule(
            status: 200, message: "Subscription salva com sucesso",
            reason: "a browser belongs to who signed in last"),
        "push_unsubscribe_other_users": Rule(
            status: 200, message: "Subscription removida com sucesso", reason: "it has changed hands above"),
        "push_unsubscribe_ok": Rule(
            status: 400, message: "Erro ao remover subscription", reason: "it has been removed above"),
    ]

    @Test func recordedCasesComeBackAsRecorded() async throws {
        let recording = try Recordings.rest.get()
        let secret = Array(try #require(recording["jwt_secret"]?.stringValue).utf8)
        let cases = try #require(recording["cases"]?.arrayValue)
        #expect(cases.count == 269)
        // The recorded subscriptions are on the loopback address.
        try await TestServer.run(secret: secret, configure: { $0.push.allowsPrivateEndpoints = true }) {
            server in
            var world = RecordedWorld(secret: secret)
            let http = try server.http()
            var played = 0
            for entry in cases {
                let name = try #require(entry["name"]?.stringValue)
                try Self.play(entry, name, &world, http)
                played += 1
            }
            #expect(played == 269)
        }
    }

    private static func play(
        _ entry: JSONValue, _ name: String, _ world: inout RecordedWorld, _ http: HTTPTestClient
    ) throws {
        let recorded = try #require(entry["response"])
        let date = try #require(
            recorded["headers"]?.arrayValue?.first { $0[0]?.stringValue == "Date" }?[1]?.stringValue)
        let recordedAt = try #require(WireDate.parse(date)).seconds
        let body = requestBody(entry, world)
        let answer = try http.send(
            try #require(HTTPMethod(rawValue: entry["request"]?["method"]?.stringValue ?? "")),
            path(entry, world), headers: headers(entry, world, recordedAt), body: body)
        let text = recorded["body"]?.stringValue ?? ""
        let recordedJSON = try? JSONValue(parsing: text)
        learn(recordedJSON, answer.json, &world)
        let status = Int(try #require(recorded["status"]?.integerValue))
        let found = differences(name, status, recordedJSON, text, answer, world)
        #expect(found.isEmpty, "\(name): \(found.joined(separator: "; "))")
    }

    private static func differences(
        _ name: String, _ status: Int, _ recorded: JSONValue?, _ text: String,
        _ answer: HTTPTestClient.Answer, _ world: RecordedWorld
    ) -> [String] {
        if let rule = rules[name] ?? generalRule(status, text) {
            var found: [String] = []
            if answer.status != rule.status { found.append("\(answer.status) instead of \(rule.status)") }
            if let message = rule.message, answer.message != message {
                found.append("\"\(answer.message ?? "")\" instead of \"\(message)\"")
            }
            if let data = rule.data, answer.json?["data"] != data {
                found.append("\(answer.json?["data"] ?? .null) instead of \(data)")
            }
            if answer.json?["success"]?.boolValue == nil { found.append("no envelope") }
            return found.map { $0 + " (\(rule.reason))" }
        }
        var found: [String] = []
        if answer.status != status { found.append("\(answer.status) instead of \(status): \(answer.text)") }
        guard let recorded else {
            return found + (answer.text.isEmpty ? [] : ["a body where none was recorded"])
        }
        guard let actual = answer.json else { return found + ["no JSON: \(answer.text)"] }
        return found + world.differences(recorded, actual)
    }

    private static func generalRule(_ status: Int, _ text: String) -> Rule? {
        if status == 500 {
            return Rule(
                status: 400, message: invalid, reason: "the real one stumbles over what makes no sense")
        }
        if text.hasPrefix("<!doctype html>") {
            return Rule(status: status, message: nil, reason: "errors of routing are JSON here")
        }
        return nil
    }

    // MARK: Today's request

    private static func path(_ entry: JSONValue, _ world: RecordedWorld) -> String {
        let target = entry["request"]?["path"]?.stringValue ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let kind: RecordedWorld.Kind =
            target.hasPrefix("/api/contacts/")
            ? .contact
            : target.hasPrefix("/api/messages/conversation/") || target.hasPrefix("/api/messages/mark-read/")
                ? .user : .message
        for (index, segment) in segments.enumerated() {
            if let number = Int64(segment) { segments[index] = String(world.number(kind, number)) }
        }
        return ([segments.joined(separator: "/")] + parts.dropFirst().map(String.init)).joined(separator: "?")
    }

    private static func headers(
        _ entry: JSONValue, _ world: RecordedWorld, _ recordedAt: Int64
    ) -> [(String, String)] {
        (entry["request"]?["headers"]?.objectValue?.members ?? []).map { member in
            let value = member.value.stringValue ?? ""
            guard member.key == "Authorization" else { return (member.key, value) }
            let parts = value.split(separator: " ", omittingEmptySubsequences: false).map {
                world.token(String($0), recordedAt: recordedAt)
            }
            return (member.key, parts.joined(separator: " "))
        }
    }

    /// The body with today's ids; where the recording only describes a long one, the one that it describes.
    private static func requestBody(_ entry: JSONValue, _ world: RecordedWorld) -> [UInt8] {
        guard let text = entry["request"]?["body"]?.stringValue else { return [] }
        if text.contains("...(") {
            let length = entry["name"]?.stringValue == "send_5000_emoji" ? 5000 : 5001
            return JSONValue.object([
                "receiver_id": .integer(world.number(.user, 4)),
                "content": .string(String(repeating: "😀", count: length)),
            ]).serialized()
        }
        // U+FFFD stands where the recording could not hold the bytes, which were Latin-1.
        if text.unicodeScalars.contains("\u{FFFD}") {
            return text.unicodeScalars.map { $0 == "\u{FFFD}" ? 0xE9 : UInt8(truncatingIfNeeded: $0.value) }
        }
        guard let json = try? JSONValue(parsing: text), var object = json.objectValue else {
            return Array(text.utf8)
        }
        var changed = false
        for key in ["contact_user_id", "receiver_id"] {
            guard let value = object[key], let recorded = value.integerValue else { continue }
            let number = world.number(.user, recorded)
            switch value {
            case .string: object[key] = .string(String(number))
            case .double: object[key] = .double(Double(number))
            default: object[key] = .integer(number)
            }
            changed = true
        }
        return changed ? JSONValue.object(object).serialized() : Array(text.utf8)
    }

    private static func learn(_ recorded: JSONValue?, _ actual: JSONValue?, _ world: inout RecordedWorld) {
        for (key, kind) in [("user", RecordedWorld.Kind.user), ("contact", .contact), ("message", .message)] {
            guard let old = recorded?["data"]?[key]?["id"]?.integerValue,
                let new = actual?["data"]?[key]?["id"]?.integerValue
            else { continue }
            world.learn(kind, old, is: new)
        }
    }
}
