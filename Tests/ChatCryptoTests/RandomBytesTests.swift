import ChatCrypto
import Testing

@Suite("Random bytes")
struct RandomBytesTests {
    @Test(arguments: [0, 1, 7, 8, 9, 16, 32, 1000])
    func countIsExact(count: Int) {
        #expect(RandomBytes.generate(count).count == count)
    }

    @Test("No two draws are equal, and every position takes many values")
    func draws() {
        let draws = (0..<500).map { _ in RandomBytes.generate(20) }
        #expect(Set(draws).count == draws.count)
        for position in 0..<20 {
            // 500 draws of 256 values show about 220 of them; fewer than 150 would be a miracle.
            #expect(Set(draws.map { $0[position] }).count > 150)
        }
    }
}
