import ChatClientCore
import ChatWire

/// Why a command failed: the exit status, and one line for the person.
public struct CommandFailure: Error, Hashable, Sendable {
    public var status: ExitStatus
    /// What happened, in the person's language; text from others in it is sanitised.
    public var message: String
    /// What to do about it, if there is something.
    public var advice: String?

    public init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
        self.status = status
        self.message = message
        self.advice = advice
    }

    /// Message and advice, as printed on standard error.
    public var line: String {
        guard let advice else { return message }
        let ending = message.hasSuffix("?") || message.hasSuffix(".") ? "" : "."
        return "\(message)\(ending) \(advice)"
    }
}
