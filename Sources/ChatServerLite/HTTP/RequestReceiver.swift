import ChatWire
import NIOCore

/// Cuts the bytes that a connection receives into the parts of its requests. It knows no channel.
struct RequestReceiver {
    enum Part {
        case head(HTTPRequestHead)
        /// A piece of the body. It shares the memory that it was received in.
        case body(ByteBuffer)
        case end
    }

    private var parser = HTTPRequestParser()
    private var input = ByteBuffer()

    /// Bytes that have been received and not been decoded.
    var waitingBytes: Int { input.readableBytes }

    /// Whether a request has begun and has not ended.
    var isInsideRequest: Bool { parser.isInsideRequest }

    mutating func append(_ bytes: ByteBuffer) {
        guard input.readableBytes > 0 else { return input = bytes }
        var bytes = bytes
        input.writeBuffer(&bytes)
    }

    /// The next part; nil when more bytes are needed.
    mutating func next() throws(HTTPParseError) -> Part? {
        var position = 0
        let result = input.withUnsafeReadableBytes { bytes in
            Result { () throws(HTTPParseError) in try parser.next(in: bytes, at: &position) }
        }
        switch try result.get() {
        case .head(let head)?:
            input.moveReaderIndex(forwardBy: position)
            return .head(head)
        case .body(let range)?:
            let piece = input.getSlice(at: input.readerIndex + range.lowerBound, length: range.count)
            input.moveReaderIndex(forwardBy: range.upperBound)
            return .body(piece ?? ByteBuffer())
        case .end?:
            input.moveReaderIndex(forwardBy: position)
            return .end
        case nil:
            input.moveReaderIndex(forwardBy: position)
            return nil
        }
    }

    /// The bytes that have not been decoded, which it keeps no longer.
    mutating func takeRest() -> ByteBuffer {
        defer { input = ByteBuffer() }
        return input
    }

    /// Lets go of the memory that the channel reads into, once everything in it has been decoded.
    mutating func releaseMemory() {
        if input.readableBytes == 0 { input = ByteBuffer() }
    }
}

/// The body of one request while it is being received.
struct RequestBody {
    /// The most bytes that it may have.
    private let limit: Int
    private var buffer: ByteBuffer?

    init(limit: Int) { self.limit = limit }

    /// All of it.
    var bytes: [UInt8] { buffer.map { Array($0.readableBytesView) } ?? [] }

    /// - Throws: `bodyTooLarge`; or `overloaded` when the server holds too much for this address, or for all of them.
    mutating func append(
        _ piece: ByteBuffer, countedIn account: inout BodyAccount, _ allocator: ByteBufferAllocator
    ) throws(RouteError) {
        let count = piece.readableBytes
        guard (buffer?.readableBytes ?? 0) + count <= limit else { throw .bodyTooLarge }
        guard account.take(count) else { throw .overloaded }
        // A copy: the slice would keep everything that came with it.
        if buffer == nil { buffer = allocator.buffer(capacity: count) }
        buffer?.writeImmutableBuffer(piece)
    }
}

/// The bytes that one connection makes the server keep as bodies, until each is answered.
struct BodyAccount {
    private let budget: ByteBudget<String>
    private let address: String
    private var bytes = 0

    init(_ budget: ByteBudget<String>, address: String) {
        self.budget = budget
        self.address = address
    }

    mutating func take(_ count: Int) -> Bool {
        guard budget.take(count, for: address) else { return false }
        bytes += count
        return true
    }

    mutating func giveAll() {
        budget.give(bytes, of: address)
        bytes = 0
    }
}
