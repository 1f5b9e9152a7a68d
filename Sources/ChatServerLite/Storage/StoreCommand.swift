/// One change to the database, carried out in a transaction.
package protocol StoreCommand: Sendable {
    associatedtype Outcome: Sendable

    /// Carries the command out.
    ///
    /// - Throws: a ``Refusal``, if the command has written nothing; or whatever the database throws, and then
    ///   the transaction is rolled back.
    func apply(in transaction: any StorageTransaction) throws -> Outcome
}
