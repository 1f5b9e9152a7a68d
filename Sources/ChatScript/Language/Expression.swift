import ChatWire

/// A value that is computed when its step runs.
public indirect enum Expression: Hashable, Sendable {
    case literal(JSONValue)
    /// A text that contains values.
    case text([TextPart])
    case reference(Reference)
    case array([Expression])
    case object([Member])
    case call(Function, [Expression], SourcePosition)

    /// A piece of a text.
    public enum TextPart: Hashable, Sendable {
        case plain(String)
        case value(Reference)
    }

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: Expression
    }

    /// The functions that expressions may call.
    public enum Function: String, CaseIterable, Hashable, Sendable {
        case `repeat`, random, json, length, jwt, time, add

        /// The number of its arguments.
        var arity: Int {
            switch self {
            case .random: 0
            case .json, .length, .time: 1
            case .repeat, .jwt, .add: 2
            }
        }
    }
}

/// A variable or a part of its value: `$answer.body.data[0]`.
public struct Reference: Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case member(String)
        case element(Int)
        /// The member or element whose name is in a variable.
        case named(by: Reference)
    }

    public var name: String
    public var path: [Part]
    public var position: SourcePosition

    /// The reference as it is written in a script.
    public var text: String {
        path.reduce("$" + name) { text, part in
            switch part {
            case .member(let key): text + "." + key
            case .element(let index): text + "[\(index)]"
            case .named(let reference): text + "[\(reference.text)]"
            }
        }
    }
}
