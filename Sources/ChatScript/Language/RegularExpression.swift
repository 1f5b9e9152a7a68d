import Glibc

/// An extended regular expression of POSIX, on text in UTF-8 whatever the program's locale is.
public struct RegularExpression: Hashable, Sendable {
    public let source: String

    /// - Throws: why it is none, in the system's words.
    public init(_ source: String) throws(Invalid) {
        self.source = source
        if case .failure(let reason) = Self.compile(source, { _ in true }) { throw reason }
    }

    /// Why a text is no regular expression.
    public struct Invalid: Error, Hashable, Sendable {
        public var reason: String
    }

    /// Whether the text holds a match. A text with a NUL in it is looked at up to there.
    public func matches(_ text: String) -> Bool {
        let result = Self.compile(source) { regexec($0, text, 0, nil, 0) == 0 }
        return (try? result.get()) ?? false
    }

    /// Compiles and uses it in one go: expressions are short, and a compiled one cannot be copied.
    private static func compile(
        _ source: String, _ body: (UnsafePointer<regex_t>) -> Bool
    ) -> Result<Bool, Invalid> {
        let utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        let previous = utf8.flatMap { uselocale($0) }
        defer {
            if let previous { uselocale(previous) }
            if let utf8 { freelocale(utf8) }
        }
        var compiled = regex_t()
        let code = regcomp(&compiled, source, REG_EXTENDED)
        guard code == 0 else {
            var buffer = [CChar](repeating: 0, count: 200)
            regerror(code, &compiled, &buffer, buffer.count)
            return .failure(
                Invalid(reason: String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)))
        }
        defer { regfree(&compiled) }
        return .success(body(&compiled))
    }
}
