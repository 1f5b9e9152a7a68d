import ChatWire

/// The answer of a route.
struct RouteResponse: Equatable, Sendable {
    var status: Int
    var body: [UInt8]
    var contentType = "application/json"
    /// The methods of the path, for `Allow`.
    var allowedMethods: [String] = []
    var crossOrigin = CrossOrigin.api
    /// Header fields in addition to those of every answer.
    var headers = HTTPHeaders()
    /// Counts the body's bytes until the peer has read them.
    var hold: ByteHold?
    /// Whether the connection ends after the answer.
    var closesConnection = false

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// A failure in the API's envelope.
    static func failure(_ message: String, status: Int) -> RouteResponse {
        RouteResponse(status: status, body: Envelope.failure(message: message))
    }

    /// A failure in the words of the API.
    static func failure(_ problem: RequestProblem, status: Int) -> RouteResponse {
        failure(problem.message, status: status)
    }
}
