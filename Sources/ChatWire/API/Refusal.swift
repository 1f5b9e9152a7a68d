/// Why the rules of the API refuse a request, with the text that people read.
///
/// The texts are part of the API: existing clients show them unchanged.
public enum Refusal: Error, CaseIterable, Equatable, Sendable {
    case invalidData
    case missingFields
    case passwordTooShort
    case passwordTooLong
    case nameTooLong
    case nameUnfit
    case emailTooLong
    case emailWithoutAt
    case emailTaken
    /// The server creates no accounts.
    case registrationClosed
    case invitationMissing
    case invitationInvalid
    /// A sign-up needs the solution of a fresh challenge; see ``SignUpChallenge``.
    case proofMissing
    case wrongCredentials
    /// The password is right, and those who run the server have disabled the account.
    case accountDisabled
    case emailUnknown
    case passwordWrong
    case contactIDMissing
    case contactIsSelf
    case userUnknown
    case contactExists
    case contactNameMissing
    case contactNameBlank
    case contactNameTooLong
    case contactNameUnfit
    case contactUnknown
    case contactUnchanged
    case contactNotEditable
    case contactNotRemovable
    case searchTooShort
    case receiverMissing
    case contentMissing
    case contentBlank
    case contentTooLong
    case receiverIsSelf
    case receiverUnknown
    case messageUnknown
    case messageNotDeletable
    case subscriptionNotSaved
    case endpointMissing
    case subscriptionNotRemoved
    case noSubscriptionWorks
    case sessionUnknown

    public var message: String {
        switch self {
        case .invalidData: "Dados inválidos"
        case .missingFields: "Todos os campos são obrigatórios"
        case .passwordTooShort: "A senha deve conter pelo menos 6 caracteres"
        case .passwordTooLong: "A senha é muito longa (máximo 72 bytes)"
        case .nameTooLong: "O nome é muito longo (máximo 100 caracteres)"
        case .nameUnfit: "O nome contém caracteres não permitidos ou nada visível"
        case .emailTooLong: "O email é muito longo (máximo 255 caracteres)"
        case .emailWithoutAt: "Email inválido"
        case .emailTaken: "Email já cadastrado"
        case .registrationClosed: "O cadastro está fechado"
        case .invitationMissing: "O cadastro exige um convite"
        case .invitationInvalid: "Convite inválido ou expirado"
        case .proofMissing: "O cadastro exige uma prova de trabalho válida"
        case .wrongCredentials: "Email ou senha inválidos"
        case .accountDisabled: "Esta conta foi desativada"
        case .emailUnknown: "Email inválido"
        case .passwordWrong: "Senha inválida"
        case .contactIDMissing: "ID do contato é obrigatório"
        case .contactIsSelf: "Você não pode adicionar a si mesmo como contato"
        case .userUnknown: "Usuário não encontrado"
        case .contactExists: "Contato já adicionado"
        case .contactNameMissing: "Nome do contato é obrigatório"
        case .contactNameBlank: "Nome não pode ser vazio"
        case .contactNameTooLong: "O nome do contato é muito longo (máximo 100 caracteres)"
        case .contactNameUnfit: "O nome do contato contém caracteres não permitidos ou nada visível"
        case .contactUnknown: "Contato não encontrado"
        case .contactUnchanged: "Erro ao atualizar contato"
        case .contactNotEditable: "Você não tem permissão para editar este contato"
        case .contactNotRemovable: "Você não tem permissão para remover esse contato"
        case .searchTooShort: "O termo de busca deve ter pelo menos 2 caracteres"
        case .receiverMissing: "ID do destinatário é obrigatório"
        case .contentMissing: "Conteúdo da mensagem é obrigatório"
        case .contentBlank: "A mensagem não pode estar vazia"
        case .contentTooLong: "A mensagem é muito longa (máximo 5000 caracteres)"
        case .receiverIsSelf: "Você não pode enviar mensagem para si mesmo"
        case .receiverUnknown: "Destinatário não encontrado"
        case .messageUnknown: "Mensagem não encontrada"
        case .messageNotDeletable: "Você não tem permissão para deletar esta mensagem"
        case .subscriptionNotSaved: "Erro ao salvar subscription"
        case .endpointMissing: "Endpoint é obrigatório"
        case .subscriptionNotRemoved: "Erro ao remover subscription"
        case .noSubscriptionWorks:
            "Nenhuma subscription válida encontrada. Por favor, ative as notificações novamente."
        case .sessionUnknown: "Sessão não encontrada"
        }
    }
}

extension Refusal {
    /// The refusal that a server explains with this text; nil for any other text. Of two with the same text, the first.
    public init?(message: String) {
        guard let refusal = Self.byMessage[message] else { return nil }
        self = refusal
    }

    private static let byMessage = Dictionary(
        allCases.map { ($0.message, $0) }, uniquingKeysWith: { first, _ in first })
}
