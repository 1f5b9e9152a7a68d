import ChatClientCore
import ChatWire

/// Where `/goto` and a name lead.
enum Destination: Hashable, Sendable {
    case one(UserID)
    /// Several people answer to it, in the order of the list.
    case several([UserID])
    case nobody

    /// Follows the rules of the command line: a name that others chose for themselves never takes precedence over a contact.
    init(_ name: String, among conversations: [Conversation]) {
        let known = Set(conversations.map(\.peer))
        switch RecipientResolver.resolve(name, among: conversations.map { Recipient($0) }, care: .revocable) {
        case .found(let person) where known.contains(person.id): self = .one(person.id)
        case .ambiguous(let people): self = .several(people.map(\.id))
        case .found, .unknown: self = .nobody
        }
    }
}
