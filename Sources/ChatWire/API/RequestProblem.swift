/// Why a server does not carry out a request, apart from the rules of the API, which are a ``Refusal``.
///
/// The raw values are the texts that people read. They are part of the API: existing clients show them unchanged.
public enum RequestProblem: String, CaseIterable, Sendable {
    case tokenMissing = "Token não fornecido."
    case tokenMalformed = "Formato de token inválido."
    case tokenInvalid = "Token inválido ou expirado."
    /// The token is of a session that was ended.
    case sessionEnded = "Sessão encerrada. Entre novamente."
    /// The answer to an event of a socket without a user. The text is the recorded one, spelling included.
    case notAuthenticated = "Usuario não autenticado"
    case notFound = "Rota não encontrada"
    case methodNotAllowed = "Método não permitido"
    case requestTooLarge = "Requisição muito grande"
    case headersTooLarge = "Cabeçalhos muito grandes"
    case codingUnknown = "Codificação não suportada"
    case badRequest = "Requisição inválida"
    /// Too many bytes of answers wait for the account.
    case tooManyRequests = "Muitas requisições, tente novamente"
    /// The asker has asked for too much at a time.
    case tooManyRequestsNow = "Muitas requisições, tente novamente em instantes"
    case overloaded = "Servidor sobrecarregado, tente novamente"
    case diskFull = "Servidor sem espaço em disco, tente novamente mais tarde"
    case databaseGone = "Servidor sem acesso ao banco de dados, tente novamente mais tarde"
    /// Servers may append a colon and details, which are not translated.
    case serverError = "Erro no servidor"

    /// The text that people read.
    public var message: String { rawValue }
}
