/// Why a text is not valid Base64 (RFC 4648).
public enum Base64Error: Error, Hashable, Sendable {
    /// A character outside of the alphabet at this offset in bytes; white space counts as one.
    case invalidCharacter(offset: Int)
    /// No encoding has this many characters.
    case invalidLength(Int)
    /// `=` is missing, superfluous, or not allowed here.
    case invalidPadding
    /// The last character carries bits that belong to no byte, so two texts would decode to the same bytes.
    case strayBits
}
