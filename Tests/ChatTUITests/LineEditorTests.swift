import TestSupport
import Testing

@testable import ChatTUI

struct LineEditorTests {
    /// Writes the cursor as `|`.
    private func shown(_ editor: LineEditor) -> String { editor.before + "|" + editor.after }

    private func editor(_ text: String) -> LineEditor {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        var editor = LineEditor(parts.joined())
        editor.move(to: parts[0].count)
        return editor
    }

    @Test(arguments: [
        ("ab|c", [Command.Edit.left], "a|bc"), ("|abc", [.left], "|abc"), ("abc|", [.right], "abc|"),
        ("a👨‍👩‍👧‍👦|b", [.left], "a|👨‍👩‍👧‍👦b"), ("e\u{301}|", [.deleteBackward], "|"), ("|🇧🇷x", [.deleteForward], "|x"),
        ("um dois| três", [.wordLeft], "um |dois três"), ("um |dois", [.wordLeft], "|um dois"),
        ("|um dois", [.wordRight, .wordRight], "um dois|"), ("a\nb|c\nd", [.lineStart], "a\n|bc\nd"),
        ("a\nb|c\nd", [.lineEnd], "a\nbc|\nd"), ("a\nb|c", [.textStart], "|a\nbc"),
        ("|a\nbc", [.textEnd], "a\nbc|"),
        ("um |dois\ntrês", [.killToEnd], "um |\ntrês"), ("um |\ntrês", [.killToEnd], "um |três"),
        ("um dois|", [.killToStart], "|"), ("a\n|b", [.killToStart], "a|b"),
        ("um dois-três|", [.killWordBackward], "um dois-|"),
        ("um dois-três |", [.killToSpace], "um |"), ("|um, dois", [.killWordForward, .killWordForward], "|"),
        ("um dois|", [.killWordBackward, .textStart, .yank], "dois|um "), ("ab|", [.transpose], "ba|"),
        ("a|b", [.transpose], "ba|"),
        ("|ab", [.transpose], "|ab"), ("um |dois", [.killToEnd, .undo], "um |dois"),
        ("abc|", [.deleteBackward, .deleteBackward, .undo], "ab|"),
        ("|", [.deleteBackward, .deleteForward, .killToEnd, .killToStart, .yank, .undo], "|"),
    ])
    func editing(_ text: String, edits: [Command.Edit], expected: String) {
        var editor = editor(text)
        for edit in edits { editor.apply(edit) }
        #expect(shown(editor) == expected)
    }

    @Test func combiningMarksJoinTheLetterBefore() {
        var editor = LineEditor()
        editor.insert("e")
        editor.insert("\u{301}")
        #expect(editor.text.count == 1)
        editor.deleteBackward()
        #expect(editor.isEmpty)
    }

    @Test func undoGoesBackByWords() {
        var editor = LineEditor()
        for character in "um dois" { editor.insert(String(character)) }
        editor.undo()
        #expect(editor.text == "um")
        editor.undo()
        #expect(editor.isEmpty)
        editor.undo()
        #expect(editor.isEmpty)
    }

    @Test func movingUpAndDownKeepsTheColumn() {
        let editor = Box(editor("primeira linha\nsegunda li|nha\nx"))
        #expect(editor.moveVertically(by: -1, width: 40))
        #expect(shown(editor.value) == "primeira l|inha\nsegunda linha\nx")
        #expect(!editor.moveVertically(by: -1, width: 40))
        #expect(editor.moveVertically(by: 1, width: 40))
        #expect(editor.moveVertically(by: 1, width: 40))
        #expect(shown(editor.value) == "primeira linha\nsegunda linha\nx|")
        #expect(!editor.moveVertically(by: 1, width: 40))
    }

    @Test func movingUpThroughAWrappedLine() {
        let editor = Box(editor("palavras que quebram aqui|"))
        #expect(editor.moveVertically(by: -1, width: 11))
        #expect(editor.value.before.count < "palavras que quebram".count)
        #expect(editor.value.text == "palavras que quebram aqui")
    }

    @Test func lengthIsCountedAsTheServerDoes() {
        #expect(editor("e\u{301}|👨‍👩‍👧‍👦").scalarCount == 9)
    }

    /// Any sequence of edits leaves whole clusters, and undo gives every step back.
    @Test func randomEdits() {
        let edits: [Command.Edit] = [
            .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .textStart, .textEnd, .deleteBackward,
            .deleteForward,
            .killToEnd, .killToStart, .killWordBackward, .killWordForward, .killToSpace, .yank, .transpose,
        ]
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            var editor = LineEditor()
            var pasted = 0
            for _ in 0..<40 {
                if Bool.random(using: &generator) {
                    editor.insert(generator.text(clusters: 3))
                    pasted += 1
                } else {
                    editor.apply(edits.randomElement(using: &generator) ?? .left)
                }
                let width = Int.random(in: 1...12, using: &generator)
                let layout = EditorLayout(editor, width: width)
                #expect(layout.lines.indices.contains(layout.cursor.row), "seed \(seed)")
                #expect(layout.cursor.column >= 0 && layout.cursor.column < width, "seed \(seed)")
                let moved = editor.text
                _ = editor.moveVertically(by: Bool.random(using: &generator) ? 1 : -1, width: width)
                #expect(editor.text == moved, "seed \(seed)")
            }
            for _ in 0...LineEditor.undoStepsMax { editor.undo() }
            #expect(pasted == 0 || editor.isEmpty, "seed \(seed)")
        }
    }

    /// The height of the composer is that of the layout, without laying everything out.
    @Test func linesAreCountedNoFurtherThanNeeded() {
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed)
            var text = generator.text(clusters: Int.random(in: 0...200, using: &generator))
            if seed % 3 == 0 { text += String(repeating: " ", count: 300) + "fim" }
            let width = Int.random(in: 1...30, using: &generator)
            let most = Int.random(in: 1...9, using: &generator)
            let lines = EditorLayout(LineEditor(text), width: width).lines.count
            #expect(
                EditorLayout.lineCount(of: text, width: width, most: most) == min(lines, most), "seed \(seed)"
            )
        }
    }
}
