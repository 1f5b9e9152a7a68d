/// Why the bytes of a message were refused. No case carries text of the peer.
public enum HTTPParseError: Error, Hashable, Sendable {
    /// The first line is not a status line of HTTP/1.
    case invalidStatusLine
    /// The first line is not a request line of HTTP/1.
    case invalidRequestLine
    /// An HTTP/1.1 request lacks `Host`, or a request has more than one, or one that names no host.
    case invalidHost
    /// A header or trailer line has no colon, a name that is not a token, or a forbidden character.
    case invalidField
    /// A carriage return stands alone.
    case bareCarriageReturn
    /// A line ends without a carriage return.
    case bareLineFeed
    /// `Content-Length` is not a number, is too large to count, or is given twice with different values.
    case invalidContentLength
    /// `Content-Length` and `Transfer-Encoding` are both present: a sign of smuggling (RFC 9112 section 6.3).
    case conflictingLengths
    /// There is a transfer coding other than a single `chunked`.
    case unsupportedTransferEncoding
    /// A chunk size is not a hexadecimal number, or is too large to count.
    case invalidChunkSize
    /// The data of a chunk is not followed by a line end.
    case invalidChunkEnd
    case lineTooLong(limit: Int)
    case headTooLong(limit: Int)
    case tooManyFields(limit: Int)
    /// The body exceeds the limit. An announced length is checked before anything is stored.
    case bodyTooLong(limit: Int)
    case tooManyInterimResponses(limit: Int)
    /// The connection ended in the middle of a response, or before one began (then `received` is 0).
    case unexpectedEnd(received: Int)
}
