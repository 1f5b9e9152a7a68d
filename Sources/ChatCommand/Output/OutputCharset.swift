import ChatTUI
import Glibc

/// The character set of the locale, for text that people read. Characters that it lacks are shown in ASCII.
final class OutputCharset: Sendable {
    /// The locale's name for it, such as `ISO-8859-1`.
    let name: String

    /// The set of the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set. Nil when everything can be written
    /// unchanged: in UTF-8, and when no set is named (`C`, `POSIX`, `pt_BR`), because then nobody has chosen one.
    init?(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let locale, let dot = locale.firstIndex(of: ".") else { return nil }
        let name = locale[dot...].dropFirst().prefix { $0 != "@" }
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        guard !plain.isEmpty, plain != "utf8" else { return nil }
        self.name = String(name)
    }

    /// The text in this character set.
    func encoded(_ text: String) -> [UInt8] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return Array(text.utf8) }
        // "//IGNORE" and similar suffixes are not part of a set's name.
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.+".contains($0)) }
        let converter = isName ? iconv_open(name, "UTF-8") : nil
        // The C library returns minus one for an unknown set.
        guard let converter, converter != UnsafeMutableRawPointer(bitPattern: -1) else {
            return Array(Self.ascii(text).utf8)
        }
        defer { iconv_close(converter) }
        var bytes: [UInt8] = []
        for character in text {
            if let encoded = Self.encoded(String(character), converter) {
                bytes += encoded
            } else {
                bytes += Self.encoded(Self.ascii(String(character)), converter) ?? [UInt8(ascii: "?")]
            }
        }
        return bytes
    }

    private static func ascii(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { ASCIIText.line(String($0)) }
            .joined(separator: "\n")
    }

    /// Nil when the set lacks a character.
    private static func encoded(_ text: String, _ converter: iconv_t) -> [UInt8]? {
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 4 + 16)
        let written: Int? = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, left) = (input.baseAddress, input.count)
                var (to, room) = (output.baseAddress, output.count)
                guard iconv(converter, &from, &left, &to, &room) == 0, left == 0,
                    iconv(converter, nil, nil, &to, &room) != Int.max
                else { return nil }
                return output.count - room
            }
        }
        guard let written else {
            // Resets the partial state.
            iconv(converter, nil, nil, nil, nil)
            return nil
        }
        return output.prefix(written).map { UInt8(bitPattern: $0) }
    }
}
