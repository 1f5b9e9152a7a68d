/// The server's different forms of the same value.
public enum WireForm: Hashable, Sendable {
    /// A single object in a REST answer: ISO dates, truth values as `true` and `false`.
    case object
    /// The payload of an event: like `object`, but `sender_name` and `temp_id` are always present, as null when
    /// unknown.
    case event
    /// An element of a list in a REST answer: HTTP dates, truth values as 1 and 0.
    case list
}

extension JSONWriter {
    /// A time in the date form that belongs to `form`; null for nil.
    public mutating func timestamp(_ timestamp: Timestamp?, as form: WireForm) {
        guard let timestamp else { return null() }
        rawString(atMost: WireDate.lengthMax) { space in
            switch form {
            case .object, .event: WireDate.putISO(timestamp, at: space)
            case .list: WireDate.putHTTP(timestamp, at: space)
            }
        }
    }

    /// A string, or null for none.
    public mutating func string(_ text: String?) {
        guard let text else { return null() }
        string(text)
    }

    mutating func flag(_ value: Bool, as form: WireForm) {
        switch form {
        case .object, .event: bool(value)
        case .list: integer(value ? 1 : 0)
        }
    }
}
