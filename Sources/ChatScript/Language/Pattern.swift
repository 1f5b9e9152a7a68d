/// A pattern that a value is compared with.
public indirect enum Pattern: Hashable, Sendable {
    /// An equal value; numbers are equal when they have the same value.
    case equal(Expression)
    case kind(Kind)
    case expression(RegularExpression)
    /// An object with these members; with `isExact` without others.
    case object([Member], isExact: Bool)
    /// A list of these elements; with `isOpen` others may follow.
    case list([Pattern], isOpen: Bool)
    case unordered([Pattern])
    case contains(Pattern)
    case each(Pattern)
    case not(Pattern)
    case oneOf([Pattern])
    case atLeast(Expression)
    case atMost(Expression)
    case length(Pattern)
    /// Stores the matched value in a variable.
    case captured(Pattern, as: String)

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var pattern: Pattern
    }

    /// The types of values, by the words for them.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case string, integer, number, boolean, object, array, any, absent, date, jwt
        case isoDate = "iso-date"
        case httpDate = "http-date"
    }
}
