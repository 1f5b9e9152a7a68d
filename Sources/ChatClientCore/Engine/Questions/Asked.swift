import ChatWire

/// A question on its way to the server. Its answer comes back with it, and so cannot be of another type.
struct Asked<Question: ServerQuestion>: AskedQuestion {
    /// Rises with each question of the engine.
    let number: Int
    let question: Question
    /// The step of the plan that the answer completes; nil for a question outside the plan.
    let step: SyncPlan.Step?
    /// The highest id in the cache at the time of the request; 0 for a question that does not compare it.
    let knownAtRequest: MessageID

    var typed: Asked { self }
}

/// A question of any kind on its way to the server.
protocol AskedQuestion: Hashable, Sendable {
    associatedtype Question: ServerQuestion

    var question: Question { get }
    /// The same with its type, once the existential is opened.
    var typed: Asked<Question> { get }
}

/// A question of any kind on its way to the server, as a value that can be compared.
struct OpenQuestion: Hashable, Sendable {
    let asked: any AskedQuestion

    var question: any ServerQuestion { asked.question }

    static func == (one: OpenQuestion, other: OpenQuestion) -> Bool {
        AnyHashable(one.asked) == AnyHashable(other.asked)
    }

    func hash(into hasher: inout Hasher) { asked.hash(into: &hasher) }
}
