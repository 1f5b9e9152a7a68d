/// What a mouse did, and over which cell.
struct MouseEvent: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        case press(Button)
        case release
        case wheelUp
        case wheelDown
    }

    enum Button: Hashable, Sendable {
        case left, middle, right
    }

    var action: Action
    var place: Point

    /// No terminal has cells beyond this.
    static let coordinateMax = 10_000

    /// Reads the parameters of an SGR report (xterm's mode 1006): code, column and row counted from 1. Moves,
    /// sideways wheels and further buttons give nil, since nothing handles them.
    init?(parameters: [Int], isRelease: Bool) {
        guard parameters.count == 3, let code = parameters.first, 0..<256 ~= code else { return nil }
        let (column, row) = (parameters[1], parameters[2])
        guard 1...Self.coordinateMax ~= column, 1...Self.coordinateMax ~= row else { return nil }
        let isMove = code & 32 != 0
        guard !isMove else { return nil }
        switch (code & 0b1100_0000, code & 3) {
        case (64, 0): action = .wheelUp
        case (64, 1): action = .wheelDown
        case (0, _) where isRelease: action = .release
        case (0, 0): action = .press(.left)
        case (0, 1): action = .press(.middle)
        case (0, 2): action = .press(.right)
        default: return nil
        }
        place = Point(column: column - 1, row: row - 1)
    }

    init(_ action: Action, column: Int, row: Int) {
        self.action = action
        place = Point(column: column, row: row)
    }

    /// Has the terminal report presses and the wheel, in decimal numbers. Dragging stays the terminal's own.
    static let enabling = Array("\u{1B}[?1000h\u{1B}[?1006h".utf8)
    static let disabling = Array("\u{1B}[?1006l\u{1B}[?1000l".utf8)
}
