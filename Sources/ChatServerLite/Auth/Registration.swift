/// Who may create an account (`REGISTRATION`).
public enum Registration: String, Equatable, Sendable {
    case open
    /// Who has an invitation.
    case invite
    case closed
}
