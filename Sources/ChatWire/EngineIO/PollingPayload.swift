/// The body of a polling request or answer: packets joined by the record separator, a binary one
/// as `b` and base64.
///
///     payload = item *(%x1E item)
///     item    = packet / "b" base64
public enum PollingPayload {
    static let separator: UInt8 = 0x1E

    /// The most packets in one request or answer: the deployed server and its clients refuse more.
    public static let packetsPerBodyMax = 16

    /// The frames as one body. A text frame contains no separator, because JSON escapes it.
    public static func encode(_ frames: some Sequence<EngineFrame>) -> [UInt8] {
        var body: [UInt8] = []
        for frame in frames {
            if !body.isEmpty { body.append(separator) }
            append(frame, to: &body)
        }
        return body
    }

    /// The bytes that a frame takes in a body, including the separator before it.
    static func length(of frame: EngineFrame) -> Int {
        switch frame {
        case .text(let text): text.count + 1
        case .binary(let data): (data.count + 2) / 3 * 4 + 2
        }
    }

    private static func append(_ frame: EngineFrame, to body: inout [UInt8]) {
        switch frame {
        case .text(let text): body += text
        case .binary(let data):
            body.append(UInt8(ascii: "b"))
            EngineBase64.append(data, to: &body)
        }
    }

    /// The packets of a body, in order. An empty body is refused like an empty packet.
    /// - Parameters:
    ///   - bytesMax: The `maxPayload` of the handshake.
    ///   - packetsMax: How many packets are accepted at once.
    public static func decode(
        _ body: ArraySlice<UInt8>, bytesMax: Int, packetsMax: Int = 1024
    ) throws(EngineError) -> [EnginePacket] {
        guard body.count <= bytesMax else { throw .tooBig(length: body.count, limit: bytesMax) }
        var packets: [EnginePacket] = []
        var rest = body
        while true {
            guard packets.count < packetsMax else { throw .tooManyPackets(limit: packetsMax) }
            let item = rest.prefix { $0 != separator }
            packets.append(try packet(item))
            rest = rest.dropFirst(item.count)
            guard !rest.isEmpty else { return packets }
            rest = rest.dropFirst()
        }
    }

    /// The readable packets of a body, in order; an unreadable packet is skipped. A binary packet with invalid base64
    /// becomes an empty message instead, so that an event that waits for this attachment ends as unreadable.
    static func decodeReadable(
        _ body: ArraySlice<UInt8>, bytesMax: Int, packetsMax: Int = 1024
    ) throws(EngineError) -> [EnginePacket] {
        guard body.count <= bytesMax else { throw .tooBig(length: body.count, limit: bytesMax) }
        let items = body.split(separator: separator, maxSplits: packetsMax, omittingEmptySubsequences: false)
        guard items.count <= packetsMax else { throw .tooManyPackets(limit: packetsMax) }
        return items.compactMap { item in
            do throws(EngineError) {
                return try packet(item)
            } catch {
                return error == .invalidBase64 ? .message(.text([])) : nil
            }
        }
    }

    private static func packet(_ item: ArraySlice<UInt8>) throws(EngineError) -> EnginePacket {
        guard item.first == UInt8(ascii: "b") else { return try EnginePacket(text: item) }
        guard let data = EngineBase64.decode(item.dropFirst()) else { throw .invalidBase64 }
        return .message(.binary(data[...]))
    }
}
