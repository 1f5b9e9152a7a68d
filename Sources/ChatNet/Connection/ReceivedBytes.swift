/// Bytes that have arrived and have not been read, and whether more can come.
struct ReceivedBytes {
    private var bytes: [UInt8] = []
    /// The peer has sent everything.
    private(set) var hasEnded = false

    /// Nothing has arrived, and more may come.
    var isQuiet: Bool { bytes.isEmpty && !hasEnded }

    /// Everything at once: bytes, or nil after the end. Without either, a reader must wait.
    mutating func take() -> Taken {
        guard bytes.isEmpty else {
            defer { bytes = [] }
            return .ready(bytes)
        }
        return hasEnded ? .ready(nil) : .nothing
    }

    enum Taken {
        case ready([UInt8]?)
        case nothing
    }

    mutating func append(_ more: [UInt8]) {
        if bytes.isEmpty { bytes = more } else { bytes += more }
    }

    /// The next reader gets these before everything else.
    mutating func putBack(_ earlier: [UInt8]) {
        if !earlier.isEmpty { bytes = earlier + bytes }
    }

    mutating func end() { hasEnded = true }

    mutating func discard() { bytes = [] }
}
