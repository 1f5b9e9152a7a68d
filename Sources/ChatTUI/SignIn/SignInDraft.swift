import ChatWire

/// What the person has already entered on the first screen, for another client to continue with.
public struct SignInDraft: Hashable, Sendable, CustomStringConvertible {
    /// True to make an account, false to sign in to one.
    public var isNewAccount: Bool
    public var name: String
    public var email: String
    public var password: String
    /// The code of an invitation; empty for none.
    public var invitation: String

    public init(
        isNewAccount: Bool = false, name: String = "", email: String = "", password: String = "",
        invitation: String = ""
    ) {
        self.isNewAccount = isNewAccount
        self.name = name
        self.email = email
        self.password = password
        self.invitation = invitation
    }

    /// Without the password, since descriptions end up in logs.
    public var description: String { isNewAccount ? "a new account" : "an account" }
}

extension SignInForm {
    var draft: SignInDraft {
        SignInDraft(
            isNewAccount: mode == .register, name: name.text, email: email.text, password: password.text,
            invitation: invitation.text)
    }
}
