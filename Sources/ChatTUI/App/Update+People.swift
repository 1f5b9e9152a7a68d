import ChatClientCore
import ChatWire

/// What is done with people besides finding them.
extension AppState {
    mutating func renameOpen(_ name: String) -> [Effect] {
        guard let peer = open?.peer else { return [] }
        guard !name.isEmpty else {
            // The present name, to be changed.
            let name = displayName(of: peer)
            open?.editor.replace(with: "/\(strings.words(for: .rename).names[0]) \(name)")
            open?.isCommandTyped = true
            return []
        }
        guard name.unicodeScalars.count <= Self.nameLengthMax else {
            say(strings.nameTooLong, .warning)
            return []
        }
        say(strings.renamed(name))
        return [.rename(peer, to: name)]
    }

    /// The server keeps no more of a name.
    static let nameLengthMax = 100

    mutating func askToRemove() -> [Effect] {
        guard let peer = open?.peer else { return [] }
        dialog = .question(Question(.removeContact(peer, name: displayName(of: peer))))
        return []
    }

    mutating func askToDeleteConversation() -> [Effect] {
        guard let peer = open?.peer else { return [] }
        dialog = .question(Question(.deleteConversation(peer, name: displayName(of: peer))))
        return []
    }
}
