/// The API's refusals, in its words for people: those that were recorded, and those of the bundled server.
/// Readers of other languages get a translation; other words stay as they came.
enum ServerReason: String, CaseIterable, Sendable {
    case invalidData = "Dados inválidos"
    case missingFields = "Todos os campos são obrigatórios"
    case passwordTooShort = "A senha deve conter pelo menos 6 caracteres"
    case passwordTooLong = "A senha é muito longa (máximo 72 bytes)"
    case nameTooLong = "O nome é muito longo (máximo 100 caracteres)"
    case nameUnfit = "O nome contém caracteres não permitidos ou nada visível"
    case emailTooLong = "O email é muito longo (máximo 255 caracteres)"
    case emailInvalid = "Email inválido"
    case emailTaken = "Email já cadastrado"
    case wrongCredentials = "Email ou senha inválidos"
    case passwordWrong = "Senha inválida"
    case contactIDMissing = "ID do contato é obrigatório"
    case contactIsSelf = "Você não pode adicionar a si mesmo como contato"
    case userUnknown = "Usuário não encontrado"
    case contactExists = "Contato já adicionado"
    case contactNameMissing = "Nome do contato é obrigatório"
    case contactNameBlank = "Nome não pode ser vazio"
    case contactNameTooLong = "O nome do contato é muito longo (máximo 100 caracteres)"
    case contactNameUnfit = "O nome do contato contém caracteres não permitidos ou nada visível"
    case contactUnknown = "Contato não encontrado"
    case contactUnchanged = "Erro ao atualizar contato"
    case contactNotEditable = "Você não tem permissão para editar este contato"
    case contactNotRemovable = "Você não tem permissão para remover esse contato"
    case searchTooShort = "O termo de busca deve ter pelo menos 2 caracteres"
    case receiverMissing = "ID do destinatário é obrigatório"
    case contentMissing = "Conteúdo da mensagem é obrigatório"
    case contentBlank = "A mensagem não pode estar vazia"
    case contentTooLong = "A mensagem é muito longa (máximo 5000 caracteres)"
    case receiverIsSelf = "Você não pode enviar mensagem para si mesmo"
    case receiverUnknown = "Destinatário não encontrado"
    case messageUnknown = "Mensagem não encontrada"
    case messageNotDeletable = "Você não tem permissão para deletar esta mensagem"
    case subscriptionNotSaved = "Erro ao salvar subscription"
    case endpointMissing = "Endpoint é obrigatório"
    case subscriptionNotRemoved = "Erro ao remover subscription"
    case noSubscriptionWorks =
        "Nenhuma subscription válida encontrada. Por favor, ative as notificações novamente."
    case tokenMissing = "Token não fornecido."
    case tokenMalformed = "Formato de token inválido."
    case tokenInvalid = "Token inválido ou expirado."
    case notAuthenticated = "Usuario não autenticado"
    case notFound = "Rota não encontrada"
    case methodNotAllowed = "Método não permitido"
    case requestTooLarge = "Requisição muito grande"
    case headersTooLarge = "Cabeçalhos muito grandes"
    case codingUnknown = "Codificação não suportada"
    case badRequest = "Requisição inválida"
    case tooManyRequests = "Muitas requisições, tente novamente"
    case tooManyRequestsNow = "Muitas requisições, tente novamente em instantes"
    case overloaded = "Servidor sobrecarregado, tente novamente"
    case diskFull = "Servidor sem espaço em disco, tente novamente mais tarde"
    case databaseGone = "Servidor sem acesso ao banco de dados, tente novamente mais tarde"
    case serverError = "Erro no servidor"
}

extension Catalogue {
    /// What the server says, in this language where its words are known.
    func serverWords(_ text: String) -> String {
        if let reason = ServerReason(rawValue: text) { return words(for: reason) }
        // A fault of the server, with details that are not translated.
        let start = ServerReason.serverError.rawValue + ": "
        guard text.hasPrefix(start) else { return text }
        return words(for: .serverError) + ": " + text.dropFirst(start.count)
    }
}

extension CommandCatalogue {
    /// What the server says, as one harmless line, in this language where its words are known.
    package func serverLine(_ text: String) -> CleanLine { CleanLine(screen.serverWords(text)) }
}
