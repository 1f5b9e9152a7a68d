import ChatCrypto
import ChatWire
import Glibc

/// The variables of a scenario, which give the values of expressions.
struct Scope: Sendable {
    private(set) var variables: [String: JSONValue] = [:]

    subscript(name: String) -> JSONValue? {
        get { variables[name] }
        set { variables[name] = newValue }
    }

    /// Why an expression has no value.
    struct Failure: Error, Hashable {
        var position: SourcePosition
        var message: String
    }

    func value(of expression: Expression) throws(Failure) -> JSONValue {
        switch expression {
        case .literal(let value): return value
        case .reference(let reference): return try value(of: reference)
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .plain(let plain): text += plain
                case .value(let reference): text += Self.plain(try value(of: reference))
                }
            }
            return .string(text)
        case .array(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try value(of: element)) }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for member in members { object.append(member.key, try value(of: member.value)) }
            return .object(object)
        case .call(let function, let arguments, let position):
            var values: [JSONValue] = []
            for argument in arguments { values.append(try value(of: argument)) }
            return try call(function, values, at: position)
        }
    }

    /// A text as it is, any other value as JSON.
    static func plain(_ value: JSONValue) -> String { value.stringValue ?? value.description }

    private func value(of reference: Reference) throws(Failure) -> JSONValue {
        guard var value = variables[reference.name] else {
            throw Failure(
                position: reference.position, message: "there is no variable $\(reference.name) yet")
        }
        for part in reference.path {
            guard let next = try self.part(part, of: value) else {
                throw Failure(position: reference.position, message: "\(reference.text) is not there")
            }
            value = next
        }
        return value
    }

    /// The value that a check examines; nil when the last part of its path is missing.
    func present(_ expression: Expression) throws(Failure) -> JSONValue? {
        guard case .reference(var reference) = expression, let last = reference.path.popLast() else {
            return try value(of: expression)
        }
        return try part(last, of: try value(of: reference))
    }

    private func part(_ part: Reference.Part, of value: JSONValue) throws(Failure) -> JSONValue? {
        switch part {
        case .member(let key): return value[key]
        case .element(let index): return value[index]
        case .named(let reference):
            let name = try self.value(of: reference)
            if case .array = value {
                return name.integerValue.flatMap { Int(exactly: $0) }.flatMap { value[$0] }
            }
            return value[Self.plain(name)]
        }
    }

    // MARK: Functions

    /// No test needs a longer text; it would be an attack.
    private static let lengthMax: Int64 = 10_000_000

    private func call(
        _ function: Expression.Function, _ arguments: [JSONValue], at position: SourcePosition
    ) throws(Failure) -> JSONValue {
        switch function {
        case .random: return .string(Self.randomWord())
        case .json: return .string(arguments[0].description)
        case .repeat:
            guard let text = arguments[0].stringValue, let count = arguments[1].integerValue, count >= 0,
                count <= Self.lengthMax, Int64(text.utf8.count) * count <= Self.lengthMax
            else {
                throw Failure(position: position, message: "repeat takes a text and a number, not too large")
            }
            return .string(String(repeating: text, count: Int(count)))
        case .length:
            guard let length = Self.length(arguments[0]) else {
                throw Failure(position: position, message: "length takes a list, an object or a text")
            }
            return .integer(length)
        case .jwt:
            guard let secret = arguments[1].stringValue else {
                throw Failure(position: position, message: "jwt takes claims and a secret")
            }
            return .string(Self.token(arguments[0], secret))
        case .time:
            guard let seconds = arguments[0].integerValue else {
                throw Failure(position: position, message: "time takes a number of seconds")
            }
            return .integer(Int64(Glibc.time(nil)).addingReportingOverflow(seconds).partialValue)
        case .add:
            guard let one = arguments[0].integerValue, let other = arguments[1].integerValue else {
                throw Failure(position: position, message: "add takes two whole numbers")
            }
            return .integer(one.addingReportingOverflow(other).partialValue)
        }
    }

    static func length(_ value: JSONValue) -> Int64? {
        switch value {
        case .string(let text): Int64(text.unicodeScalars.count)
        case .array(let elements): Int64(elements.count)
        case .object(let object): Int64(object.count)
        default: nil
        }
    }

    static func randomWord() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String(RandomBytes.generate(8).map { letters[Int($0) & 31] })
    }

    /// A JSON Web Token signed with HS256 (RFC 7519, RFC 7515).
    static func token(_ claims: JSONValue, _ secret: String) -> String {
        let header: JSONValue = ["alg": "HS256", "typ": "JWT"]
        let signed = Base64URL.encode(header.serialized()) + "." + Base64URL.encode(claims.serialized())
        let signature = HMAC.authenticate(signed.utf8, key: secret.utf8, using: .sha256)
        return signed + "." + Base64URL.encode(signature)
    }
}
