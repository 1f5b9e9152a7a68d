import ChatWire

@testable import ChatClientCore

/// A synthetic history of one person with two hundred others, the same on each run. Its word frequencies are as
/// uneven as those of a language: the first word is in more than half of the messages.
struct History {
    static let me = UserID(1)
    static let peers = 200

    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    private let vocabulary: [String]
    private var nextID: Int64 = 1

    init() {
        let common = [
            "que", "de", "a", "o", "e", "para", "com", "não", "uma", "você", "eu", "mensagem", "mensagens",
            "mercado",
            "amanhã", "hoje", "sim", "oi", "tudo", "bem", "mandar", "mãe", "melhor", "mesmo",
        ]
        let syllables = [
            "ba", "be", "bi", "ca", "ce", "co", "da", "de", "di", "fa", "fe", "ga", "go", "la", "le", "li",
            "ma", "me",
            "mi", "mo", "na", "ne", "no", "pa", "pe", "po", "que", "ra", "re", "ri", "sa", "se", "si", "ta",
            "te", "to",
            "va", "ve", "ção", "ndo", "mente", "s",
        ]
        var state: UInt64 = 42
        var made: Set<String> = []
        var words = common
        while words.count < 30_000 {
            let word = (0..<Int(Self.next(&state) % 3 + 2)).map { _ in
                syllables[Int(Self.next(&state) % UInt64(syllables.count))]
            }.joined()
            if made.insert(word).inserted { words.append(word) }
        }
        vocabulary = words
    }

    private static func next(_ state: inout UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Approximates Zipf's law: the logarithm of the rank is uniform.
    private mutating func word() -> String {
        let even = Double(Self.next(&state) >> 11) / Double(1 << 53)
        var rank = 1.0
        // 30,000 to the power of `even`, by squaring, so that no library is needed.
        var base = 30_000.0
        var fraction = even
        for _ in 0..<24 {
            base = base.squareRoot()
            fraction *= 2
            if fraction >= 1 {
                rank *= base
                fraction -= 1
            }
        }
        return vocabulary[min(Int(rank) - 1, vocabulary.count - 1)]
    }

    /// The next message, from or to one of the others.
    mutating func message() -> Message {
        let peer = UserID(Int64(2 + Self.next(&state) % UInt64(Self.peers)))
        let isMine = Self.next(&state) % 2 == 0
        let content = (0..<Int(3 + Self.next(&state) % 14)).map { _ in word() }.joined(separator: " ")
        defer { nextID += 1 }
        return Message(
            id: MessageID(nextID), senderID: isMine ? Self.me : peer, receiverID: isMine ? peer : Self.me,
            content: content, isRead: true, createdAt: Timestamp(seconds: 1_700_000_000 + nextID * 30),
            status: .read)
    }

    /// The answer of a server that keeps the changes, with this many new messages.
    mutating func syncAnswer(count: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("success")
        writer.bool(true)
        writer.key("data")
        writer.beginObject()
        writer.key("changes")
        writer.beginArray()
        for _ in 0..<count {
            let message = message()
            writer.beginObject()
            writer.key("seq")
            writer.integer(message.id.rawValue)
            writer.key("type")
            writer.string("message_created")
            writer.key("message")
            message.write(to: &writer, as: .object)
            writer.endObject()
        }
        writer.endArray()
        writer.key("cursor")
        writer.string("1.\(nextID)")
        writer.key("has_more")
        writer.bool(true)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
