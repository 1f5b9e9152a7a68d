/// Whether a server that refuses a message asks to be given it later: a full disk, a database that is away, too much to
/// do. It says so in words only: over REST by the status 503 as well, over the socket not at all.
enum PassingRefusal {
    /// How often a message goes again for an error that the server does not explain.
    static let unexplainedMax = 5

    /// - Parameters:
    ///   - reason: The server's words.
    ///   - refusals: How often the message was refused in this way already.
    static func isPassing(_ reason: String, after refusals: Int) -> Bool {
        let words = reason.lowercased()
        if laterWords.contains(where: words.contains) { return true }
        if words.hasPrefix(sendingFailed) { return databaseWords.contains(where: words.contains) }
        return refusals < unexplainedMax && words.hasPrefix(serverFailed)
    }

    /// What the bundled server says, and others like it.
    private static let laterWords = [
        "tente novamente", "tente mais tarde", "tente outra vez", "try again", "try later", "sem espaço",
        "sem espaco", "sem acesso ao banco", "sobrecarregado", "no space left",
    ]

    /// How the original server begins when its database has failed; the database's own words follow.
    private static let sendingFailed = "erro ao enviar mensagem"

    /// What MySQL and MariaDB say while they can take nothing, which is not about the message.
    private static let databaseWords = [
        "is full", "disk full", "read-only", "read only", "lock wait timeout", "deadlock", "gone away",
        "lost connection", "can't connect", "cannot connect", "not available", "connection refused",
        "too many connections", "try restarting", "is locked", "shutdown in progress", "denied",
        "pool exhausted", "timed out",
    ]

    /// The server failed and does not say at what: in doubt at the message, so that it does not go for ever.
    private static let serverFailed = "erro no servidor"
}
