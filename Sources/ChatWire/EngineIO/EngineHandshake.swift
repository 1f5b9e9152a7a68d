/// What the server sends when a session opens: `0` and a JSON object of these five members.
public struct EngineHandshake: Hashable, Sendable {
    /// The session's name. It goes into the query of every later request, and never into a log.
    public var sid: String
    /// The transports that the session can upgrade to.
    public var upgrades: [String]
    /// The time from one pong to the next ping. The wire uses whole milliseconds.
    public var pingInterval: Duration
    /// How long the server waits for a pong. The wire uses whole milliseconds.
    public var pingTimeout: Duration
    /// The most bytes that a frame or a polling payload may have.
    public var maxPayload: Int

    /// The longest interval that is accepted: a day. Longer ones are invalid.
    static let intervalMax = Duration.seconds(86400)

    /// A handshake; the defaults are the deployed server's values.
    public init(
        sid: String, upgrades: [String] = [], pingInterval: Duration = .seconds(25),
        pingTimeout: Duration = .seconds(60), maxPayload: Int = 1_000_000
    ) {
        self.sid = sid
        self.upgrades = upgrades
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.maxPayload = maxPayload
    }

    /// Reads the object of an open packet. `upgrades` and `maxPayload` may be missing, as in older servers.
    init(parsing text: ArraySlice<UInt8>) throws(EngineError) {
        guard let json = try? JSONValue(parsing: text), let sid = json["sid"]?.stringValue, !sid.isEmpty,
            let interval = Self.interval(json["pingInterval"]),
            let timeout = Self.interval(json["pingTimeout"])
        else { throw .invalidHandshake }
        self.sid = sid
        pingInterval = interval
        pingTimeout = timeout
        upgrades = json["upgrades"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let announced = json["maxPayload"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1_000_000
        guard announced > 0 else { throw .invalidHandshake }
        maxPayload = announced
    }

    private static func interval(_ json: JSONValue?) -> Duration? {
        guard let milliseconds = json?.integerValue, milliseconds > 0 else { return nil }
        return min(.milliseconds(milliseconds), intervalMax)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("sid")
        writer.string(sid)
        writer.key("upgrades")
        writer.beginArray()
        for upgrade in upgrades { writer.string(upgrade) }
        writer.endArray()
        writer.key("pingTimeout")
        writer.integer(pingTimeout.wholeMilliseconds)
        writer.key("pingInterval")
        writer.integer(pingInterval.wholeMilliseconds)
        writer.key("maxPayload")
        writer.integer(maxPayload)
        writer.endObject()
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 { saturatedNanoseconds / 1_000_000 }
}
