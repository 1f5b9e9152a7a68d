/// Names of profiles. They become names of directories, so few characters are allowed.
public enum ProfileName {
    /// The profile used when none is named.
    public static let standard = "default"
    /// The longest name, in characters.
    public static let lengthMax = 64

    /// Letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
    public static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count <= lengthMax else {
            return false
        }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
