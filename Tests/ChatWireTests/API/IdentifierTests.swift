import ChatWire
import Testing

@Suite struct IdentifierTests {
    @Test func `a fresh name is 32 hexadecimal digits`() {
        var names: Set<TempID> = []
        for _ in 0..<1000 { names.insert(.random()) }
        #expect(names.count == 1000)
        for name in names {
            #expect(name.rawValue.utf8.count == 32)
            #expect(name.rawValue.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
    }

    @Test func `small numbers keep their zeros`() {
        struct Counter: RandomNumberGenerator {
            var value: UInt64 = 0
            mutating func next() -> UInt64 {
                value += 1
                return value
            }
        }
        var generator = Counter()
        #expect(TempID.random(using: &generator).rawValue == "00000000000000010000000000000002")
    }

    @Test func `a name is stored up to 128 bytes`() {
        #expect(TempID(String(repeating: "é", count: 64)).isStorable)
        #expect(!TempID(String(repeating: "é", count: 64) + "x").isStorable)
    }

    @Test func `ids and states have an order`() {
        #expect(MessageID(9) < MessageID(10))
        #expect(UserID(9) < UserID(10))
        #expect(ContactID(9) < ContactID(10))
        #expect(DeliveryStatus.sent < .delivered && DeliveryStatus.delivered < .read)
        for status in DeliveryStatus.allCases { #expect(DeliveryStatus(name: status.name) == status) }
        #expect(DeliveryStatus(name: "Read") == nil)
    }
}
