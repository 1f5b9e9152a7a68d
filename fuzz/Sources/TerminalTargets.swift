import ChatWire

@testable import ChatTUI

private func run(_ pieces: [[UInt8]]) -> [InputEvent] {
    var decoder = KeyDecoder()
    var now = MonotonicInstant(nanoseconds: 0)
    var events: [InputEvent] = []
    for piece in pieces { events += decoder.receive(piece, now: now) }
    var expiries = 0
    while let deadline = decoder.deadline {
        now = max(now, deadline)
        events += decoder.expire(now: now)
        expiries += 1
        require(expiries <= 600, "what is pending ends")
    }
    return events
}

func checkKeys(_ input: [UInt8]) {
    let whole = run([input])
    // A sequence longer than the limit is abandoned as soon as that is known.
    if input.count <= 256 {
        requireEqual(whole, run(input.map { [$0] }), "bytes may be cut anywhere")
    }
    require(whole.count <= input.count, "no byte makes two events")
    for event in whole {
        guard case .paste(let text) = event else { continue }
        require(
            text.unicodeScalars.allSatisfy {
                $0 == "\n" || $0 == "\t" || !($0.value < 0x20 || (0x7F..<0xA0).contains($0.value))
            }, "a paste has no controls")
    }
}

func checkTerminalText(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let line = Sanitizer.line(text)
    requireEqual(Sanitizer.line(line), line, "sanitising twice changes nothing more")
    require(line.unicodeScalars.allSatisfy(isHarmless), "a line has no controls")
    let lines = Sanitizer.text(text)
    requireEqual(Sanitizer.text(lines), lines, "sanitising twice changes nothing more")
    require(lines.unicodeScalars.allSatisfy { $0 == "\n" || isHarmless($0) }, "a text has no other controls")

    let width = TextWidth.of(line)
    require(width >= 0 && width <= 2 * line.count, "a cluster takes two columns at most")
    for columns in [0, 1, 2, 7, width] {
        require(TextWidth.of(TextWidth.truncated(line, to: columns)) <= columns, "what is cut fits")
    }
    requireEqual(TextWidth.truncated(line, to: width), line, "what fits is not cut")
}

private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C: false
    default: true
    }
}
