import ChatWire

@testable import ChatClientCore

let ana = UserID(1)
let bia = UserID(2)
let caio = UserID(3)

extension Message {
    /// A message between Ana, whose cache it is, and a peer. Its time follows from its id.
    static func sample(
        _ id: Int64, from sender: UserID = bia, to receiver: UserID = ana, _ content: String = "olá",
        isRead: Bool = false, tempID: TempID? = nil, status: DeliveryStatus? = nil, second: Int64? = nil
    ) -> Message {
        Message(
            id: MessageID(id), senderID: sender, receiverID: receiver, content: content, isRead: isRead,
            createdAt: Timestamp(seconds: 1_000_000 &+ (second ?? id)), senderName: nil, receiverName: nil,
            tempID: tempID,
            status: status)
    }
}

extension Contact {
    static func sample(
        _ user: UserID, _ name: String = "Bia", last: Message? = nil, unread: Int = 0
    ) -> Contact {
        Contact(
            id: ContactID(user.rawValue + 100), userID: user, name: name, userName: name + " Souza",
            userEmail: "p\(user)@exemplo.com", lastMessage: last?.content, lastMessageTime: last?.createdAt,
            unreadCount: unread)
    }
}

extension Moment {
    /// The time this many seconds after the beginning of a test.
    static func at(_ seconds: Double) -> Moment {
        Moment(
            monotonic: MonotonicInstant(nanoseconds: Int64(seconds * 1e9)),
            wall: Timestamp(microseconds: 2_000_000_000_000 + Int64(seconds * 1e6)))
    }
}

extension User {
    /// Whose cache it is.
    static let ana = User(
        id: UserID(1), name: "Ana", email: "ana@exemplo.com", createdAt: Timestamp(seconds: 900_000),
        updatedAt: Timestamp(seconds: 900_000))
}
