/// Breaks lines before the terminal does, so that no text of other people begins a line at the left edge, where it
/// could pass for one of the program's own.
package enum HangingText {
    /// The line in pieces of at most `columns`, each but the first behind `indent`. The line is sanitised, and
    /// may hold sequences for colour, which take no column.
    package static func lines(_ line: String, columns: Int, indent: String) -> [String] {
        // So narrow that an indentation leaves no room: the terminal does what it can.
        let room = columns - TextWidth.of(indent)
        guard room >= 8 else { return [line] }
        let pieces = pieces(line)
        guard pieces.reduce(0, { $0 + $1.width }) > columns else { return [line] }
        var lines: [String] = []
        var current: [Piece] = []
        var width = 0
        func end(_ pieces: [Piece]) {
            var kept = pieces[...]
            while kept.last?.isBlank == true { kept.removeLast() }
            lines.append((lines.isEmpty ? "" : indent) + kept.map(\.text).joined())
        }
        for piece in pieces {
            let limit = lines.isEmpty ? columns : room
            if width + piece.width > limit, !piece.isBlank {
                // After the last blank, unless that would leave most of the line empty.
                let cut = current.lastIndex(where: \.isBlank).map { $0 + 1 } ?? current.count
                let place = current[..<cut].reduce(0) { $0 + $1.width } * 2 > limit ? cut : current.count
                end(Array(current[..<place]))
                current = Array(current[place...])
                width = current.reduce(0) { $0 + $1.width }
            }
            current.append(piece)
            width += piece.width
        }
        end(current)
        return lines
    }

    private struct Piece {
        var text: String
        var width: Int
        var isBlank: Bool { text == " " }
    }

    /// Clusters, and sequences for colour as a whole.
    private static func pieces(_ line: String) -> [Piece] {
        var pieces: [Piece] = []
        var sequence: String?
        for character in line {
            if let begun = sequence {
                let text = begun + String(character)
                sequence = character.isLetter ? nil : text
                if sequence == nil { pieces.append(Piece(text: text, width: 0)) }
            } else if character == "\u{1B}" {
                sequence = "\u{1B}"
            } else {
                pieces.append(Piece(text: String(character), width: TextWidth.of(character)))
            }
        }
        if let sequence { pieces.append(Piece(text: sequence, width: 0)) }
        return pieces
    }
}
