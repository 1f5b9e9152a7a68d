import ChatWire

extension HTTPResponseParser {
    /// Takes the result of a read, `nil` for the end of the stream. Returns the response when it is complete.
    mutating func advance(_ bytes: [UInt8]?, from endpoint: String) throws(NetError) -> HTTPResponse? {
        do throws(HTTPParseError) {
            guard let bytes else { return try receiveEndOfInput() }
            return try receive(bytes)
        } catch .unexpectedEnd {
            throw .closed(endpoint: endpoint)
        } catch {
            throw .invalidResponse(error, endpoint: endpoint)
        }
    }
}
