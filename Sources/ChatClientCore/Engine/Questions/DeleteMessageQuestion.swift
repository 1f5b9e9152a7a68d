import ChatSQLite
import ChatWire

/// Tells the server of a message that the person has deleted.
struct DeleteMessageQuestion: WishQuestion, EndpointQuestion, SyncStep {
    typealias Answer = Void

    let id: MessageID

    var call: APICall<Answer> { API.deleteMessage(id) }

    func receive(
        _ answer: Void, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        try context.store.deletions.wasTold(id)
    }

    /// Deleted already, or never to be deleted: the message is gone here, and a page brings it back if it exists.
    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try context.store.deletions.wasTold(id)
    }
}

extension SyncPlan.Step {
    static func deleteMessage(_ id: MessageID) -> Self { Self(DeleteMessageQuestion(id: id)) }
}
