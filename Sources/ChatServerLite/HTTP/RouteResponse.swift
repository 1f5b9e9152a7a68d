import ChatWire

/// What a route answers.
struct RouteResponse: Equatable, Sendable {
    var status: Int
    var body: [UInt8]
    var contentType = "application/json"
    /// The methods of the path, for `Allow`.
    var allowedMethods: [String] = []
    var crossOrigin = CrossOrigin.api
    /// Fields beside those that every answer has.
    var headers = HTTPHeaders()
    /// What has been counted for the body, until the peer has taken it.
    var hold: ByteHold?
    /// Ends the connection after the answer.
    var closesConnection = false

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// A success in the API's envelope.
    static func success(_ message: String = "Success", status: Int = 200) -> RouteResponse {
        RouteResponse(status: status, body: Envelope.success(message: message))
    }

    /// A success with data.
    static func success(
        _ message: String = "Success", status: Int = 200, data: (inout JSONWriter) -> Void
    ) -> RouteResponse {
        RouteResponse(status: status, body: Envelope.success(message: message, data: data))
    }

    /// A failure in the API's envelope.
    static func failure(_ message: String, status: Int) -> RouteResponse {
        RouteResponse(status: status, body: Envelope.failure(message: message))
    }

    /// An answer without the envelope.
    static func plain(status: Int = 200, _ write: (inout JSONWriter) -> Void) -> RouteResponse {
        var writer = JSONWriter()
        write(&writer)
        return RouteResponse(status: status, body: writer.finished())
    }
}
