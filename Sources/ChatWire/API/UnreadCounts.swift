/// How many messages a person has not read yet.
public struct UnreadCounts: Hashable, Sendable {
    /// All unread messages together.
    public var total: Int
    /// Only senders with at least one unread message.
    public var bySender: [UserID: Int]
    /// Senders whose count could not be read: it is unknown, not zero.
    public var leftOut: Set<UserID> = []

    /// Counts whose total is the sum.
    public init(bySender: [UserID: Int]) {
        self.bySender = bySender
        total = bySender.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// Reads the `data` of the answer. An unreadable count is omitted alone, and so is the count of an invalid user.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        total = try fields.require(Int(exactly: try fields.integer("total")), "total")
        let counts = try fields.require(fields["by_contact"]?.objectValue, "by_contact")
        bySender = [:]
        for member in counts.members {
            guard let user = JSONValue.integer(in: member.key) else { continue }
            if let count = member.value.integerValue.flatMap({ Int(exactly: $0) }) {
                bySender[UserID(user)] = count
            } else {
                leftOut.insert(UserID(user))
            }
        }
    }

    /// Writes the members of the answer's `data`.
    public func writeMembers(to writer: inout JSONWriter) {
        writer.key("total")
        writer.integer(total)
        writer.key("by_contact")
        writer.beginObject()
        for (user, count) in bySender.sorted(by: { $0.key < $1.key }) {
            writer.key(named: user.description)
            writer.integer(count)
        }
        writer.endObject()
    }
}
