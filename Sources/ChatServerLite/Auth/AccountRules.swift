import ChatWire

/// What an account may be made of, and how its owner is recognised.
struct AccountRules: Sendable {
    private let manner: ServerBehaviour.Manner

    init(_ manner: ServerBehaviour.Manner) { self.manner = manner }

    /// What is wrong with a new account, in the API's order; nil when nothing is.
    func refusal(name: String, email: String, password: String) -> Refusal? {
        if name.isEmpty || email.isEmpty || password.isEmpty { return .missingFields }
        if password.unicodeScalars.count < 6 { return .passwordTooShort }
        if manner == .extended, password.utf8.count > PasswordHash.lengthMax { return .passwordTooLong }
        if name.unicodeScalars.count > 100 { return .nameTooLong }
        if email.unicodeScalars.count > 255 { return .emailTooLong }
        // The real server takes anything for a name and for an address.
        guard manner == .extended else { return nil }
        if !NameRules.isFit(name) { return .nameUnfit }
        if !NameRules.hasNoHiddenSigns(email) || !NameRules.isAddress(email) { return .emailWithoutAt }
        return nil
    }

    /// The part of a password that counts. The real server's bcrypt passes over the rest in silence.
    func significant(_ password: String) -> String {
        guard manner == .recorded else { return password }
        var scalars = String.UnicodeScalarView()
        var length = 0
        for scalar in password.unicodeScalars {
            // NUL takes two bytes in the form that libcrypt is given.
            length += scalar == "\0" ? 2 : UTF8.width(scalar)
            if length > PasswordHash.lengthMax { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// An address as it is kept and shown.
    static func canonical(_ email: String) -> String { lowercasedLikePython(strippedLikePython(email)) }

    /// The account that an address, lower-cased, belongs to. The real server's database takes `aná@` for
    /// `ana@`.
    func account(email: String, _ view: any StorageView) throws -> StoredAccount? {
        switch manner {
        case .extended: try view.account(email: email)
        case .recorded: try view.account(foldedEmail: TextFolding.fold(email))
        }
    }

    /// What a failed sign-in is told. The real server tells which addresses it knows.
    func signInRefusal(accountExists: Bool) -> Refusal {
        switch manner {
        case .extended: .wrongCredentials
        case .recorded: accountExists ? .passwordWrong : .emailUnknown
        }
    }
}
