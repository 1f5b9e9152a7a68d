/// A request to a push endpoint.
struct PushRequest: Equatable, Sendable {
    var method: String
    var target: String
    /// Keyed by name in lower case; the last of equal names wins.
    var headers: [String: String]
    var body: [UInt8]
}

/// Splits a byte stream into requests. Each body has a known length, as push services send it. The parser does no I/O.
struct PushRequestParser: Sendable {
    enum ParseError: Error, Equatable {
        /// The bytes are not an HTTP/1.1 request, or its length is unknown.
        case malformed
        /// The head or the body is longer than any push has.
        case tooLong
    }

    private var buffer: [UInt8] = []
    /// The number of bytes at the front of the buffer that contain no end of a head.
    private var searched = 0
    private var head: (request: PushRequest, length: Int)?

    /// In bytes.
    static let headLengthMax = 16 * 1024
    /// In bytes. Push services accept 4096.
    static let bodyLengthMax = 8 * 1024

    mutating func receive(_ bytes: some Collection<UInt8>) { buffer += bytes }

    /// The next request; nil until it is complete.
    mutating func next() throws(ParseError) -> PushRequest? {
        if head == nil { head = try readHead() }
        guard let (request, length) = head, buffer.count >= length else { return nil }
        var complete = request
        complete.body = Array(buffer[..<length])
        buffer.removeFirst(length)
        head = nil
        return complete
    }

    private mutating func readHead() throws(ParseError) -> (PushRequest, Int)? {
        guard let end = endOfHead() else {
            guard buffer.count <= Self.headLengthMax else { throw .tooLong }
            return nil
        }
        guard end <= Self.headLengthMax else { throw .tooLong }
        let text = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 4)
        searched = 0
        // Swift treats "\r\n" as one character, which is right here.
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else { throw .malformed }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { throw .malformed }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers[line[..<colon].lowercased()] = String(value)
        }
        guard headers["transfer-encoding"] == nil else { throw .malformed }
        var length = 0
        if let text = headers["content-length"] {
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
                throw .malformed
            }
            guard number <= Self.bodyLengthMax else { throw .tooLong }
            length = number
        }
        let request = PushRequest(
            method: String(words[0]), target: String(words[1]), headers: headers, body: [])
        return (request, length)
    }

    private mutating func endOfHead() -> Int? {
        guard buffer.count >= searched + 4 else { return nil }
        for index in searched...(buffer.count - 4)
        where buffer[index] == 0x0D && buffer[index + 1] == 0x0A && buffer[index + 2] == 0x0D
            && buffer[index + 3] == 0x0A
        {
            return index
        }
        searched = buffer.count - 3
        return nil
    }
}
