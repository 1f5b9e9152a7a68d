/// What the terminal client asks of the program around it.
public struct TerminalServices: Sendable {
    /// The last arrangement of the screen.
    public var preferences: ScreenPreferences
    /// Keeps how the screen is arranged. Called off the main thread.
    public var keepPreferences: @Sendable (ScreenPreferences) -> Void
    /// Keeps the client's server for the next start; somebody has signed in on it. Called off the main thread.
    public var rememberServer: @Sendable () -> Void
    /// Shows a notification on the desktop. Called off the main thread; both texts are sanitised.
    public var notify: @Sendable (_ title: String, _ body: String) -> Void

    public init(
        preferences: ScreenPreferences = .standard,
        keepPreferences: @escaping @Sendable (ScreenPreferences) -> Void = { _ in },
        rememberServer: @escaping @Sendable () -> Void = {},
        notify: @escaping @Sendable (_ title: String, _ body: String) -> Void = { _, _ in }
    ) {
        self.preferences = preferences
        self.keepPreferences = keepPreferences
        self.rememberServer = rememberServer
        self.notify = notify
    }
}
