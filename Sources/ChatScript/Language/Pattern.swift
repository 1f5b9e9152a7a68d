/// What a value is held against.
public indirect enum Pattern: Hashable, Sendable {
    /// Equal to it; numbers are equal when they have the same value.
    case equal(Expression)
    case kind(Kind)
    case expression(RegularExpression)
    /// Objects with these members; with `isExact` without others.
    case object([Member], isExact: Bool)
    /// Lists of these elements; with `isOpen` others may follow.
    case list([Pattern], isOpen: Bool)
    case unordered([Pattern])
    case contains(Pattern)
    case each(Pattern)
    case not(Pattern)
    case oneOf([Pattern])
    case atLeast(Expression)
    case atMost(Expression)
    case length(Pattern)
    /// Keeps what was there as a variable.
    case captured(Pattern, as: String)

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var pattern: Pattern
    }

    /// Kinds of values, by the words for them.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case string, integer, number, boolean, object, array, any, absent, date, jwt
        case isoDate = "iso-date"
        case httpDate = "http-date"
    }
}
