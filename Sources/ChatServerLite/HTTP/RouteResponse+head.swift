import ChatWire
import NIOCore

extension RouteResponse {
    /// Writes the status line and the header fields of the answer to `request`, with the empty line behind them.
    func writeHead(
        to request: HTTPRequestHead, keepsAlive: Bool, of service: HTTPService, into answer: inout ByteBuffer
    ) {
        answer.writeStaticString(request.version == .http10 ? "HTTP/1.0 " : "HTTP/1.1 ")
        answer.writeString(String(status))
        answer.writeStaticString(" ")
        answer.writeStaticString(HTTPStatus.reason(of: status))
        answer.writeStaticString("\r\n")
        answer.writeField("Content-Type", contentType)
        answer.writeField("Content-Length", String(body.count))
        let asked = CrossOrigin.Request(
            origin: request.headers["Origin"],
            wantedFields: request.headers["Access-Control-Request-Headers"],
            isPreflight: request.method == HTTPMethod.options.rawValue)
        for field in crossOrigin.fields(
            for: asked, allowed: service.allowedOrigins, asRecorded: service.allowsOriginsAsRecorded)
        {
            answer.writeField(field.name, field.value)
        }
        if !allowedMethods.isEmpty { answer.writeField("Allow", allowedMethods.joined(separator: ", ")) }
        for field in headers.fields { answer.writeField(field.name, field.value) }
        // All answers are of the moment, and many are somebody's own (RFC 9111 section 5.2.2.5).
        answer.writeStaticString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
        answer.writeField("Date", WireDate.http(ServerClock.now()))
        if !keepsAlive {
            answer.writeStaticString("Connection: close\r\n")
        } else if request.version == .http10 {
            answer.writeStaticString("Connection: keep-alive\r\n")
        }
        answer.writeStaticString("\r\n")
    }
}

extension ByteBuffer {
    fileprivate mutating func writeField(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }
}
