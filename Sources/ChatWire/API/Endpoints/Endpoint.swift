/// A REST endpoint, declared once for both ends. The client makes its calls from the declaration, and the server's router
/// its routes, so neither can misspell a path or a member.
public protocol Endpoint: Sendable {
    /// The number in the path, or Void.
    associatedtype Parameter: Sendable
    /// What a success returns.
    associatedtype Answer: Sendable
    /// What the endpoint does, in one sentence.
    static var summary: String { get }
    static var method: HTTPMethod { get }
    static var path: EndpointPath<Parameter> { get }
    /// The items of the query.
    static var query: [QueryDescription] { get }
    /// The members of the request's JSON object; a request without members has no body.
    static var body: [FieldDescription] { get }
    /// The longest body that a server reads, in bytes.
    static var bodyBytesMax: Int { get }
    /// The form of a success.
    static var answer: AnswerFormat<Answer> { get }
    /// The HTTP status of a success.
    static var successStatus: Int { get }
    /// The refusals of this endpoint, beside those that any endpoint may answer with.
    static var refusals: [Refusal] { get }
    /// Whether the server refuses the request without a token.
    static var needsToken: Bool { get }
    /// The extension that the endpoint belongs to; nil when every server has it.
    static var capability: Capability? { get }
}

extension Endpoint {
    public static var query: [QueryDescription] { [] }
    public static var body: [FieldDescription] { [] }
    public static var bodyBytesMax: Int { API.smallBodyBytesMax }
    public static var successStatus: Int { 200 }
    public static var refusals: [Refusal] { [] }
    public static var capability: Capability? { nil }
}

/// An endpoint that anybody may call.
public protocol OpenEndpoint: Endpoint {}

extension OpenEndpoint {
    public static var needsToken: Bool { false }
}

/// An endpoint for users who are signed in.
public protocol AccountEndpoint: Endpoint {}

extension AccountEndpoint {
    public static var needsToken: Bool { true }
}

// MARK: - The parts of a request

/// The path of an endpoint: fixed, or with a number at its end.
public struct EndpointPath<Parameter: Sendable>: Sendable {
    /// The path, up to the number.
    private let prefix: String
    /// What the number means; nil when there is none.
    public let summary: String?
    private let parameter: @Sendable ([Int64]) -> Parameter
    private let suffix: @Sendable (Parameter) -> String

    /// The path as routers compare it; `#` stands for the number.
    public var pattern: String { summary == nil ? prefix : prefix + "#" }

    /// The path for this number.
    public func text(for parameter: Parameter) -> String { prefix + suffix(parameter) }

    /// The number of a path that fits the pattern.
    /// - Parameter numbers: The numbers in that path, in order.
    public func parameter(from numbers: [Int64]) -> Parameter { parameter(numbers) }
}

extension EndpointPath where Parameter == Void {
    /// A path without a number.
    init(_ path: String) {
        prefix = path
        summary = nil
        parameter = { _ in }
        suffix = { _ in "" }
    }
}

extension EndpointPath where Parameter: NumericID {
    /// A path that ends in a number.
    init(_ prefix: String, _ summary: String) {
        self.prefix = prefix
        self.summary = summary
        parameter = { Parameter($0[0]) }
        suffix = { String($0.rawValue) }
    }
}

/// An item of a query: its name, the type of its value, and what it means.
public struct QueryItem<Value: Sendable>: Sendable {
    /// The name in the query.
    public let name: String
    /// What the value means, with its unit and its limits.
    public let summary: String
    /// The extension that the item belongs to; nil when every server has it.
    public let capability: Capability?

    init(_ name: String, _ summary: String, capability: Capability? = nil) {
        self.name = name
        self.summary = summary
        self.capability = capability
    }
}

extension QueryItem where Value: WireScalar {
    /// The item with this value, percent-encoded; nil without one.
    func callAsFunction(_ value: Value?) -> String? {
        value.flatMap { String(lenient: $0.json) }.map { name + "=" + PercentEncoding.queryValue($0) }
    }

    /// The declaration as data.
    public var description: QueryDescription {
        QueryDescription(name: name, summary: summary, schema: Value.schema, capability: capability)
    }
}

/// The item that limits the length of a list.
public struct QueryLimit: Sendable {
    public let item: QueryItem<Int>
    /// The limit without the item.
    public let standard: Int
    /// The highest limit; a server treats higher ones as this one.
    public let maximum: Int

    init(_ summary: String, standard: Int, maximum: Int) {
        item = QueryItem("limit", summary)
        self.standard = standard
        self.maximum = maximum
    }

    /// The declaration as data.
    public var description: QueryDescription {
        var description = item.description
        description.standard = standard
        description.maximum = maximum
        return description
    }
}

/// An item of a query as data, from which the API can be described in another language.
public struct QueryDescription: Hashable, Sendable {
    public var name: String
    /// What the value means, with its unit and its limits.
    public var summary: String
    public var schema: WireSchema
    /// The value without the item.
    public var standard: Int?
    /// The highest value.
    public var maximum: Int?
    public var capability: Capability?
}

// MARK: - The answer

/// The form of a success, with both codecs.
public struct AnswerFormat<Answer: Sendable>: Sendable {
    /// The members of the answer's `data`, or of the answer without an envelope.
    public let members: [FieldDescription]
    /// Whether the answer comes in an `Envelope`.
    public let isEnveloped: Bool
    /// Reads the `data` of the envelope (null when there is none), or the whole answer when it has no envelope.
    let read: @Sendable (JSONValue) throws(APIError) -> Answer
    /// Writes the members.
    public let writeMembers: @Sendable (Answer, inout JSONWriter) -> Void
}

extension AnswerFormat where Answer == Void {
    /// A success that gives nothing but the server's words.
    static var nothing: AnswerFormat {
        AnswerFormat(members: [], isEnveloped: true, read: { _ in }, writeMembers: { _, _ in })
    }
}

extension AnswerFormat where Answer: WireValue {
    /// One member of `data`.
    static func member(_ field: Field<Answer>, as form: WireForm = .object) -> AnswerFormat {
        AnswerFormat(
            members: [field.description], isEnveloped: true,
            read: { (json) throws(APIError) in try JSONFields(json, "data")[field] },
            writeMembers: { answer, writer in writer.member(field, answer, as: form) })
    }
}

extension AnswerFormat where Answer: WireObject {
    /// The whole `data`.
    static var data: AnswerFormat { whole(isEnveloped: true) }

    /// The whole answer, which has no envelope.
    static var plain: AnswerFormat { whole(isEnveloped: false) }

    private static func whole(isEnveloped: Bool) -> AnswerFormat {
        AnswerFormat(
            members: Answer.members, isEnveloped: isEnveloped,
            read: { (json) throws(APIError) in try Answer(json: json) },
            writeMembers: { answer, writer in answer.writeMembers(to: &writer, as: .object) })
    }
}

// MARK: - The client's end

extension Endpoint {
    /// A call of the endpoint.
    /// - Parameters:
    ///   - parameter: The number in the path.
    ///   - query: The items of the query; nil is left out.
    ///   - body: The members of the body, or nil for a request without one.
    static func call(_ parameter: Parameter, query: [String?] = [], body: JSONObject? = nil) -> APICall<
        Answer
    > {
        let items = query.compactMap(\.self)
        return APICall(
            method, path.text(for: parameter) + (items.isEmpty ? "" : "?" + items.joined(separator: "&")),
            body: body.map { .object($0) }, needsToken: needsToken, isEnveloped: answer.isEnveloped,
            decode: answer.read)
    }
}

extension Endpoint where Parameter == Void {
    static func call(query: [String?] = [], body: JSONObject? = nil) -> APICall<Answer> {
        call((), query: query, body: body)
    }
}
