import ChatWire

/// The rules for a new account, and for finding the account that somebody signs in to.
struct AccountRules: Sendable {
    private let rules: ServerBehaviour.Rules

    init(_ rules: ServerBehaviour.Rules) { self.rules = rules }

    /// The first rule that a new account breaks, in the API's order; nil when it breaks none.
    func refusal(name: String, email: String, password: String) -> Refusal? {
        if name.isEmpty || email.isEmpty || password.isEmpty { return .missingFields }
        if password.unicodeScalars.count < 6 { return .passwordTooShort }
        if rules.refusesLongPasswords, password.utf8.count > PasswordHash.lengthMax {
            return .passwordTooLong
        }
        if name.unicodeScalars.count > 100 { return .nameTooLong }
        if email.unicodeScalars.count > 255 { return .emailTooLong }
        // The real server accepts any name and any address.
        guard rules.checksNames else { return nil }
        if !NameRules.isFit(name) { return .nameUnfit }
        if !NameRules.hasNoHiddenSigns(email) || !NameRules.isAddress(email) { return .emailWithoutAt }
        return nil
    }

    /// The part of a password that is hashed. The real server's bcrypt silently ignores the rest.
    func significant(_ password: String) -> String {
        guard !rules.refusesLongPasswords else { return password }
        var scalars = String.UnicodeScalarView()
        var length = 0
        for scalar in password.unicodeScalars {
            // NUL takes two bytes in the form that libcrypt gets.
            length += scalar == "\0" ? 2 : UTF8.width(scalar)
            if length > PasswordHash.lengthMax { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// The form in which an address is stored and shown.
    static func canonical(_ email: String) -> String { lowercasedLikePython(strippedLikePython(email)) }

    /// The account of a lower-cased address. The real server's database treats `aná@` and `ana@` as equal.
    func account(email: String, _ view: any StorageView) throws -> StoredAccount? {
        rules.distinguishesAccents
            ? try view.account(email: email) : try view.account(foldedEmail: TextFolding.fold(email))
    }

    /// The answer to a failed sign-in. The real server reveals which addresses it knows.
    func signInRefusal(accountExists: Bool) -> Refusal {
        if rules.hidesAccounts { return .wrongCredentials }
        return accountExists ? .passwordWrong : .emailUnknown
    }
}
