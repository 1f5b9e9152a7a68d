/// One realtime connection of this process.
struct SocketID: Hashable, Sendable {
    let rawValue: UInt64
}
