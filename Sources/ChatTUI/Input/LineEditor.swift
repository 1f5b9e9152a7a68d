/// The text of a composer or of a field, with a cursor between grapheme clusters, a
/// kill ring, undo and redo. All movements are by cluster and never split one.
struct LineEditor: Hashable, Sendable {
    private struct Snapshot: Hashable, Sendable {
        var before: String
        var after: String
    }

    /// The text before and after the cursor.
    private(set) var before = ""
    private(set) var after = ""
    /// What was cut, the last at the end, for `yank`.
    private(set) var killRing: [String] = []
    private var undoStack: [Snapshot] = []
    private var redoStack: [Snapshot] = []
    private var lastAction = Action.other

    /// What the last call did, where that changes what the next one does.
    private enum Action: Hashable, Sendable {
        /// A run of typing is one undo step.
        case typing
        /// Neighbouring cuts are one piece.
        case killingForward, killingBackward
        /// Put this entry of the kill ring before the cursor.
        case yanking(entry: Int)
        case other
    }

    static let undoStepsMax = 100
    static let killRingMax = 20

    /// What was cut last.
    var killed: String { killRing.last ?? "" }

    init(_ text: String = "") { before = text }

    var text: String { before + after }
    var isEmpty: Bool { before.isEmpty && after.isEmpty }

    /// How many Unicode code points the server counts.
    var scalarCount: Int { before.unicodeScalars.count + after.unicodeScalars.count }

    mutating func replace(with text: String) {
        remember()
        before = text
        after = ""
    }

    mutating func clear() { replace(with: "") }

    mutating func insert(_ text: String) {
        // One undo step for a run of typing, ended by each space.
        if lastAction != .typing || text.count != 1 || text == " " || text == "\n" { remember() }
        lastAction = text.count == 1 ? .typing : .other
        before += text
    }

    /// Inserts text at the beginning, and leaves the cursor at the end.
    mutating func insertAtStart(_ text: String) {
        replace(with: text + self.text)
    }

    /// Replaces the last clusters before the cursor.
    mutating func replaceBackward(_ count: Int, with text: String) {
        remember()
        before.removeLast(min(count, before.count))
        before += text
    }

    mutating func moveLeft() {
        lastAction = .other
        if let character = before.popLast() { after = String(character) + after }
    }

    mutating func moveRight() {
        lastAction = .other
        guard let character = after.first else { return }
        after.removeFirst()
        before.append(character)
    }

    mutating func moveWordLeft() { move(to: before.count - wordLength(before.reversed())) }
    mutating func moveWordRight() { move(to: before.count + wordLength(after)) }

    /// To the beginning of the line of text that the cursor is in.
    mutating func moveToLineStart() { move(to: before.count - lineLength(before.reversed())) }
    mutating func moveToLineEnd() { move(to: before.count + lineLength(after)) }
    mutating func moveToStart() { move(to: 0) }
    mutating func moveToEnd() { move(to: before.count + after.count) }

    mutating func deleteBackward() {
        guard !before.isEmpty else { return }
        remember()
        before.removeLast()
    }

    mutating func deleteForward() {
        guard !after.isEmpty else { return }
        remember()
        after.removeFirst()
    }

    /// Cuts to the end of the line, or the line break when the cursor is there already.
    mutating func killToLineEnd() { killForward(max(lineLength(after), after.isEmpty ? 0 : 1)) }
    mutating func killToLineStart() {
        killBackward(max(lineLength(before.reversed()), before.isEmpty ? 0 : 1))
    }
    mutating func killWordForward() { killForward(wordLength(after)) }
    mutating func killWordBackward() { killBackward(wordLength(before.reversed())) }

    /// Cuts back to the last white space, as a shell does for Ctrl-W.
    mutating func killToSpaceBackward() {
        let reversed = before.reversed()
        let spaces = reversed.prefix { $0.isWhitespace }.count
        killBackward(spaces + reversed.dropFirst(spaces).prefix { !$0.isWhitespace }.count)
    }

    mutating func yank() {
        guard let last = killRing.last else { return }
        remember()
        before += last
        lastAction = .yanking(entry: killRing.count - 1)
    }

    /// Right after `yank`: puts what was cut before that in its place.
    mutating func yankEarlier() {
        guard case .yanking(let entry) = lastAction, killRing.indices.contains(entry),
            before.hasSuffix(killRing[entry])
        else { return }
        let earlier = (entry + killRing.count - 1) % killRing.count
        before.removeLast(killRing[entry].count)
        before += killRing[earlier]
        lastAction = .yanking(entry: earlier)
    }

    /// Puts text into the kill ring that was removed elsewhere.
    mutating func keepForYank(_ text: String) {
        guard !text.isEmpty else { return }
        killRing.append(text)
        if killRing.count > Self.killRingMax { killRing.removeFirst() }
    }

    /// Another text's editor takes over what was cut.
    mutating func adoptKillRing(of other: LineEditor) { killRing = other.killRing }

    /// Swaps the clusters around the cursor, or the last two at the end.
    mutating func transpose() {
        if after.isEmpty, before.count >= 2 { moveLeft() }
        guard !before.isEmpty, !after.isEmpty else { return }
        remember()
        let left = before.removeLast()
        let right = after.removeFirst()
        before.append(right)
        before.append(left)
    }

    mutating func undo() {
        guard let last = undoStack.popLast() else { return }
        redoStack.append(Snapshot(before: before, after: after))
        before = last.before
        after = last.after
        lastAction = .other
    }

    mutating func redo() {
        guard let next = redoStack.popLast() else { return }
        undoStack.append(Snapshot(before: before, after: after))
        before = next.before
        after = next.after
        lastAction = .other
    }

    /// Moves up (negative) or down by lines as they are shown; false when there is none.
    mutating func moveVertically(by delta: Int, width: Int) -> Bool {
        let layout = EditorLayout(self, width: width)
        let target = layout.cursor.row + delta
        guard layout.lines.indices.contains(target) else { return false }
        move(to: layout.offset(row: target, column: layout.cursor.column))
        return true
    }

    /// Places the cursor before the cluster of that number, counted from 0.
    mutating func move(to offset: Int) {
        lastAction = .other
        let characters = Array(text)
        let split = min(max(0, offset), characters.count)
        before = String(characters[..<split])
        after = String(characters[split...])
    }

    private mutating func remember() {
        lastAction = .other
        redoStack.removeAll()
        undoStack.append(Snapshot(before: before, after: after))
        if undoStack.count > Self.undoStepsMax { undoStack.removeFirst() }
    }

    private mutating func killForward(_ count: Int) {
        guard count > 0 else { return }
        let isRun = lastAction == .killingForward
        remember()
        let piece = String(after.prefix(count))
        after.removeFirst(min(count, after.count))
        if isRun, let last = killRing.popLast() { keepForYank(last + piece) } else { keepForYank(piece) }
        lastAction = .killingForward
    }

    private mutating func killBackward(_ count: Int) {
        guard count > 0 else { return }
        let isRun = lastAction == .killingBackward
        remember()
        let piece = String(before.suffix(count))
        before.removeLast(min(count, before.count))
        if isRun, let last = killRing.popLast() { keepForYank(piece + last) } else { keepForYank(piece) }
        lastAction = .killingBackward
    }

    /// The number of clusters up to the end of the next word, the gap before it included.
    private func wordLength(_ characters: some Collection<Character>) -> Int {
        func isWord(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_"
        }
        let gap = characters.prefix { !isWord($0) }.count
        return gap + characters.dropFirst(gap).prefix(while: isWord).count
    }

    private func lineLength(_ characters: some Collection<Character>) -> Int {
        characters.prefix { $0 != "\n" }.count
    }
}
