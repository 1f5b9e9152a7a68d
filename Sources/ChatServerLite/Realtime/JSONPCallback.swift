import ChatWire

/// The function to which a page of the time before CORS wants the packets handed (`j` in the query). The real
/// server still knows it.
struct JSONPCallback: Sendable {
    private let number: Int

    /// Nil when the text is no number; nothing else may get into the script.
    init?(_ text: String) {
        guard let number = Int(text), number >= 0 else { return nil }
        self.number = number
    }

    /// The answer as a call of the function; a refusal stays what it is.
    func wrap(_ response: RouteResponse) -> RouteResponse {
        guard response.status == 200 else { return response }
        let payload = JSONValue.string(String(decoding: response.body, as: UTF8.self)).serialized()
        var wrapped = response
        wrapped.body = Array("___eio[\(number)](".utf8) + payload + Array(");".utf8)
        return wrapped
    }
}
