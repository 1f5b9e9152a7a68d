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

    /// A failure in the API's envelope.
    static func failure(_ message: String, status: Int) -> RouteResponse {
        RouteResponse(status: status, body: Envelope.failure(message: message))
    }
}
