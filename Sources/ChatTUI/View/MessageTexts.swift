import ChatClientCore

/// The texts of messages, laid out: a text in view is laid out once, not with every frame. A value like the rest of
/// the state; a text that is missing, or was laid out for another width, is laid out where it is needed.
struct MessageTexts: Hashable, Sendable {
    /// Everything besides the text that its lines depend on.
    struct Setting: Hashable, Sendable {
        var width: Int
        var highlight: SearchHighlight?
    }

    private struct Entry: Hashable {
        var content: String
        var lines: [[RichText.Span]]
    }

    private var setting = Setting(width: 0, highlight: nil)
    private var entries: [RowID: Entry] = [:]

    /// The lines of a row's text; nil when it was not laid out like this.
    func lines(of row: TimelineRow, _ setting: Setting) -> [[RichText.Span]]? {
        guard setting == self.setting, let entry = entries[row.id], entry.content == row.content else {
            return nil
        }
        return entry.lines
    }

    /// Lays out those of the rows that it does not hold yet. Another setting begins anew.
    mutating func add(_ rows: some Sequence<TimelineRow>, _ setting: Setting) {
        if setting != self.setting {
            self.setting = setting
            entries = [:]
        }
        for row in rows where entries[row.id]?.content != row.content {
            entries[row.id] = Entry(
                content: row.content,
                lines: RichText.lines(row.content, width: setting.width, highlight: setting.highlight))
        }
    }

    /// Forgets all other rows.
    mutating func keep(_ rows: some Sequence<TimelineRow>) {
        var kept: [RowID: Entry] = [:]
        for row in rows { kept[row.id] = entries[row.id] }
        entries = kept
    }
}
