import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// Which request a wish needs, and when a wish is fulfilled.
@Suite struct ContactWishTableTests {
    private let store: ChatStore
    private var wishes: ContactWishTable { store.wishes }

    init() throws { store = try ChatStore(inMemoryFor: ana) }

    /// The request for a wish about Bia.
    private func step(_ isWanted: Bool, _ name: String?) throws -> ContactStep? {
        try wishes.nextStep(of: try wishes.enter(bia, isWanted: isWanted, name: name))
    }

    @Test func aStrangerIsAddedAndNotRemoved() throws {
        #expect(try step(true, "Bi") == .add(bia, name: "Bi"))
        #expect(try step(true, nil) == .add(bia, name: nil))
        #expect(try step(false, nil) == nil)
    }

    @Test func aContactIsRenamedOrRemoved() throws {
        let contact = Contact.sample(bia)
        _ = try store.apply([.contacts([contact])])
        #expect(try step(true, nil) == nil)
        #expect(try step(true, contact.name) == nil)
        #expect(try step(true, "Bi") == .rename(contact.id, to: "Bi"))
        #expect(try step(false, nil) == .remove(contact.id))
        try store.people.contactIsGone(contact.id)
        #expect(try step(false, nil) == nil)
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
        try wishes.fulfil(wish, .add(bia, name: "Bi"), contact: .sample(bia, "Bi"))
        #expect(try wishes.all() == [])
        #expect(try store.people.name(of: bia) == "Bi")
        #expect(try wishes.nextStep(of: wish) == nil)
    }
}
