/// Why the payload of an event is not what its name promises.
public enum EventError: Error, Hashable, Sendable {
    /// Not JSON, or not an array that begins with a name.
    case notAnEvent(JSONError)
    /// A known event without what it needs, or with more than its one payload.
    case malformed(name: String)
}
