import ChatCrypto
import ChatWire

extension RESTClient {
    /// Creates an account. Where the server asks for a proof of work, it is computed off the calling thread, and the
    /// account is asked for again.
    ///
    /// - Throws: `.refused` with the server's words; `.unexpectedAnswer` when the server asks for more work than any of
    ///   this API may.
    nonisolated(nonsending) func register(
        name: String, email: String, password: String, invitation: String?
    ) async throws(ChatError) -> SignIn {
        func call(_ proof: SignUpProof?) -> APICall<SignIn> {
            API.register(
                name: name, email: email, password: password, invitation: invitation, proof: proof)
        }
        do throws(ChatError) {
            return try await self.call(call(nil), token: nil)
        } catch .refused(_, let message) where message == Refusal.proofMissing.message {
            let challenge = try await self.call(API.challenge(), token: nil)
            return try await self.call(call(try await Self.proof(for: challenge)), token: nil)
        } catch {
            throw error
        }
    }

    private static func proof(for challenge: SignUpChallenge) async throws(ChatError) -> SignUpProof {
        guard challenge.bits <= SignUpChallenge.bitsMax else {
            throw .unexpectedAnswer("a challenge of \(challenge.bits) bits")
        }
        guard let number = await ProofOfWork.solution(of: challenge.text, bits: challenge.bits) else {
            throw .timeout
        }
        return SignUpProof(challenge: challenge.text, number: number)
    }
}
