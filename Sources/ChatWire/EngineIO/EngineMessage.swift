/// A message that a session carries for the layer above.
public enum EngineMessage: Hashable, Sendable {
    /// UTF-8, without the packet's type digit.
    case text(ArraySlice<UInt8>)
    case binary(ArraySlice<UInt8>)
}
