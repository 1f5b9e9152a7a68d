/// Why the payload of an event does not fit its name.
public enum EventError: Error, Hashable, Sendable {
    /// The payload is not JSON, or not an array that begins with a name.
    case notAnEvent(JSONError)
    /// A known event lacks a required member, or has more than its one payload.
    case malformed(name: String)
}
