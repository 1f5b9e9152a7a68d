import Glibc

/// A pipe that wakes the thread that polls its reading end. Neither end blocks.
final class WakePipe: Sendable {
    let reading: Int32
    let writing: Int32

    init() throws(TerminalError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .system(call: "pipe", code: errno) }
        reading = ends[0]
        writing = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(writing)
        close(reading)
    }

    /// A full pipe wakes the reader as well as one more byte would.
    func wake(_ byte: UInt8 = 1) {
        var byte = byte
        _ = write(writing, &byte, 1)
    }

    /// Empties the pipe.
    func take() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        var bytes: [UInt8] = []
        while true {
            let count = read(reading, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}
