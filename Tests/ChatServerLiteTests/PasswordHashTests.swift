import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct PasswordHashTests {
    /// Published bcrypt vectors, with the prefix in use.
    @Test(arguments: [
        ("a", "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", "$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        (
            "abcdefghijklmnopqrstuvwxyz",
            "$2b$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"
        ),
        (
            "~!@#$%^&*()      ~!@#$%^&*()PNBFRD",
            "$2b$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"
        ),
        ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ])
    func agreesWithPublishedVectors(password: String, hash: String) {
        #expect(PasswordHash.verify(password, against: hash))
        #expect(!PasswordHash.verify(password + "x", against: hash))
    }

    @Test(arguments: ["secret1", "ççãão€12", "😀😀😀😀", "      ", String(repeating: "p", count: 72)])
    func verifiesItsOwnHashes(password: String) throws {
        let hash = try #require(PasswordHash.make(password, cost: 4))
        #expect(hash.hasPrefix("$2b$04$"))
        #expect(hash.utf8.count == 60)
        #expect(PasswordHash.verify(password, against: hash))
        #expect(!PasswordHash.verify(String(password.dropLast()), against: hash))
    }

    @Test func saltsDiffer() {
        #expect(PasswordHash.make("secret1", cost: 4) != PasswordHash.make("secret1", cost: 4))
    }

    /// To libcrypt both passwords would be the same empty text.
    @Test func charactersAfterANULCount() throws {
        let hash = try #require(PasswordHash.make("\0secret", cost: 4))
        #expect(PasswordHash.verify("\0secret", against: hash))
        #expect(!PasswordHash.verify("\0other!", against: hash))
        #expect(!PasswordHash.verify("", against: hash))
    }

    @Test func passwordsBeyond72BytesAreRefused() {
        #expect(PasswordHash.make(String(repeating: "p", count: 73), cost: 4) == nil)
        #expect(PasswordHash.make("é" + String(repeating: "p", count: 71), cost: 4) == nil)
    }

    /// The limit counts bytes: a letter with an accent has two.
    @Test func theRuleForPasswordsCountsBytes() {
        let rules = AccountRules(.extended)
        func refusal(_ password: String) -> Refusal? {
            rules.refusal(name: "Ana", email: "ana@x", password: password)
        }
        #expect(refusal(String(repeating: "é", count: 36)) == nil)
        #expect(refusal(String(repeating: "é", count: 36) + "x") == .passwordTooLong)
        #expect(refusal(String(repeating: "😀", count: 19)) == .passwordTooLong)
    }

    @Test(arguments: ["", "plain", "$2b$04$", "*0", "$1$abc$def"])
    func anInvalidHashMatchesNothing(hash: String) {
        #expect(!PasswordHash.verify("secret1", against: hash))
    }

    @Test(arguments: [-1, 0, 3, 32])
    func aCostOutOfRangeIsRefused(cost: Int) {
        #expect(PasswordHash.make("secret1", cost: cost) == nil)
    }

    @Test func theQueueIsBounded() async throws {
        let hasher = PasswordHasher(cost: 4, queueLength: 0, threads: 1)
        await #expect(throws: FairWorker.Refused.self) {
            try await hasher.hash("secret1", for: FairAsker(group: "a"))
        }
        await hasher.shutdown()
    }

    @Test func anUnknownAccountNeverMatches() async throws {
        let hasher = PasswordHasher(cost: 4, queueLength: 8, threads: 1)
        let asker = FairAsker(group: "a")
        #expect(try await !hasher.verify("secret1", against: nil, for: asker).isRight)
        let hash = try #require(try await hasher.hash("secret1", for: asker))
        #expect(try await hasher.verify("secret1", against: hash, for: asker) == .init(isRight: true))
        await hasher.shutdown()
    }

    /// After a change of the cost, the right password gets a hash of the new cost.
    @Test(arguments: [(4, 5), (6, 5)]) func aHashOfAnotherCostIsRenewed(old: Int, new: Int) async throws {
        let hasher = PasswordHasher(cost: new, storedCost: old, queueLength: 8, threads: 1)
        let asker = FairAsker(group: "a")
        let stored = try #require(PasswordHash.make("secret1", cost: old))
        #expect(try await hasher.verify("secret2", against: stored, for: asker) == .init(isRight: false))
        let verdict = try await hasher.verify("secret1", against: stored, for: asker)
        let renewed = try #require(verdict.renewed)
        #expect(verdict.isRight && PasswordHash.cost(of: renewed) == new)
        #expect(PasswordHash.verify("secret1", against: renewed))
        await hasher.shutdown()
    }

    /// A refusal always hashes the same number of rounds in total, whatever the cost of the stored hash.
    @Test(arguments: [nil, 4, 8, 12, 14] as [Int?])
    func aRefusalTakesTheSameTime(stored: Int?) {
        let costs = PasswordHasher.costsOfRefusal(stored: stored, highest: 14)
        #expect(costs.reduce(0) { $0 + (1 << $1) } == 1 << 14)
    }
}
