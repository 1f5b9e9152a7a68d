/// Cuts what is read into lines. Bytes may come in any pieces; a line that grows without end is cut.
struct LineReader: Sendable {
    /// Longer than any message, in bytes.
    static let lineBytesMax = 1 << 16

    private var pending: [UInt8] = []
    private var isTooLong = false

    mutating func receive(_ bytes: some Sequence<UInt8>) { pending.append(contentsOf: bytes) }

    var hasLine: Bool { pending.contains(UInt8(ascii: "\n")) || pending.count > Self.lineBytesMax }

    /// The next line, without its line break and its control characters; nil when none is whole.
    mutating func next() -> String? {
        if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            defer { pending.removeFirst(end + 1) }
            return Self.text(pending[..<end])
        }
        guard pending.count > Self.lineBytesMax else { return nil }
        defer { pending = [] }
        return Self.text(pending[...])
    }

    /// What stands behind the last line break, at the end of the input.
    mutating func rest() -> String? {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        return Self.text(pending[...])
    }

    /// Nobody types controls into a message on purpose; tabs stay.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: bytes, as: UTF8.self).unicodeScalars.filter {
                    $0 == "\t" || !($0.value < 0x20 || 0x7F..<0xA0 ~= $0.value)
                }))
    }
}
