extension Unicode.Scalar {
    /// Whether Python strips this scalar as white space: those of bidirectional class WS, B or S, and those of
    /// category Zs. This differs from Unicode's White_Space: the four separators U+001C to U+001F are included.
    public var isPythonWhiteSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029,
            0x202F, 0x205F, 0x3000:
            true
        default:
            false
        }
    }
}

/// `text` without the white space at both ends, exactly as the server's `str.strip()` removes it.
public func strippedLikePython(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.isPythonWhiteSpace }),
        let last = scalars.lastIndex(where: { !$0.isPythonWhiteSpace })
    else { return "" }
    return String(scalars[start...last])
}
