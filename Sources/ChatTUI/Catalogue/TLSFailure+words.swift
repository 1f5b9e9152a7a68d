import ChatCrypto

/// Why there is no secure connection, and what to do about it, for people.
extension TLSFailure {
    /// One sentence part without a full stop.
    public func words(in language: Language) -> String { language.catalogue().tls(self) }

    /// A sentence on what the person can do, where there is something.
    public func advice(in language: Language) -> String? { language.catalogue().tlsAdvice(self) }
}
