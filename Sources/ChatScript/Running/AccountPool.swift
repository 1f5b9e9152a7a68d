/// The existing accounts that no scenario uses at the moment.
actor AccountPool {
    private var free: [ExistingAccount]

    init(_ accounts: [ExistingAccount]) { free = accounts }

    func take() -> ExistingAccount? { free.isEmpty ? nil : free.removeFirst() }

    func giveBack(_ accounts: [ExistingAccount]) { free = accounts + free }
}
