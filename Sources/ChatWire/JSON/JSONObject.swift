/// The members of a JSON object in the order in which they were written.
///
/// A text may repeat a key (RFC 8259 section 4 leaves the meaning open). All members are kept, and a look-up returns
/// the last one, as in other implementations. Two objects are equal when all look-ups are equal, whatever the order.
public struct JSONObject: Sendable {
    /// A key and its value.
    public struct Member: Hashable, Sendable {
        /// The key, without escapes.
        public var key: String
        /// The value of the member.
        public var value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// All members in order, including those that a later member of the same key hides.
    public private(set) var members: [Member]

    /// An object of these members, in this order.
    public init(_ members: [Member] = []) {
        self.members = members
    }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }
    /// How many members there are, including hidden ones.
    public var count: Int { members.count }

    /// The value of the last member with this key. Setting replaces it, or appends; setting nil removes every member
    /// with this key. The time is proportional to `count`.
    public subscript(key: String) -> JSONValue? {
        get {
            members.last { $0.key == key }?.value
        }
        set {
            guard let newValue else {
                members.removeAll { $0.key == key }
                return
            }
            if let index = members.lastIndex(where: { $0.key == key }) {
                members[index].value = newValue
            } else {
                members.append(Member(key: key, value: newValue))
            }
        }
    }

    /// Adds a member without looking for an earlier one of the same key.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    private var lookedUp: [String: JSONValue] {
        Dictionary(members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension JSONObject: Hashable {
    /// Whether every look-up gives the same result in both.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members == right.members || left.lookedUp == right.lookedUp
    }

    /// Hashes the results of look-ups.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(lookedUp)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object with its members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }
}
