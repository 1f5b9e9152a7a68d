import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct PresenceBookTests {
    @Test func presenceIsUnknownUntilTheServerSays() {
        var book = PresenceBook()
        #expect(book.presence(of: bia, isContact: true) == .unknown)
        #expect(book.set(bia, online: true) == true)
        #expect(book.set(bia, online: true) == false)
        book.becomeComplete()
        #expect(book.presence(of: bia, isContact: true) == .online)
        #expect(book.presence(of: caio, isContact: true) == .offline)
        #expect(book.presence(of: caio, isContact: false) == .unknown)
        book.forget()
        #expect(book.presence(of: bia, isContact: true) == .unknown)
    }
}
