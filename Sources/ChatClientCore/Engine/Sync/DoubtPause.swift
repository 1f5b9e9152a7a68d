/// How long the client waits before it asks again about an answer that contradicts what is known.
enum DoubtPause {
    static let first = Duration.seconds(5)
    private static let longest = Duration.seconds(320)

    /// Doubles with each answer in a row that was doubtful before this one.
    static func after(_ count: Int) -> Duration { min(first * (1 << min(count, 10)), longest) }
}
