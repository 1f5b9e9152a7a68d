/// Reads the requests of one connection, one after the other (RFC 9112), in pieces of any size.
///
/// Call ``next(in:at:)`` until it returns nil, then read more. It returns a head, the pieces of the body, and an end;
/// then the next request begins. It stops after each part. So a caller that answers a request before it reads on
/// decides what to do with the following bytes: they may belong to another protocol.
///
/// The parser is strict, because a difference to the proxy before it allows smuggling. Lines end with CR LF, no space
/// precedes a colon, no line is folded, a body has one length, and the coding is `chunked` or none. After an error it
/// throws the same error again.
public struct HTTPRequestParser: Sendable {
    public enum Part: Hashable, Sendable {
        case head(HTTPRequestHead)
        /// A piece of the body: its range in the given bytes.
        case body(Range<Int>)
        case end
    }

    private enum State {
        case requestLine
        case fields
        case body(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case failed(HTTPParseError)
    }

    private let limits: HTTPLimits
    private var state = State.requestLine
    private var line: [UInt8] = []
    private var headLength = 0
    private var fieldCount = 0
    private var head = HTTPRequestHead(method: "", target: "")

    /// The body has no limit here: the caller counts the pieces.
    public init(limits: HTTPLimits = .standard) { self.limits = limits }

    /// Whether a request has begun and not ended.
    public var isInsideRequest: Bool {
        if case .requestLine = state { return !line.isEmpty }
        return true
    }

    /// The next part that begins at `position`, which advances past what was read; nil when more bytes are needed.
    public mutating func next(
        in bytes: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HTTPParseError) -> Part? {
        do throws(HTTPParseError) {
            while true {
                switch state {
                case .failed(let error): throw error
                case .body(let remaining):
                    guard let range = take(remaining, of: bytes, at: &position) else { return nil }
                    state = .body(remaining: remaining - range.count)
                    if range.isEmpty { return finish() }
                    return .body(range)
                case .chunkData(let remaining):
                    guard let range = take(remaining, of: bytes, at: &position) else { return nil }
                    state =
                        remaining == range.count ? .chunkEnd : .chunkData(remaining: remaining - range.count)
                    return .body(range)
                case .requestLine, .fields, .chunkSize, .chunkEnd, .trailers:
                    guard try takeLine(of: bytes, at: &position) else { return nil }
                    let part = try readLine()
                    line.removeAll(keepingCapacity: true)
                    if let part { return part }
                }
            }
        } catch {
            state = .failed(error)
            line = []
            throw error
        }
    }

    /// Up to `count` bytes; nil when bytes are missing and none are available.
    private func take(
        _ count: Int, of bytes: UnsafeRawBufferPointer, at position: inout Int
    ) -> Range<Int>? {
        let length = min(count, bytes.count - position)
        guard length > 0 || count == 0 else { return nil }
        defer { position += length }
        return position..<(position + length)
    }

    /// Collects a line without its end in `line`; false when its end has not arrived yet.
    private mutating func takeLine(
        of bytes: UnsafeRawBufferPointer, at position: inout Int
    ) throws(HTTPParseError) -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
        let end = rest.firstIndex(of: 0x0A)
        let part = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.endIndex)])
        guard part.count <= limits.lineLength - line.count else {
            throw .lineTooLong(limit: limits.lineLength)
        }
        line.append(contentsOf: part)
        position += part.count
        guard end != nil else { return false }
        position += 1
        guard line.last == 0x0D else { throw .bareLineFeed }
        line.removeLast()
        guard !line.contains(0x0D) else { throw .bareCarriageReturn }
        return true
    }

    private mutating func readLine() throws(HTTPParseError) -> Part? {
        switch state {
        case .requestLine:
            try countHead()
            // Empty lines before a request are skipped (RFC 9112 section 2.2).
            guard !line.isEmpty else { return nil }
            try readRequestLine()
            state = .fields
        case .fields:
            try countHead()
            guard line.isEmpty else {
                let field = try readField()
                head.headers.append(field)
                return nil
            }
            return try finishHead()
        case .trailers:
            try countHead()
            guard line.isEmpty else {
                _ = try readField()
                return nil
            }
            return finish()
        case .chunkSize:
            let size = try HTTPSyntax.chunkSize(line)
            state = size == 0 ? .trailers : .chunkData(remaining: size)
        case .chunkEnd:
            guard line.isEmpty else { throw .invalidChunkEnd }
            state = .chunkSize
        case .body, .chunkData, .failed:
            preconditionFailure("no line is read in this state")
        }
        return nil
    }

    private mutating func finish() -> Part {
        state = .requestLine
        (headLength, fieldCount) = (0, 0)
        return .end
    }

    private mutating func countHead() throws(HTTPParseError) {
        headLength += line.count + 2
        guard headLength <= limits.headLength else { throw .headTooLong(limit: limits.headLength) }
    }

    /// `method SP target SP HTTP/1.x` (RFC 9112 section 3).
    private mutating func readRequestLine() throws(HTTPParseError) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, HTTPSyntax.isToken(parts[0]), parts[0].count <= Self.methodLengthMax,
            !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }), parts[2].count == 8,
            parts[2].starts(with: "HTTP/1.".utf8), let minor = parts[2].last,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(minor)
        else { throw .invalidRequestLine }
        head = HTTPRequestHead(
            method: String(decoding: parts[0], as: UTF8.self),
            target: String(decoding: parts[1], as: UTF8.self),
            version: minor == UInt8(ascii: "0") ? .http10 : .http11)
    }

    /// The longest registered method has 17 letters.
    private static let methodLengthMax = 32

    private mutating func readField() throws(HTTPParseError) -> HTTPHeaders.Field {
        fieldCount += 1
        guard fieldCount <= limits.fieldCount else { throw .tooManyFields(limit: limits.fieldCount) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .invalidField }
        do {
            return try HTTPHeaders.Field(
                name: String(decoding: line[..<colon], as: UTF8.self),
                value: String(decoding: line[(colon + 1)...], as: UTF8.self))
        } catch {
            throw .invalidField
        }
    }

    /// Checks the host, and decides how the body is framed (RFC 9112 sections 3.2 and 6.3).
    private mutating func finishHead() throws(HTTPParseError) -> Part {
        (headLength, fieldCount) = (0, 0)
        let hosts = head.headers.values("Host")
        guard hosts.count <= 1, hosts.count == 1 || head.version == .http10,
            hosts.allSatisfy({ HTTPSyntax.isHost($0) })
        else { throw .invalidHost }
        let lengths = head.headers.values("Content-Length")
        let codings = head.headers.values("Transfer-Encoding")
        guard codings.isEmpty else {
            guard lengths.isEmpty else { throw .conflictingLengths }
            guard codings.count == 1, HTTPSyntax.equalIgnoringCase(codings[0], "chunked") else {
                throw .unsupportedTransferEncoding
            }
            // A proxy that speaks 1.0 may have forwarded the field without understanding it (section 6.1).
            head.endsConnection = head.version == .http10
            head.bodyLength = nil
            state = .chunkSize
            return .head(head)
        }
        let length = try Self.contentLength(lengths)
        head.bodyLength = length
        state = .body(remaining: length)
        return .head(head)
    }

    private static func contentLength(_ values: [String]) throws(HTTPParseError) -> Int {
        guard let value = values.first else { return 0 }
        guard values.count == 1, !value.isEmpty,
            value.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { throw .invalidContentLength }
        // The value consists of digits, so this fails only for a number that is too large.
        guard let length = Int(value) else { throw .bodyTooLong(limit: .max) }
        return length
    }
}
