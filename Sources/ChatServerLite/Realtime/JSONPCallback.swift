import ChatWire

/// The JavaScript function that an old page, written before CORS, wants its packets passed to (`j` in the
/// query). The real server still supports it.
struct JSONPCallback: Sendable {
    private let number: Int

    /// Nil when the text is not a number. Only a number may get into the script.
    init?(_ text: String) {
        guard let number = Int(text), number >= 0 else { return nil }
        self.number = number
    }

    /// The answer as a call of the function. A refusal stays as it is.
    func wrap(_ response: RouteResponse) -> RouteResponse {
        guard response.status == 200 else { return response }
        let payload = JSONValue.string(String(decoding: response.body, as: UTF8.self)).serialized()
        var wrapped = response
        wrapped.body = Array("___eio[\(number)](".utf8) + payload + Array(");".utf8)
        return wrapped
    }
}
