/// How many messages of a conversation are requested at once.
enum PageLimits {
    static let usual = 50
    /// As many as the original server returns at most.
    static let longest = 200
}
