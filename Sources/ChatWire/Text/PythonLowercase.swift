/// A text in small letters as Python's `str.lower()` makes it: as Unicode has it, with the final form of a sigma
/// that ends a word (Unicode 3.13, Final_Sigma).
public func lowercasedLikePython(_ text: String) -> String {
    guard text.unicodeScalars.contains("Σ") else { return text.lowercased() }
    let scalars = Array(text.unicodeScalars)
    var lower = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
        if scalar == "Σ" {
            let isFinal = follows(scalars[..<index].reversed()) && !follows(scalars[(index + 1)...])
            lower.append(isFinal ? "ς" : "σ")
        } else {
            lower.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }
    return String(lower)
}

/// Whether the first of the scalars that counts for case is a letter that has one.
private func follows(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
}
