/// The header fields of a message, in the order in which they were added or received.
///
/// Names compare without regard to ASCII case and keep their spelling. A name that is not a token is refused, and so
/// is a value with a line break or another control character. So no text can add a field or a line of its own (RFC
/// 9110 sections 5.1 and 5.5).
public struct HTTPHeaders: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public let name: String
        public let value: String

        /// A field. White space around the value is removed.
        public init(name: String, value: String) throws(HTTPHeaderError) {
            guard HTTPSyntax.isToken(name.utf8) else { throw .invalidName }
            guard HTTPSyntax.isFieldValue(value.utf8) else { throw .invalidValue(name: name) }
            self.name = name
            self.value = HTTPSyntax.trimmed(value)
        }

        /// A field whose name and value are fixed in this module, or consist of characters that are safe.
        init(fixedName name: String, value: String) {
            self.name = name
            self.value = value
        }

        public static func == (left: Field, right: Field) -> Bool {
            left.value == right.value && HTTPSyntax.equalIgnoringCase(left.name, right.name)
        }

        public func hash(into hasher: inout Hasher) {
            for byte in name.utf8 { hasher.combine(HTTPSyntax.lowercased(byte)) }
            hasher.combine(value)
        }
    }

    public private(set) var fields: [Field]

    public init() {
        fields = []
    }

    /// The given names and values, in that order.
    public init(_ pairs: [(name: String, value: String)]) throws(HTTPHeaderError) {
        fields = []
        for pair in pairs { try add(pair.name, pair.value) }
    }

    public var count: Int { fields.count }
    public var isEmpty: Bool { fields.isEmpty }

    /// Adds a field after all others; fields of the same name stay.
    public mutating func add(_ name: String, _ value: String) throws(HTTPHeaderError) {
        fields.append(try Field(name: name, value: value))
    }

    /// Makes this the only field of its name: it takes the place of the first one, and the others are removed.
    public mutating func replace(_ name: String, _ value: String) throws(HTTPHeaderError) {
        let field = try Field(name: name, value: value)
        guard let place = fields.firstIndex(where: { HTTPSyntax.equalIgnoringCase($0.name, name) }) else {
            fields.append(field)
            return
        }
        fields[place] = field
        for index in fields.indices.dropFirst(place + 1).reversed()
        where HTTPSyntax.equalIgnoringCase(fields[index].name, name) {
            fields.remove(at: index)
        }
    }

    /// Removes all fields of this name.
    public mutating func remove(_ name: String) {
        fields.removeAll { HTTPSyntax.equalIgnoringCase($0.name, name) }
    }

    /// The value of the first field of this name.
    public subscript(name: String) -> String? {
        fields.first { HTTPSyntax.equalIgnoringCase($0.name, name) }?.value
    }

    /// The values of all fields of this name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { HTTPSyntax.equalIgnoringCase($0.name, name) }.map(\.value)
    }

    /// The members of a comma-separated list that may be spread over several fields
    /// (RFC 9110 section 5.6.1), without white space and without empty members.
    public func listMembers(_ name: String) -> [String] {
        values(name).flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ","))
                .map { HTTPSyntax.trimmed(String(Substring($0))) }
                .filter { !$0.isEmpty }
        }
    }

    /// Whether such a list has this member, without regard to ASCII case.
    public func hasListMember(_ name: String, _ member: String) -> Bool {
        listMembers(name).contains { HTTPSyntax.equalIgnoringCase($0, member) }
    }

    mutating func append(_ field: Field) {
        fields.append(field)
    }

    /// Appends the fields as lines, without the empty line that ends a head.
    func serialize(to output: inout [UInt8]) {
        for field in fields {
            output.append(contentsOf: field.name.utf8)
            output.append(contentsOf: HTTPSyntax.colonSpace)
            output.append(contentsOf: field.value.utf8)
            output.append(contentsOf: HTTPSyntax.lineEnd)
        }
    }
}

/// Why a header field was refused. The error does not carry the value: it may be a secret.
public enum HTTPHeaderError: Error, Hashable, Sendable {
    /// The name is empty or has a character that a token may not have.
    case invalidName
    /// The value has a control character other than a tab.
    case invalidValue(name: String)
}
