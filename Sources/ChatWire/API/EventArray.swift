/// The payload of a Socket.IO event: an array of a name and the event's arguments.
enum EventArray {
    /// Reads the name and passes the first argument (null when there is none) to `decode`. `decode` consumes it and
    /// returns nil when it does not fit the name. Further arguments make the event malformed, or are skipped where
    /// they are allowed.
    static func decode<Event>(
        _ payload: ArraySlice<UInt8>,
        payloadsMax: Int = .max,
        _ decode: (JSONReader.Key, inout JSONReader) throws(JSONError) -> Event?
    ) throws(EventError) -> Event {
        let outcome: Outcome<Event>
        do throws(JSONError) {
            outcome = try JSONReader.read(payload) { reader throws(JSONError) in
                try read(from: &reader, payloadsMax: payloadsMax, decode)
            }
        } catch {
            throw .notAnEvent(error)
        }
        switch outcome {
        case .event(let event): return event
        case .malformed(let name): throw .malformed(name: name)
        }
    }

    private enum Outcome<Event> {
        case event(Event)
        case malformed(name: String)
    }

    private static func read<Event>(
        from reader: inout JSONReader,
        payloadsMax: Int,
        _ decode: (JSONReader.Key, inout JSONReader) throws(JSONError) -> Event?
    ) throws(JSONError) -> Outcome<Event> {
        try reader.beginArray()
        guard try reader.nextElement() else { throw .typeMismatch(offset: reader.position) }
        let name = try reader.name()
        var count = 0
        var event: Event?
        while try reader.nextElement() {
            if count == 0 {
                event = try decode(name, &reader)
            } else {
                try reader.skipValue()
            }
            count += 1
        }
        try reader.end()
        if count == 0 {
            event = try JSONReader.read(null) { reader throws(JSONError) in try decode(name, &reader) }
        }
        guard count <= payloadsMax, let event else { return .malformed(name: name.text) }
        return .event(event)
    }

    private static let null = Array("null".utf8)[...]
}
