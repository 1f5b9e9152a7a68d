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
}

extension UnreadCounts: WireObject {
    private enum Fields {
        static let total = Field<Int>("total", "All unread messages together.")
        static let bySender = Field<NumbersByUser>(
            "by_contact", "The unread messages by sender; only senders with at least one.")
    }

    public static var members: [FieldDescription] {
        [Fields.total.description, Fields.bySender.description]
    }

    /// Reads the `data` of the answer. An unreadable count is omitted alone, and so is the count of an invalid user.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        total = try fields[Fields.total]
        let counts = try fields[Fields.bySender]
        bySender = counts.numbers
        leftOut = counts.leftOut
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.total, total)
        writer.member(Fields.bySender, NumbersByUser(numbers: bySender))
    }

    /// An object whose keys are the numbers of users.
    private struct NumbersByUser: WireValue {
        static var schema: WireSchema { .numbersByUser }

        var numbers: [UserID: Int] = [:]
        var leftOut: Set<UserID> = []

        static func read(
            _ json: JSONValue?, named name: @autoclosure () -> String
        ) throws(APIError) -> NumbersByUser {
            guard let object = json?.objectValue else { throw .unexpectedShape(missing: name()) }
            var counts = NumbersByUser()
            for member in object.members {
                guard let user = JSONValue.integer(in: member.key).map({ UserID($0) }) else { continue }
                if let number = Int(lenient: member.value) {
                    counts.numbers[user] = number
                } else {
                    counts.leftOut.insert(user)
                }
            }
            return counts
        }

        func write(to writer: inout JSONWriter, as form: WireForm) {
            writer.beginObject()
            for (user, number) in numbers.sorted(by: { $0.key < $1.key }) {
                writer.key(named: user.description)
                writer.integer(number)
            }
            writer.endObject()
        }
    }
}
