import ChatClientCore
import ChatWire

/// Who is here, and how the link is.
enum TitleBar {
    static func draw(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty else { return }
        let (mark, style) = linkMark(state)
        var left = area.column + 1
        let room = area.columns - 2 - "MyChat ".count - TextWidth.of(mark) - 1
        let link = state.strings.link(state.link, secondsToNextTry: state.secondsToNextTry, columns: room)
        let linkColumns = TextWidth.of(mark) + 1 + TextWidth.of(link)
        left += screen.write("MyChat", column: left, row: area.row, style: state.theme.accent.with(.bold))
        let right = max(left + 1, area.endColumn - 1 - linkColumns)
        if let account = state.account {
            let room = right - left - 4
            let who = TextWidth.truncated(
                Sanitizer.line(account.user.email), to: room, ellipsis: state.symbols.ellipsis)
            if room > 4 {
                screen.write(" \(state.symbols.dot) ", column: left, row: area.row, style: state.theme.rule)
                screen.write(who, column: left + 3, row: area.row, style: state.theme.faint)
            }
        }
        guard state.account != nil else { return }
        screen.write(mark, column: right, row: area.row, style: style)
        screen.write(
            link, column: right + TextWidth.of(mark) + 1, row: area.row,
            style: state.link == .online ? state.theme.faint : style)
    }

    private static func linkMark(_ state: AppState) -> (String, Style) {
        switch state.link {
        case .online: (state.symbols.online, state.theme.good)
        case .connecting: (state.symbols.offline, state.theme.faint)
        case .offline, .signedOut: (state.symbols.offline, state.theme.warning)
        case .inUseElsewhere, .refused: (state.symbols.failed, state.theme.warning)
        }
    }
}
