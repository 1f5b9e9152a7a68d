import ChatWire

/// Turns the bytes of a terminal into keys, pastes and focus changes. Bytes may be cut
/// anywhere. `expire` decides about incomplete input once `deadline` has passed: a
/// lone ESC is then the Escape key, and a paste whose end never comes is returned.
/// Unknown sequences are skipped as a whole.
///
/// A line break with more text after it in one read was not typed: terminals and multiplexers without
/// bracketed paste send pastes like this. It begins a paste, which ends with a short silence.
struct KeyDecoder: Sendable {
    /// How long after an ESC the rest of its sequence may arrive, where ESCDELAY says nothing.
    static let escapeDelay: Duration = .milliseconds(40)
    /// The minimum of the same over a network.
    static let remoteEscapeDelay: Duration = .milliseconds(100)
    /// How long a paste without brackets goes on: terminals cut it into reads.
    static let burstSilence: Duration = .milliseconds(50)
    /// How long a sequence that has begun may take to go on: slow lines cut them in two.
    static let sequenceDelay: Duration = .milliseconds(400)
    /// How long a paste may stand still before it counts as ended.
    static let pasteSilence: Duration = .seconds(1)
    /// The bytes of a paste that are kept; the rest is dropped.
    static let pasteBytesMax = 1 << 20
    private static let sequenceBytesMax = 256

    /// How long after an ESC the rest of its sequence may arrive.
    let escapeDelay: Duration
    private var pending: [UInt8] = []
    private var paste: [UInt8]?
    /// A paste without brackets.
    private var burst: [UInt8]?
    /// When the last ESC arrived that was reported as a key, while nothing has followed it.
    private var toldEscape: MonotonicInstant?
    /// True when the ESC at the beginning of `pending` has already been reported as a key.
    private var isEscapeTold = false
    private(set) var deadline: MonotonicInstant?

    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    /// - Parameter environment: ESCDELAY (milliseconds, as curses reads it), and the variables of SSH.
    init(environment: [String: String] = [:]) {
        var delay = Self.escapeDelay
        if let milliseconds = environment["ESCDELAY"].flatMap({ Int($0) }), 0...10_000 ~= milliseconds {
            delay = .milliseconds(milliseconds)
        }
        let isRemote = ["SSH_CONNECTION", "SSH_TTY"].contains { environment[$0]?.isEmpty == false }
        escapeDelay = isRemote ? max(delay, Self.remoteEscapeDelay) : delay
    }

    mutating func receive(_ bytes: some Sequence<UInt8>, now: MonotonicInstant) -> [InputEvent] {
        let bytes = Array(bytes)
        if let told = toldEscape, pending.isEmpty, now - told < Self.sequenceDelay,
            Self.continuesSequence(bytes)
        {
            // The line was too slow for the sequence; the key that was reported meanwhile cannot be taken back.
            pending = [0x1B]
            isEscapeTold = true
        }
        toldEscape = nil
        pending.append(contentsOf: bytes)
        return drain(now: now)
    }

    /// True for what follows an ESC of a sequence, and is not typed within so short a time.
    private static func continuesSequence(_ bytes: [UInt8]) -> Bool {
        switch bytes.first {
        case UInt8(ascii: "["): return true
        case UInt8(ascii: "]"): return bytes.starts(with: Array("]11;".utf8))
        case UInt8(ascii: "O"):
            guard bytes.count == 2, case .event = TerminalSequence.decodeSS3(([0x1B] + bytes)[...]) else {
                return false
            }
            return true
        default: return false
        }
    }

    /// To be called when `deadline` has passed.
    mutating func expire(now: MonotonicInstant) -> [InputEvent] {
        guard let deadline, now >= deadline else { return [] }
        self.deadline = nil
        var events: [InputEvent] = []
        if let pasted = paste {
            paste = nil
            events.append(.paste(Self.pastedText(pasted + pending)))
            pending = []
            return events
        }
        if let collected = burst {
            burst = nil
            return [.paste(Self.pastedText(collected))] + drain(now: now)
        }
        if isEscapeTold {
            isEscapeTold = false
            pending.removeFirst()
            return drain(now: now)
        }
        if pending.count == 2, pending[0] == 0x1B, 0x20..<0x7F ~= pending[1] {
            // The two bytes could have begun a sequence. They were Alt with that character.
            events.append(.key(.character(Character(Unicode.Scalar(pending[1])), .alt)))
            pending = []
        } else if pending.first == 0x1B {
            // The sequence did not go on: the ESC was a key of its own.
            pending.removeFirst()
            events.append(.key(Key(.escape)))
            if pending.isEmpty { toldEscape = deadline - escapeDelay }
        } else if !pending.isEmpty {
            // A character cut in the middle stays cut.
            pending.removeFirst()
        }
        return events + drain(now: now)
    }

    private mutating func drain(now: MonotonicInstant) -> [InputEvent] {
        var events: [InputEvent] = []
        var index = 0
        var isTextUntil = 0
        scan: while index < pending.count {
            if paste != nil {
                guard collectPaste(&index, into: &events) else { break scan }
                continue
            }
            if index >= isTextUntil {
                let end = textEnd(from: index)
                isTextUntil = max(end, index + 1)
                if burst != nil || Self.isPasted(pending[index..<end]) {
                    collectBurst(&index, to: end, into: &events)
                    continue
                }
            }
            switch TerminalSequence.decode(pending[index...]) {
            case .event(let event, let length):
                events.append(event)
                index += length
            case .pasteBegins(let length):
                paste = []
                index += length
            case .skip(let length):
                index += length
            case .incomplete:
                if pending.count - index > Self.sequenceBytesMax {
                    index += 1
                    continue
                }
                break scan
            }
        }
        pending.removeFirst(index)
        if index > 0 { isEscapeTold = false }
        if paste != nil {
            deadline = now + Self.pasteSilence
        } else if burst != nil {
            deadline = now + Self.burstSilence
        } else {
            let isBegun = pending.count > 2 || isEscapeTold
            deadline =
                pending.isEmpty ? nil : now + (isBegun ? max(Self.sequenceDelay, escapeDelay) : escapeDelay)
        }
        return events
    }

    /// The end of the text that begins here: before the next control other than tabs and line breaks.
    private func textEnd(from index: Int) -> Int {
        pending[index...].firstIndex { byte in
            byte == 0x7F || byte < 0x20 && ![0x09, 0x0A, 0x0D].contains(byte)
        } ?? pending.count
    }

    /// True for text with a line break and something after it. Repeated Enter alone is no paste.
    private static func isPasted(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.firstIndex(of: 0x0D), first < text.endIndex - 1 else { return false }
        return text.contains { $0 != 0x0D }
    }

    /// Moves text into the paste without brackets. A control after it ends it.
    private mutating func collectBurst(_ index: inout Int, to end: Int, into events: inout [InputEvent]) {
        var collected = burst ?? []
        collected += pending[index..<end].prefix(max(0, Self.pasteBytesMax - collected.count))
        index = end
        burst = collected
        guard end < pending.count else { return }
        burst = nil
        events.append(.paste(Self.pastedText(collected)))
    }

    /// Moves bytes into the paste; false when more are needed.
    private mutating func collectPaste(_ index: inout Int, into events: inout [InputEvent]) -> Bool {
        guard var collected = paste else { return true }
        let end = Self.pasteEnd
        while index < pending.count {
            let rest = pending[index...]
            if rest.starts(with: end) {
                index += end.count
                paste = nil
                events.append(.paste(Self.pastedText(collected)))
                return true
            }
            if rest.count < end.count, end.starts(with: rest) { break }
            if collected.count < Self.pasteBytesMax { collected.append(pending[index]) }
            index += 1
        }
        paste = collected
        return false
    }

    /// Line breaks become `\n`, tabs stay, and other controls are removed.
    private static func pastedText(_ bytes: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        var lastWasReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\r" {
                scalars.append("\n")
            } else if scalar == "\n" {
                if !lastWasReturn { scalars.append("\n") }
            } else if scalar == "\t" || !(scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value) {
                scalars.append(scalar)
            }
            lastWasReturn = scalar == "\r"
        }
        return String(scalars)
    }
}
