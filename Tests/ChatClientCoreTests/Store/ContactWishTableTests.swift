import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// Which question a wish needs, and when a wish is fulfilled.
@Suite struct ContactWishTableTests {
    private let store: ChatStore
    private var wishes: ContactWishTable { store.wishes }

    init() throws { store = try ChatStore(inMemoryFor: ana) }

    /// The question for a wish about Bia.
    private func question(_ isWanted: Bool, _ name: String?) throws -> (any ContactQuestion)? {
        try wishes.nextQuestion(of: try wishes.enter(bia, isWanted: isWanted, name: name))
    }

    @Test func aStrangerIsAddedAndNotRemoved() throws {
        for name in ["Bi", nil] {
            let wish = try #require(try question(true, name) as? AddContactQuestion).wish
            #expect(wish.user == bia && wish.name == name)
        }
        #expect(try question(false, nil) == nil)
    }

    @Test func aContactIsRenamedOrRemoved() throws {
        let contact = Contact.sample(bia)
        _ = try store.apply([.contacts([contact])])
        #expect(try question(true, nil) == nil)
        #expect(try question(true, contact.name) == nil)
        let renaming = try #require(try question(true, "Bi") as? RenameContactQuestion)
        #expect(renaming.id == contact.id && renaming.name == "Bi")
        #expect(try question(false, nil) is RemoveContactQuestion)
        #expect(try question(false, nil)?.changed == contact.id)
        try store.people.contactIsGone(contact.id)
        #expect(try question(false, nil) == nil)
    }

    @Test func aWishReplacesTheEarlierOneAndIsNotEndedByIt() throws {
        let first = try wishes.enter(bia, isWanted: true, name: "Bi")
        let second = try wishes.enter(bia, isWanted: false, name: nil)
        #expect(second.version > first.version)
        try wishes.forget(first)
        #expect(try wishes.all() == [second])
        try wishes.forget(second)
        #expect(try wishes.wish(bia) == nil)
    }

    @Test func aFulfilledWishShowsInTheListAndIsGone() throws {
        let wish = try wishes.enter(bia, isWanted: true, name: "Bi")
        try AddContactQuestion(wish: wish).store(.sample(bia, "Bi"), in: wishes)
        #expect(try wishes.all() == [])
        #expect(try store.people.name(of: bia) == "Bi")
        #expect(try wishes.nextQuestion(of: wish) == nil)
    }
}
