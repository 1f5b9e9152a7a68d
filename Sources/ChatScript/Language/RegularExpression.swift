import Glibc

/// An extended regular expression of POSIX. It works on UTF-8 text, whatever the program's locale is.
public struct RegularExpression: Hashable, Sendable {
    public let source: String

    /// - Throws: why the text is not a regular expression, in the system's words.
    public init(_ source: String) throws(Invalid) {
        self.source = source
        if case .failure(let reason) = Self.compile(source, { _ in true }) { throw reason }
    }

    /// Why a text is not a regular expression.
    public struct Invalid: Error, Hashable, Sendable {
        public var reason: String
    }

    /// Whether the text contains a match. Only the part before a NUL is examined.
    public func matches(_ text: String) -> Bool {
        let result = Self.compile(source) { regexec($0, text, 0, nil, 0) == 0 }
        return (try? result.get()) ?? false
    }

    /// Compiles the expression and uses it at once: expressions are short, and a compiled one cannot be copied.
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
