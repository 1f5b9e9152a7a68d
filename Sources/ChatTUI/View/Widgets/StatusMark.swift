import ChatClientCore

/// The mark beside a message for its state. Each state has a shape of its own.
enum StatusMark {
    static func of(_ rowState: RowState?, _ context: ScreenContext) -> (String, Style)? {
        let symbols = context.symbols
        let theme = context.theme
        switch rowState {
        case .received, nil: return nil
        case .queued, .sending, .unknown: return (symbols.queued, theme.warning)
        case .sent: return (symbols.sent, theme.faint)
        case .delivered: return (symbols.delivered, theme.faint)
        case .read: return (symbols.read, theme.good)
        case .failed: return (symbols.failed, theme.bad.with(.bold))
        case .held: return (symbols.held, theme.warning.with(.bold))
        }
    }
}
