import ChatClientCore
import ChatWire

/// Why a command ends without having done its work: the exit status, and one line for the person.
public struct CommandFailure: Error, Hashable, Sendable {
    public var status: ExitStatus
    /// What happened, in the person's language, without text of others that is not sanitised.
    public var message: String
    /// What to do about it, where there is something.
    public var advice: String?

    public init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
        self.status = status
        self.message = message
        self.advice = advice
    }

    /// Message and advice, as standard error shows them.
    public var line: String {
        guard let advice else { return message }
        let ending = message.hasSuffix("?") || message.hasSuffix(".") ? "" : "."
        return "\(message)\(ending) \(advice)"
    }
}
