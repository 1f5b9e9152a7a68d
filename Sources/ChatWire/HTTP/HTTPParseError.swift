/// Why the bytes of a message were refused. None of the cases carries text of the peer.
public enum HTTPParseError: Error, Hashable, Sendable {
    /// The first line is no status line of HTTP/1.
    case invalidStatusLine
    /// The first line is no request line of HTTP/1.
    case invalidRequestLine
    /// A request of HTTP/1.1 without `Host`, or any with more than one or with one that names no host.
    case invalidHost
    /// A header or trailer line has no colon, a name that is no token, or a forbidden character.
    case invalidField
    /// A carriage return stands alone.
    case bareCarriageReturn
    /// A line ends without a carriage return.
    case bareLineFeed
    /// `Content-Length` is no number, is too large to count, or is given twice with different values.
    case invalidContentLength
    /// Both `Content-Length` and `Transfer-Encoding` are there: a sign of smuggling (RFC 9112 section 6.3).
    case conflictingLengths
    /// A transfer coding other than `chunked` alone.
    case unsupportedTransferEncoding
    /// A chunk size is no hexadecimal number or too large to count.
    case invalidChunkSize
    /// The data of a chunk is not followed by a line end.
    case invalidChunkEnd
    case lineTooLong(limit: Int)
    case headTooLong(limit: Int)
    case tooManyFields(limit: Int)
    /// Found from the announced length before anything is kept, else when the limit is passed.
    case bodyTooLong(limit: Int)
    case tooManyInterimResponses(limit: Int)
    /// The connection ended in the middle of a response, or before one began (`received` is 0).
    case unexpectedEnd(received: Int)
}
