import ChatSQLite
import ChatWire

/// Carries out what the person wants of contacts. A wish is stored and shown at once, and the server is told when it
/// can be reached. A wish names the result and not the steps: the step is found by comparing the wish with the server's
/// list. So wishes coalesce, and a wish whose answer was lost is not carried out twice.
struct ContactWishes: Equatable, Sendable {
    /// A refusal may be due to an old list. It counts when the newest list asks for the same change.
    private struct Refusal: Equatable {
        let wish: ContactWish
        let changed: ContactID?
        let reason: String
    }

    /// What a change by the person begins with.
    enum Start: Sendable {
        /// The cache shows that the server has nothing to do.
        case done
        /// The wish waits for the link.
        case queued
        /// The caller asks the server, and waits for the answer.
        case ask(any ContactQuestion)
    }

    /// The people about whom a caller has asked the server and waits for the answer.
    private var inHand: Set<UserID> = []
    private var refusals: [UserID: Refusal] = [:]

    /// The server has another database: refusals of the former one do not count.
    mutating func forgetRefusals() { refusals = [:] }

    // MARK: Changes by the person

    /// Writes the wish down and says who carries it out.
    mutating func begin(
        _ user: UserID, isWanted: Bool, name: String?, knownAs person: Person?,
        _ context: inout EngineContext
    ) throws(ChatError) -> Start {
        guard user != context.me else { throw .invalid(.ownAccount) }
        let store = context.store
        if let person {
            _ = try store.reporting { () throws(SQLiteError) in try store.apply([.person(person)]) }
        }
        let wish = try enter(user, isWanted: isWanted, name: name, &context)
        let question = try store.reporting { () throws(SQLiteError) in
            try store.wishes.nextQuestion(of: wish)
        }
        guard let question else {
            try store.reporting { () throws(SQLiteError) in try store.wishes.forget(wish) }
            return .done
        }
        // A request is useless while the link keeps failing. When another program has the link, it completes the
        // change.
        if case .offline(_, .some) = context.linkState { return .queued }
        guard context.signIn.isSignedIn, inHand.insert(user).inserted else { return .queued }
        return .ask(question)
    }

    /// The server has answered a caller, or could not. False when the wish stays and is carried out later.
    mutating func end<Question: ContactQuestion>(
        _ question: Question, _ result: Result<Question.Answer, ChatError>, _ context: inout EngineContext
    ) throws(ChatError) -> Bool {
        inHand.remove(question.wish.user)
        let store = context.store
        switch result {
        case .success(let answer):
            try store.reporting { () throws(SQLiteError) in try question.store(answer, in: store.wishes) }
        case .failure(.refused):
            try store.reporting { () throws(SQLiteError) in try store.wishes.forget(question.wish) }
        case .failure: return false
        }
        context.announce(.conversations)
        return true
    }

    /// Writes the wish down and shows it.
    mutating func enter(
        _ user: UserID, isWanted: Bool, name: String?, _ context: inout EngineContext
    ) throws(ChatError) -> ContactWish {
        let store = context.store
        let wish = try store.reporting { () throws(SQLiteError) in
            try store.wishes.enter(user, isWanted: isWanted, name: name)
        }
        refusals[user] = nil
        context.announce(.conversations)
        return wish
    }

    /// Plans the requests for the wishes that no caller carries out.
    func plan(_ context: inout EngineContext) throws(SQLiteError) {
        guard context.link.isUp else { return }
        for wish in try context.store.wishes.all() where !inHand.contains(wish.user) {
            context.requests.plan.add(.contactWish(wish.user))
        }
    }

    /// The server's list is here: asks the next question of a wish.
    mutating func carryOut(
        _ user: UserID, _ list: ContactListing, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let wish = try context.store.wishes.wish(user), !inHand.contains(user) else {
            return context.requests.plan.finish(.contactWish(user))
        }
        let isDoubtful = list.isEmptyInDoubt(at: now.monotonic)
        guard let question = try context.store.wishes.nextQuestion(of: wish) else {
            if !wish.isWanted, isDoubtful {
                return Self.awaitList(for: user, at: now, &context.requests.plan)
            }
            try context.store.wishes.forget(wish)
            refusals[user] = nil
            return context.requests.plan.finish(.contactWish(user))
        }
        if let refusal = refusals[user], refusal.wish == wish, refusal.changed == question.changed {
            // The contact may be there already, and the list empty because a read failed.
            if question.changed == nil, isDoubtful {
                return Self.awaitList(for: user, at: now, &context.requests.plan)
            }
            // Neither the server itself nor its list has the contact any more.
            if list.isKnown, list[user] == nil, let id = question.changed {
                refusals[user] = nil
                try context.store.people.contactIsGone(id)
                context.announce(.conversations)
                return try carryOut(user, list, at: now, &context)
            }
            context.requests.plan.finish(.contactWish(user))
            return try giveUp(wish, reason: refusal.reason, &context)
        }
        context.ask(question, for: .contactWish(user))
    }

    /// The wish waits for another list.
    private static func awaitList(for user: UserID, at now: Moment, _ plan: inout SyncPlan) {
        plan.finish(.contactWish(user))
        plan.add(.contacts, after: DoubtPause.first, at: now.monotonic)
        plan.add(.contactWish(user), after: DoubtPause.first, at: now.monotonic)
    }

    private mutating func giveUp(
        _ wish: ContactWish, reason: String, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try context.store.wishes.forget(wish)
        refusals[wish.user] = nil
        context.announce(.conversations)
        context.announce(.notice(.contactChangeRefused(wish.user, reason: reason)))
    }

    /// The server has done what a wish needs.
    static func done<Question: ContactQuestion>(
        _ question: Question, _ answer: Question.Answer, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try question.store(answer, in: context.store.wishes)
        context.announce(.conversations)
        context.requests.plan.add(.contacts)
    }

    /// The server has refused what a wish needs.
    mutating func refused(_ question: some ContactQuestion, reason: String, _ plan: inout SyncPlan) {
        let wish = question.wish
        refusals[wish.user] = Refusal(wish: wish, changed: question.changed, reason: reason)
        plan.add(.contacts)
        plan.add(.contactWish(wish.user))
    }
}
