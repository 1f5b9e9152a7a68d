import ChatClientCore

/// Words about a server that is not the one of before.
extension Strings {
    func formerServer(_ reason: FormerServerReason, held: Int) -> String {
        let why = why(reason)
        let waiting =
            held == 0
            ? ""
            : pick(
                " \(count(held, ("message waits", "messages wait"), ("", ""))) for you: /outbox",
                " \(count(held, ("", ""), ("mensagem aguarda", "mensagens aguardam"))) você: /saida")
        return pick(
            "The server is not the one of before: \(why). The old messages are marked.\(waiting)",
            "O servidor não é mais o mesmo: \(why). As mensagens antigas estão marcadas.\(waiting)")
    }

    private func why(_ reason: FormerServerReason) -> String {
        switch reason {
        case .otherDatabase: pick("its database is another one", "o banco de dados é outro")
        case .otherAccount: pick("the account is another one", "a conta é outra")
        case .wentBack: pick("it is back at an older state", "ele voltou a um estado antigo")
        case .otherMessages: pick("its messages are others", "as mensagens são outras")
        }
    }

    func goneFromServer(_ number: Int) -> String {
        pick(
            "The server has lost \(count(number, ("message", "messages"), ("", ""))) of yours: /outbox",
            "O servidor perdeu \(count(number, ("", ""), ("mensagem sua", "mensagens suas"))): /saida")
    }

    /// Above messages that the present server does not have.
    func formerMessages(with name: String) -> String {
        pick("with \(name), on the former server", "com \(name), no servidor anterior")
    }

    /// Where those of the present server begin.
    var presentMessages: String { pick("on the present server", "no servidor atual") }

    /// Behind a single message.
    var formerMark: String { pick("former server", "servidor anterior") }
}
