/// The text in lower case, as Python's `str.lower()` gives it: Unicode's mapping, with the final form of a sigma that
/// ends a word (Unicode 3.13, Final_Sigma).
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

/// Whether the first scalar that is not case-ignorable is a cased letter.
private func follows(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
}
