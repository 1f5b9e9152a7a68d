/// Selects the part of a queue that goes into one body.
enum PollingBatch {
    /// Takes frames from the front while they fit, but at least one.
    static func take(from queue: inout [EngineFrame], bytesMax: Int, packetsMax: Int) -> [EngineFrame] {
        var bytes = 0
        var count = 0
        for frame in queue.prefix(packetsMax) {
            bytes += PollingPayload.length(of: frame)
            // No separator precedes the first packet.
            guard count == 0 || bytes - 1 <= bytesMax else { break }
            count += 1
        }
        defer { queue.removeFirst(count) }
        return Array(queue.prefix(count))
    }
}
