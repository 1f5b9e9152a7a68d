/// Bytes to send, in order. Sent bytes are dropped without moving the rest each time.
struct SendBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: [UInt8]) {
        if isEmpty {
            bytes = more
            start = 0
        } else {
            bytes += more
        }
    }

    /// Lends the unsent bytes to `send`, which returns how many went out.
    mutating func drain(_ send: (UnsafeRawBufferPointer) throws(SystemError) -> Int) throws(SystemError)
        -> Int
    {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try send(UnsafeRawBufferPointer(rebasing: buffer[start...])) }
        }
        let sent = try result.get()
        start += sent
        if isEmpty {
            removeAll()
        } else if start > 64 * 1024 && start > bytes.count / 2 {
            bytes.removeFirst(start)
            start = 0
        }
        return sent
    }

    mutating func removeAll() {
        bytes = []
        start = 0
    }
}
