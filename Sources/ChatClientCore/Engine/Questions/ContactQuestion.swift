import ChatSQLite
import ChatWire

/// A question that fulfils a wish about a contact. A caller asks it and waits for the answer, or the plan asks it.
protocol ContactQuestion: WishQuestion, EndpointQuestion {
    var wish: ContactWish { get }
    /// The contact that is renamed or removed; nil for a new one.
    var changed: ContactID? { get }

    /// Stores what the server has done, and removes the wish unless another has replaced it.
    func store(_ answer: Answer, in wishes: ContactWishTable) throws(SQLiteError)
}

extension ContactQuestion {
    func receive(
        _ answer: Answer, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        try ContactWishes.done(self, answer, &context)
        try sync.planWishes(&context)
    }

    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        sync.wishes.refused(self, reason: reason, &context.requests.plan)
    }
}

/// Takes the next step towards the person's wish for a contact.
struct ContactWishStep: SyncStep {
    let user: UserID

    /// The list must be known: it decides which question fulfils the wish.
    func mustWait(in plan: SyncPlan) -> Bool { plan.isOpen(.contacts) }

    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try sync.wishes.carryOut(user, sync.known.list, at: now, &context)
    }
}

extension SyncPlan.Step {
    static func contactWish(_ user: UserID) -> Self { Self(ContactWishStep(user: user)) }
}

extension ContactWishTable {
    /// The question that a wish needs, given the contacts in the cache; nil when the wish is fulfilled.
    func nextQuestion(of wish: ContactWish) throws(SQLiteError) -> (any ContactQuestion)? {
        let known = try contact(wish.user)
        guard wish.isWanted else { return known.map { RemoveContactQuestion(id: $0.id, wish: wish) } }
        guard let known else { return AddContactQuestion(wish: wish) }
        guard let name = wish.name, name != known.name else { return nil }
        return RenameContactQuestion(id: known.id, name: name, wish: wish)
    }
}
