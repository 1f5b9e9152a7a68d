/// Cuts bytes into lines. Bytes may come in any pieces. A line that is too long or not text is refused as a whole:
/// a part of it would say something that nobody wrote.
struct LineReader: Sendable {
    enum Line: Hashable, Sendable {
        /// Without its line break and its control characters.
        case text(String)
        case tooLong
        /// The bytes are not UTF-8.
        case notText

        /// True for a text that begins with a single slash.
        var isCommand: Bool {
            guard case .text(let text) = self else { return false }
            return text.hasPrefix("/") && !text.hasPrefix("//")
        }
    }

    /// Longer than any message, in bytes.
    static let lineBytesMax = 1 << 16
    /// A terminal with its own line editing keeps one byte less than its buffer, without a word for the rest
    /// (N_TTY_BUF_SIZE of Linux): a line of that length may be the beginning of a longer one.
    static let terminalLineBytesMax = 4094

    private let bytesMax: Int
    private var pending: [UInt8] = []
    /// Whole lines that have not been taken yet.
    private(set) var waiting: [Line] = []
    /// True inside a line that is too long: bytes up to its end are dropped.
    private var isSkipping = false

    init(bytesMax: Int = lineBytesMax) {
        self.bytesMax = bytesMax
    }

    mutating func receive(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if !isSkipping {
                pending.append(byte)
                if pending.count > bytesMax {
                    pending = []
                    isSkipping = true
                    waiting.append(.tooLong)
                }
            }
        }
    }

    var hasLine: Bool { !waiting.isEmpty }

    mutating func dropWaiting() { waiting = [] }

    /// The next line; nil when none is whole.
    mutating func next() -> Line? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// The text after the last line break, at the end of the input.
    mutating func rest() -> Line? {
        isSkipping = false
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        return Self.line(pending)
    }

    private mutating func endLine() {
        if !isSkipping { waiting.append(Self.line(pending)) }
        isSkipping = false
        pending = []
    }

    /// Nobody types controls into a message on purpose; tabs stay.
    private static func line(_ bytes: [UInt8]) -> Line {
        guard let text = String(validating: bytes, as: UTF8.self) else { return .notText }
        let kept = text.unicodeScalars.filter { $0 == "\t" || !($0.value < 0x20 || 0x7F..<0xA0 ~= $0.value) }
        return .text(String(String.UnicodeScalarView(kept)))
    }
}
