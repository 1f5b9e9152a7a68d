/// The words of a command line, without the program's own name.
public struct ProgramArguments: Sendable {
    /// The words; invalid UTF-8 in them is replaced.
    public let words: [String]
    /// The first word that is not UTF-8: its text differs from what was given.
    let broken: String?

    /// - Parameter bytes: Each word as the system provides it.
    init(bytes: [[UInt8]]) {
        words = bytes.map { String(decoding: $0, as: UTF8.self) }
        broken = zip(bytes, words).first { String(validating: $0.0, as: UTF8.self) == nil }?.1
    }

    /// The arguments of this process. The library's own list silently replaces invalid UTF-8.
    public static func current() -> ProgramArguments {
        let arguments = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
        let bytes = arguments.dropFirst().compactMap(\.self).map { word in
            Array(UnsafeRawBufferPointer(start: word, count: length(word)))
        }
        return ProgramArguments(bytes: bytes)
    }

    private static func length(_ word: UnsafeMutablePointer<CChar>) -> Int {
        var length = 0
        while word[length] != 0 { length += 1 }
        return length
    }

    /// True when a shell asks for completions: it has no place for messages.
    var areForCompletion: Bool { words.first == "---completion" }
}
