import ArgumentParser
import ChatTUI

/// The argument that names a person.
enum WhoArgument {
    static var help: ArgumentHelp { HelpText.who.help(.who) }

    /// The contacts in the cache of the account that the command line selects so far.
    static let completion = CompletionKind.custom { words, _, _ in await ContactCompletion.candidates(words) }
}
