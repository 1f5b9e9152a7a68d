/// Gives links to the person's browser, over the desktop's own program and without a shell.
enum Browser {
    /// The programs that open links, in the order in which they are tried.
    private static let openers = ["xdg-open", "open"]

    /// Starts the browser on an http or https link and does not wait for it; false when there is no program
    /// that could be started.
    static func open(_ link: String, environment: [String: String]) -> Bool {
        let beginning = link.prefix(8).lowercased()
        guard beginning.hasPrefix("http://") || beginning.hasPrefix("https://") else { return false }
        return openers.contains { DetachedProcess.start([$0, link], environment: environment) }
    }
}
