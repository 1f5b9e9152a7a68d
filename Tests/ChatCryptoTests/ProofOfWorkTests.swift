import Testing

@testable import ChatCrypto

@Suite struct ProofOfWorkTests {
    @Test(arguments: [0, 1, 4, 8, 12])
    func aSolutionIsTheFirstNumberWithTheBits(bits: Int) async {
        let number = await ProofOfWork.solution(of: "a challenge", bits: bits) ?? -1
        #expect(ProofOfWork.bits(of: number, for: "a challenge") >= bits)
        let earlier = (0..<number).filter { ProofOfWork.bits(of: $0, for: "a challenge") >= bits }
        #expect(earlier == [])
    }

    @Test(arguments: [("a", 0 as Int64), ("a", 1), ("b", 7)])
    func countsTheZeroBitsAtTheBeginning(challenge: String, number: Int64) {
        let digest = Digest.sha256(Array("\(challenge):\(number)".utf8))
        let text = digest.map { byte in (0..<8).reversed().map { byte >> $0 & 1 == 0 ? "0" : "1" }.joined() }
            .joined()
        #expect(ProofOfWork.bits(of: number, for: challenge) == text.prefix { $0 == "0" }.count)
    }

    @Test func aCancelledTaskStops() async {
        let task = Task { await ProofOfWork.solution(of: "a challenge", bits: 200) }
        task.cancel()
        #expect(await task.value == nil)
    }
}
