/// A binary packet whose attachments are still arriving.
struct SocketAssembly: Hashable, Sendable {
    let packet: SocketPacket
    private(set) var attachments: [[UInt8]] = []
    private var bytes = 0

    init(packet: SocketPacket) { self.packet = packet }

    /// How many attachments have not arrived.
    var missing: Int { packet.attachmentCount - attachments.count }

    /// Adds the next attachment. False when all of them together are longer than `bytesMax`.
    mutating func add(_ attachment: ArraySlice<UInt8>, bytesMax: Int) -> Bool {
        guard bytes + attachment.count <= bytesMax else { return false }
        bytes += attachment.count
        attachments.append(Array(attachment))
        return true
    }
}
