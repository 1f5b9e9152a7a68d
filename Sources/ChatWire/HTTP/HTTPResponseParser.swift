/// Reads one response from the bytes of a connection (RFC 9112), in pieces of any size.
///
/// Make one parser per request: the method decides which responses have a body. Call ``receive(_:)`` with what was
/// read until it returns the response. The bytes that followed it, the first ones after an upgrade or a CONNECT, are
/// then in ``takeLeftover()``. Later bytes go there too, so take it before you read further. At the end of the
/// connection call ``receiveEndOfInput()``. Interim responses (1xx) are read and dropped, except 101, which is final.
///
/// A body that exceeds its limit is refused before it is stored. After an error every call throws the same error: the
/// connection is no longer usable.
public struct HTTPResponseParser: Sendable {
    /// How far the response has arrived; for timeouts by phase.
    public enum Progress: Hashable, Sendable {
        case waiting
        case head
        case body
        case complete
        case failed
    }

    private enum State {
        case statusLine
        case fields
        case body(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case bodyUntilEnd
        case complete
        case failed(HTTPParseError)
    }

    /// A field whose line has been read; following lines that begin with a space or a tab continue it.
    private struct OpenField {
        var name: [UInt8]
        var value: [UInt8]
    }

    private let method: HTTPMethod
    private let limits: HTTPLimits
    private var state = State.statusLine
    private var line: [UInt8] = []
    private var headLength = 0
    private var openField: OpenField?
    private var response = HTTPResponse(status: 0)
    private var interimCount = 0
    private var receivedCount = 0
    private var endsWithConnection = false
    private var leftover: [UInt8] = []
    private var hadLeftover = false

    /// A parser for the response to a request of this method.
    public init(method: HTTPMethod, limits: HTTPLimits = .standard) {
        self.method = method
        self.limits = limits
    }

    public var progress: Progress {
        switch state {
        case .statusLine: receivedCount == 0 ? .waiting : .head
        case .fields: .head
        case .body, .chunkSize, .chunkData, .chunkEnd, .trailers, .bodyUntilEnd: .body
        case .complete: .complete
        case .failed: .failed
        }
    }

    /// Whether the connection can carry another request: the response is complete, its own framing marked its end,
    /// nothing followed it, and the peer keeps the connection (RFC 9112 section 9.3).
    public var connectionIsReusable: Bool {
        guard case .complete = state, !endsWithConnection, !hadLeftover, response.status != 101,
            !(method == .connect && response.status / 100 == 2)
        else { return false }
        if response.headers.hasListMember("Connection", "close") { return false }
        return response.version == .http11 || response.headers.hasListMember("Connection", "keep-alive")
    }

    /// The bytes that came after the response. They are returned once.
    public mutating func takeLeftover() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &leftover)
        return taken
    }

    /// Takes the next bytes. Returns the response once, when it is complete.
    public mutating func receive(_ bytes: [UInt8]) throws(HTTPParseError) -> HTTPResponse? {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(HTTPParseError) in try receive(buffer) }
        }
        return try result.get()
    }

    /// Takes the next bytes. Returns the response once, when it is complete.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPParseError) -> HTTPResponse? {
        receivedCount = receivedCount.addingReportingOverflow(bytes.count).partialValue
        if case .complete = state {
            keepLeftover(bytes)
            return nil
        }
        do throws(HTTPParseError) {
            var input = bytes
            try advance(&input)
            guard case .complete = state else { return nil }
            keepLeftover(input)
            return response
        } catch {
            state = .failed(error)
            line = []
            response.body = []
            throw error
        }
    }

    /// Tells the parser that the connection has ended. Returns the response when the end of input ends its body.
    public mutating func receiveEndOfInput() throws(HTTPParseError) -> HTTPResponse? {
        switch state {
        case .complete:
            return nil
        case .bodyUntilEnd:
            state = .complete
            return response
        case .failed(let error):
            throw error
        default:
            let error = HTTPParseError.unexpectedEnd(received: receivedCount)
            state = .failed(error)
            throw error
        }
    }

    private mutating func keepLeftover(_ bytes: UnsafeRawBufferPointer) {
        leftover.append(contentsOf: bytes)
        hadLeftover = hadLeftover || !bytes.isEmpty
    }

    private mutating func advance(_ input: inout UnsafeRawBufferPointer) throws(HTTPParseError) {
        while true {
            switch state {
            case .complete:
                return
            case .failed(let error):
                throw error
            case .body(let remaining):
                guard takeBody(upTo: remaining, from: &input, rest: { .body(remaining: $0) }) else { return }
                state = .complete
            case .chunkData(let remaining):
                guard takeBody(upTo: remaining, from: &input, rest: { .chunkData(remaining: $0) }) else {
                    return
                }
                state = .chunkEnd
            case .bodyUntilEnd:
                guard input.count <= limits.bodyLength - response.body.count else {
                    throw .bodyTooLong(limit: limits.bodyLength)
                }
                _ = takeBody(upTo: input.count, from: &input, rest: { _ in .bodyUntilEnd })
                return
            case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers:
                guard try takeLine(&input) else { return }
                try readLine()
                line.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Moves up to `remaining` bytes into the body. Returns whether all of them were available; otherwise the new
    /// state is the result of `rest`, called with the number that is still missing.
    private mutating func takeBody(
        upTo remaining: Int, from input: inout UnsafeRawBufferPointer, rest: (Int) -> State
    ) -> Bool {
        let count = min(remaining, input.count)
        response.body.append(contentsOf: UnsafeRawBufferPointer(rebasing: input.prefix(count)))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
        guard count < remaining else { return true }
        state = rest(remaining - count)
        return false
    }

    /// Collects a line without its end in `line`; false when its end has not arrived yet.
    private mutating func takeLine(_ input: inout UnsafeRawBufferPointer) throws(HTTPParseError) -> Bool {
        let end = input.firstIndex(of: 0x0A)
        let part = UnsafeRawBufferPointer(rebasing: input[..<(end ?? input.endIndex)])
        guard part.count <= limits.lineLength - line.count else {
            throw .lineTooLong(limit: limits.lineLength)
        }
        line.append(contentsOf: part)
        input = UnsafeRawBufferPointer(rebasing: input[(end.map { $0 + 1 } ?? input.endIndex)...])
        guard end != nil else { return false }
        // A line feed alone counts as a line end too (RFC 9112 section 2.2).
        if line.last == 0x0D { line.removeLast() }
        guard !line.contains(0x0D) else { throw .bareCarriageReturn }
        return true
    }

    private mutating func readLine() throws(HTTPParseError) {
        switch state {
        case .statusLine:
            try countHead()
            try readStatusLine()
            state = .fields
        case .fields:
            try countHead()
            if try readField(into: \.headers) { try finishHead() }
        case .trailers:
            try countHead()
            if try readField(into: \.trailers) { state = .complete }
        case .chunkSize:
            try readChunkSize()
        case .chunkEnd:
            guard line.isEmpty else { throw .invalidChunkEnd }
            state = .chunkSize
        case .body, .chunkData, .bodyUntilEnd, .complete, .failed:
            preconditionFailure("no line is read in this state")
        }
    }

    private mutating func countHead() throws(HTTPParseError) {
        headLength += line.count + 2
        guard headLength <= limits.headLength else { throw .headTooLong(limit: limits.headLength) }
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason]` (RFC 9112 section 4; the last space may be missing).
    private mutating func readStatusLine() throws(HTTPParseError) {
        guard line.count >= 12, line.starts(with: "HTTP/1.".utf8), line[8] == 0x20,
            let minor = Self.digit(line[7]), let hundreds = Self.digit(line[9]),
            let tens = Self.digit(line[10]), let units = Self.digit(line[11]), hundreds > 0,
            line.count == 12 || line[12] == 0x20, HTTPSyntax.isFieldValue(line)
        else { throw .invalidStatusLine }
        response = HTTPResponse(
            status: hundreds * 100 + tens * 10 + units,
            reason: String(decoding: line.dropFirst(13), as: UTF8.self),
            version: minor == 0 ? .http10 : .http11)
    }

    /// Reads one line of a field section. Returns true when it was the empty line that ends the section.
    private mutating func readField(
        into section: WritableKeyPath<HTTPResponse, HTTPHeaders>
    ) throws(HTTPParseError) -> Bool {
        if let first = line.first, HTTPSyntax.isBlank(first) {
            // Obsolete line folding counts as one space (RFC 9112 section 5.2).
            guard openField != nil else { throw .invalidField }
            openField?.value.append(0x20)
            openField?.value.append(contentsOf: line)
            return false
        }
        try closeField(into: section)
        guard !line.isEmpty else { return true }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .invalidField }
        openField = OpenField(name: Array(line[..<colon]), value: Array(line[(colon + 1)...]))
        return false
    }

    private mutating func closeField(
        into section: WritableKeyPath<HTTPResponse, HTTPHeaders>
    ) throws(HTTPParseError) {
        guard let field = openField else { return }
        openField = nil
        guard response[keyPath: section].count < limits.fieldCount else {
            throw .tooManyFields(limit: limits.fieldCount)
        }
        do {
            try response[keyPath: section].add(
                String(decoding: field.name, as: UTF8.self), String(decoding: field.value, as: UTF8.self))
        } catch {
            throw .invalidField
        }
    }

    /// Decides how the body is framed (RFC 9112 section 6.3).
    private mutating func finishHead() throws(HTTPParseError) {
        headLength = 0
        let status = response.status
        if status < 200 && status != 101 {
            interimCount += 1
            guard interimCount <= limits.interimResponses else {
                throw .tooManyInterimResponses(limit: limits.interimResponses)
            }
            state = .statusLine
        } else if status == 101 || status == 204 || status == 304 || method == .head
            || (method == .connect && status / 100 == 2)
        {
            state = .complete
        } else if response.headers["Transfer-Encoding"] != nil {
            guard response.headers["Content-Length"] == nil else { throw .conflictingLengths }
            let codings = response.headers.listMembers("Transfer-Encoding")
            guard response.version == .http11, codings.count == 1,
                HTTPSyntax.equalIgnoringCase(codings[0], "chunked")
            else { throw .unsupportedTransferEncoding }
            state = .chunkSize
        } else if let length = try contentLength() {
            guard length <= limits.bodyLength else { throw .bodyTooLong(limit: limits.bodyLength) }
            state = length == 0 ? .complete : .body(remaining: length)
        } else {
            endsWithConnection = true
            state = .bodyUntilEnd
        }
    }

    private func contentLength() throws(HTTPParseError) -> Int? {
        let values = response.headers.values("Content-Length")
        guard !values.isEmpty else { return nil }
        // The same length given twice, in two fields or in one list, is allowed (RFC 9110 section 8.6).
        let members = values.flatMap {
            $0.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        var length: Int?
        for member in members {
            let digits = HTTPSyntax.trimmed(String(Substring(member))).utf8
            guard let value = Self.decimal(digits), length == nil || length == value else {
                throw .invalidContentLength
            }
            length = value
        }
        return length
    }

    private mutating func readChunkSize() throws(HTTPParseError) {
        let size = try HTTPSyntax.chunkSize(line)
        guard size <= limits.bodyLength - response.body.count else {
            throw .bodyTooLong(limit: limits.bodyLength)
        }
        state = size == 0 ? .trailers : .chunkData(remaining: size)
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty else { return nil }
        var value = 0
        for byte in digits {
            guard let digit = digit(byte) else { return nil }
            let (shifted, tooLong) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = shifted.addingReportingOverflow(digit)
            guard !tooLong, !overflow else { return nil }
            value = sum
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
