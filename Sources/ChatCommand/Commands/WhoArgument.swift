import ArgumentParser

/// The argument that names a person.
enum WhoArgument {
    static let help = ArgumentHelp("The email address, the id or the name of the person.")

    /// The contacts in the cache of the account that the command line selects so far.
    static let completion = CompletionKind.custom { words, _, _ in await ContactCompletion.candidates(words) }
}
