/// Host names with non-ASCII letters, in the form that the name service uses (RFC 5890).
package enum InternationalHost {
    /// The name in lower case, with each non-ASCII label in its `xn--` form (RFC 3492). Nil when a label is not
    /// allowed.
    package static func ascii(_ host: String) -> String? {
        let host = host.lowercased()
        guard !host.utf8.allSatisfy({ $0 < 0x80 }) else { return host }
        var labels: [String] = []
        for label in host.split(omittingEmptySubsequences: false, whereSeparator: dots.contains) {
            guard let label = ascii(label: label) else { return nil }
            labels.append(label)
        }
        return labels.joined(separator: ".")
    }

    /// The full stop, and the full stops of East Asian keyboards.
    private static let dots: Set<Character> = [".", "。", "．", "｡"]
    /// In bytes, including the prefix (RFC 1035 section 2.3.4).
    private static let labelBytesMax = 63

    private static func ascii(label: Substring) -> String? {
        var scalars: [Unicode.Scalar] = []
        for character in label { scalars += composed(character) }
        guard scalars.allSatisfy(isAllowed) else { return nil }
        if scalars.allSatisfy(\.isASCII) { return String(String.UnicodeScalarView(scalars)) }
        guard let code = punycode(scalars) else { return nil }
        let ascii = "xn--" + code
        return ascii.utf8.count <= labelBytesMax ? ascii : nil
    }

    /// Letters, marks and digits of any script (RFC 5892), and the characters of ASCII names.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "-" || scalar == "_" || scalar.properties.isAlphabetic
                || scalar.properties.numericType == .decimal
        }
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
            return true
        default: return false
        }
    }

    // MARK: Composition

    /// The single scalar of a letter with marks, if there is one (NFC); fullwidth characters become ASCII.
    private static func composed(_ character: Character) -> [Unicode.Scalar] {
        let scalars = Array(character.unicodeScalars)
        if scalars.count == 1, (0xFF01...0xFF5E).contains(scalars[0].value) {
            return Unicode.Scalar(scalars[0].value - 0xFEE0).map {
                Array(String($0).lowercased().unicodeScalars)
            } ?? scalars
        }
        guard scalars.count > 1, let one = compositions[character] else { return scalars }
        return [one]
    }

    /// Keyed by characters, which are equal however they are composed: Latin, Greek, Cyrillic and their extensions.
    private static let compositions: [Character: Unicode.Scalar] = {
        var table: [Character: Unicode.Scalar] = [:]
        for range in [0xC0...0x24F, 0x370...0x4FF, 0x1E00...0x1FFF] as [ClosedRange<UInt32>] {
            for value in range {
                guard let scalar = Unicode.Scalar(value), table[Character(scalar)] == nil else { continue }
                table[Character(scalar)] = scalar
            }
        }
        return table
    }()

    // MARK: Punycode, RFC 3492

    private static let (base, thresholdMin, thresholdMax) = (36, 1, 26)

    /// Section 6.3. Nil when the numbers become too large, which is impossible for a label that fits.
    private static func punycode(_ scalars: [Unicode.Scalar]) -> String? {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (next, delta, bias, handled) = (128, 0, 72, basic)
        while handled < scalars.count {
            guard let smallest = scalars.map({ Int($0.value) }).filter({ $0 >= next }).min() else {
                return nil
            }
            let (product, overflows) = (smallest - next).multipliedReportingOverflow(by: handled + 1)
            guard !overflows else { return nil }
            delta += product
            next = smallest
            for scalar in scalars {
                let value = Int(scalar.value)
                if value < next { delta += 1 }
                guard value == next else { continue }
                output += digits(of: delta, bias: bias)
                bias = adapted(delta, count: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digits(of delta: Int, bias: Int) -> [UInt8] {
        var (rest, digits) = (delta, [UInt8]())
        var position = base
        while true {
            let threshold = min(max(position - bias, thresholdMin), thresholdMax)
            guard rest >= threshold else { return digits + [digit(rest)] }
            digits.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? value + 97 : value - 26 + 48)
    }

    /// Section 6.1.
    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > (base - thresholdMin) * thresholdMax / 2 {
            delta /= base - thresholdMin
            steps += base
        }
        return steps + (base - thresholdMin + 1) * delta / (delta + 38)
    }
}
