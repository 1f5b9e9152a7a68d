import ChatWire

@testable import ChatServerLite
@testable import ServerTestSupport

/// An intended difference from a recorded REST case, with its reason.
struct RESTReplayRule {
    let status: Int
    let message: String?
    /// The expected data; nil when the rest of the answer is not compared.
    var data: JSONValue?
    let reason: String

    /// The rule for a case; nil when everything must be as recorded.
    static func find(
        _ name: String, _ status: Int, _ text: String, _ manner: Manner
    ) -> RESTReplayRule? {
        switch manner {
        case .recorded: original(status, text)
        case .extended: extended[name] ?? general(status, text)
        }
    }

    /// The rule for the original behaviour, in which only the real server's crashes and their texts may
    /// differ.
    private static func original(_ status: Int, _ text: String) -> RESTReplayRule? {
        if status == 500 {
            return RESTReplayRule(
                status: 400, message: nil, reason: "crash: the real one stumbles over what makes no sense")
        }
        if text.contains(/\d{4} \(\w{5}\): |Failed converting Python|Python type \w+ cannot be converted/) {
            return RESTReplayRule(
                status: status, message: nil,
                reason: "leaked text: the real one shows its database's or its language's words")
        }
        return nil
    }

    private static func general(_ status: Int, _ text: String) -> RESTReplayRule? {
        if status == 500 {
            return RESTReplayRule(
                status: 400, message: invalid, reason: "the real one stumbles over what makes no sense")
        }
        if text.hasPrefix("<!doctype html>") {
            return RESTReplayRule(status: status, message: nil, reason: "errors of routing are JSON here")
        }
        return nil
    }

    private static let invalid = "Dados inválidos"

    static let extended: [String: RESTReplayRule] = [
        "me_token_iat_future": RESTReplayRule(
            status: 200, message: "Success", reason: "a clock that was set back signs nobody out"),
        "me_token_no_exp": RESTReplayRule(
            status: 401, message: "Token inválido ou expirado.", reason: "a token must end"),
        "register_name_101_chars": RESTReplayRule(
            status: 400, message: "O nome é muito longo (máximo 100 caracteres)",
            reason: "the real one shows the database's words"),
        "register_email_300_chars": RESTReplayRule(
            status: 400, message: "O email é muito longo (máximo 255 caracteres)",
            reason: "the real one shows the database's words"),
        "contact_add_name_101": RESTReplayRule(
            status: 400, message: "O nome do contato é muito longo (máximo 100 caracteres)",
            reason: "the real one shows the database's words"),
        "register_password_100_chars": RESTReplayRule(
            status: 400, message: "A senha é muito longa (máximo 72 bytes)",
            reason: "bcrypt ignores what follows 72 bytes; the real one does so in silence"),
        "login_password_72_prefix": RESTReplayRule(
            status: 400, message: "Email ou senha inválidos", reason: "the account above was refused"),
        "register_nul_char": RESTReplayRule(
            status: 400, message: "O nome contém caracteres não permitidos ou nada visível",
            reason: "a name is for people to see"),
        "register_bad_email_format": RESTReplayRule(
            status: 400, message: "Email inválido", reason: "an address has an @"),
        "login_unknown_email": RESTReplayRule(
            status: 400, message: "Email ou senha inválidos", reason: "one answer tells no addresses"),
        "login_wrong_password": RESTReplayRule(
            status: 400, message: "Email ou senha inválidos", reason: "one answer tells no addresses"),
        "login_email_accent_insensitive": RESTReplayRule(
            status: 400, message: "Email ou senha inválidos", reason: "an address is matched as written"),
        "search_percent_wildcard": RESTReplayRule(
            status: 200, message: "Success", data: ["users": []], reason: "% is literal"),
        "search_underscore_wildcard": RESTReplayRule(
            status: 200, message: "Success", data: ["users": []], reason: "_ is literal"),
        "contact_add_self_as_string": RESTReplayRule(
            status: 400, message: "Você não pode adicionar a si mesmo como contato",
            reason: "oneself is oneself as a text too"),
        "contact_add_int_name": RESTReplayRule(
            status: 201, message: "Contato criado com sucesso",
            reason: "a name is a text, the number's digits"),
        "contacts_list_two": RESTReplayRule(
            status: 200, message: "Success", reason: "nobody is among their own contacts"),
        "contacts_with_last_message_a": RESTReplayRule(
            status: 200, message: "Success", reason: "nobody is among their own contacts"),
        "contact_update_same_name": RESTReplayRule(
            status: 200, message: "Contato atualizado com sucesso", reason: "nothing to do is no error"),
        "send_to_self_as_string": RESTReplayRule(
            status: 400, message: "Você não pode enviar mensagem para si mesmo",
            reason: "oneself is oneself as a text too"),
        "send_lone_surrogate": RESTReplayRule(
            status: 400, message: invalid, reason: "half a surrogate pair is no text"),
        "conversation_with_self": RESTReplayRule(
            status: 200, message: "Success", data: ["messages": []], reason: "nothing was sent to oneself"),
        "conversation_delete_self": RESTReplayRule(
            status: 200, message: "0 mensagens deletadas com sucesso", data: ["deleted_count": 0],
            reason: "nothing was sent to oneself"),
        "push_key": RESTReplayRule(
            status: 200, message: "Success", reason: "each server has a key of its own"),
        "push_subscribe_again_unchanged": RESTReplayRule(
            status: 200, message: "Subscription salva com sucesso", reason: "it is saved, which was the wish"),
        "push_subscribe_same_endpoint_other_user": RESTReplayRule(
            status: 200, message: "Subscription salva com sucesso",
            reason: "a browser belongs to who signed in last"),
        "push_unsubscribe_other_users": RESTReplayRule(
            status: 200, message: "Subscription removida com sucesso", reason: "it has changed hands above"),
        "push_unsubscribe_ok": RESTReplayRule(
            status: 400, message: "Erro ao remover subscription", reason: "it has been removed above"),
    ]

    /// The differences between an answer and the rule, in words.
    func differences(_ answer: HTTPTestClient.Answer) -> [String] {
        var found: [String] = []
        if answer.status != status { found.append("\(answer.status) instead of \(status)") }
        if let message, answer.message != message {
            found.append("\"\(answer.message ?? "")\" instead of \"\(message)\"")
        }
        if let data, answer.json?["data"] != data {
            found.append("\(answer.json?["data"] ?? .null) instead of \(data)")
        }
        if answer.json?["success"]?.boolValue == nil { found.append("no envelope") }
        return found.map { "\($0) (\(reason))" }
    }
}
