import ChatWire

/// What an account may be made of, and how its owner is recognised.
struct AccountRules: Sendable {
    private let rules: ServerBehaviour.Rules

    init(_ rules: ServerBehaviour.Rules) { self.rules = rules }

    /// What is wrong with a new account, in the API's order; nil when nothing is.
    func refusal(name: String, email: String, password: String) -> Refusal? {
        if name.isEmpty || email.isEmpty || password.isEmpty { return .missingFields }
        if password.unicodeScalars.count < 6 { return .passwordTooShort }
        if rules.refusesLongPasswords, password.utf8.count > PasswordHash.lengthMax {
            return .passwordTooLong
        }
        if name.unicodeScalars.count > 100 { return .nameTooLong }
        if email.unicodeScalars.count > 255 { return .emailTooLong }
        // The real server takes anything for a name and for an address.
        guard rules.checksNames else { return nil }
        if !NameRules.isFit(name) { return .nameUnfit }
        if !NameRules.hasNoHiddenSigns(email) || !NameRules.isAddress(email) { return .emailWithoutAt }
        return nil
    }

    /// The part of a password that counts. The real server's bcrypt passes over the rest in silence.
    func significant(_ password: String) -> String {
        guard !rules.refusesLongPasswords else { return password }
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
        rules.distinguishesAccents
            ? try view.account(email: email) : try view.account(foldedEmail: TextFolding.fold(email))
    }

    /// What a failed sign-in is told. The real server tells which addresses it knows.
    func signInRefusal(accountExists: Bool) -> Refusal {
        if rules.hidesAccounts { return .wrongCredentials }
        return accountExists ? .passwordWrong : .emailUnknown
    }
}
