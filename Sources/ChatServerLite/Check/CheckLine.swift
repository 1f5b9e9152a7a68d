/// One finding of `mychat-server check`.
package struct CheckLine: Equatable, Sendable {
    package enum State: String, Comparable, Sendable {
        case ok, warning, wrong

        package static func < (left: State, right: State) -> Bool { left.order < right.order }

        private var order: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .wrong: 2
            }
        }
    }

    package enum Topic: String, Sendable {
        case settings, database, keys, addresses, clock, files
    }

    package let topic: Topic
    package let state: State
    /// What was found.
    package let text: String
    /// What to do about it; nil when nothing needs to be done, or the text says it.
    package let advice: String?

    package init(_ topic: Topic, _ state: State, _ text: String, advice: String? = nil) {
        self.topic = topic
        self.state = state
        self.text = text
        self.advice = advice
    }
}
