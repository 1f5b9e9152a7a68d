import ChatWire
import TestSupport

@testable import ChatClientCore

/// What answers questions in the server's place, and a disk without space behind the server. An ingredient of a quarter
/// of the seeds, with dice of its own: the others keep their course.
struct Gateways {
    let areThere: Bool
    private var generator: SeededGenerator
    /// How many of the next requests something else answers.
    private var questions = 0
    /// For how many more steps the disk is full.
    private var fullSteps = 0

    init(seed: UInt64) {
        areThere = seed % 4 == 3
        generator = SeededGenerator(seed: seed &* 104_729)
    }

    /// An answer in the server's place, and whether the server has carried out the request anyway; nil when the
    /// server answers.
    mutating func answer() -> (error: ChatError, isDone: Bool)? {
        guard areThere else { return nil }
        if questions == 0, roll(10) == 0 { questions = 1 + roll(6) }
        guard questions > 0 else { return nil }
        questions -= 1
        let (status, body) = Self.answers[roll(Self.answers.count)]
        return (Self.error(status, body), roll(3) == 0)
    }

    /// Whether the server's disk is full in the next step.
    mutating func isDiskFull() -> Bool {
        guard areThere else { return false }
        if fullSteps > 0 { fullSteps -= 1 } else if roll(40) == 0 { fullSteps = 10 + roll(40) }
        return fullSteps > 0
    }

    private mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &generator) }

    /// Statuses that MyChat also uses, without its envelope, and others.
    private static let answers: [(status: Int, body: String)] = [
        (401, #"{"error":"Unauthorized"}"#),
        (401, "<html><h1>401 Authorization Required</h1></html>"),
        (403, #"{"message":"Forbidden"}"#),
        (404, #"{"timestamp":"2026-01-01","status":404,"error":"Not Found"}"#),
        (404, "<html><h1>404 Not Found</h1></html>"),
        (200, "<!DOCTYPE html><title>Bem-vindo ao Wi-Fi</title>"),
        (200, "{}"),
        (400, "Bad Request"),
        (502, "<html><h1>502 Bad Gateway</h1></html>"),
    ]

    /// The error that a program makes of it.
    private static func error(_ status: Int, _ body: String) -> ChatError {
        if status >= 500 { return .unavailable(status: status, retryAfter: nil) }
        do throws(APIError) {
            _ = try API.me().response(status: status, body: Array(body.utf8))
            return .unexpectedAnswer("an account that is none")
        } catch {
            switch error {
            case .unauthorized(let message): return .unauthorized(message: message)
            case .refused(let status, let message): return .refused(status: status, message: message)
            default: return .unexpectedAnswer("\(error)")
            }
        }
    }
}

extension Simulation {
    /// Answers a request in the server's place, or not.
    func gatewayAnswers<Question>(
        _ asked: Asked<Question>, token: String?, to program: SimulatedProgram
    ) -> Bool {
        guard !isFine, let (error, isDone) = gateways.answer() else { return false }
        trace?("    somebody else answers \(asked.number)\(isDone ? ", the server has done it" : "")")
        if isDone {
            _ = server.answer(asked.question, token: token)
            collect()
        }
        program.answers.append(SimulatedAnswer(asked, .failure(error)))
        return true
    }

    /// Only the server ends a sign-in, and only for a token that it does not accept.
    func checkSignedOut(_ program: SimulatedProgram) throws {
        guard gateways.areThere, !isFine, let token = program.tokenBefore, token == server.token else {
            return
        }
        throw SimulationFault.other("\(program.name) was signed out with a token that the server accepts")
    }

    /// A temporary lack of space does not make a message fail.
    func checkNothingEndedForSpace(on device: SimulatedDevice) throws {
        for row in try device.store.timeline.unsent().map(\.row)
        where row.state == .failed && row.failure == ServerModel.full {
            throw SimulationFault.lost("\(row.content), which there was no space for,")
        }
    }
}
