/// One change to the database, carried out in a transaction.
package protocol StoreCommand: Sendable {
    associatedtype Outcome: Sendable

    /// Carries the command out.
    ///
    /// - Throws: a ``Refusal``, and then it must not have written anything; or whatever the database throws, and
    ///   then the transaction is rolled back.
    func apply(in transaction: any StorageTransaction) throws -> Outcome
}
