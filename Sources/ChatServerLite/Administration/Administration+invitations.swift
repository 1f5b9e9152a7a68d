extension Administration {
    /// Creates an invitation.
    ///
    /// - Parameters:
    ///   - uses: how many accounts it may create.
    ///   - lifetime: how long it is valid, in seconds.
    package func invite(uses: Int, lifetime: Int) throws -> AdministrationAnswer {
        try ask(.invite(uses: uses, lifetime: lifetime))
    }

    package func invitations() throws -> AdministrationAnswer { try ask(.invitations) }

    /// Takes an invitation back.
    ///
    /// - Parameter invitation: its code, or its name in the list.
    package func revoke(_ invitation: String) throws { _ = try ask(.revoke(invitation: invitation)) }
}
