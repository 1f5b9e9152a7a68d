import ChatNet
import ChatWire

/// Expectations of arrival and of absence.
struct ExpectationSteps {
    let context: ScenarioContext
    private var sockets: SocketSteps { SocketSteps(context: context) }
    private var raw: RawSteps { RawSteps(context: context) }
    private var pushes: PushSteps { PushSteps(context: context) }

    func expect(
        _ expectation: Expectation, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        if expectation.isAboutPushes { return try await pushes.expect(expectation, person) }
        let isSettled = expectation.needsSettling
        if isSettled { try await settle(device, subject) }
        let deadline = context.thread.now + (expectation.duration ?? context.stepTimeout)
        let result = try await context.waitUntil(deadline) { () throws(StepFailure) -> (Scope, Int)? in
            switch expectation.judge(device.inbox, context.scope, isSettled: isSettled) {
            case .met(let scope, let mark): return (scope, mark)
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting(let missing):
                try checkStillOpen(device, missing)
                return nil
            }
        }
        guard let (scope, mark) = result else { throw context.missed(expectation, device.inbox) }
        context.scope = scope
        device.inbox.read(upTo: mark)
    }

    private func settle(_ device: Device, _ subject: Subject) async throws(StepFailure) {
        if device.raw != nil { return try await raw.settle(device, subject) }
        let socket = try sockets.usableSocket(device, subject)
        guard socket.phase == .letIn else {
            // A refused connection gets no answer: give the server a moment.
            try await context.pause(.milliseconds(300))
            return
        }
        try await sockets.settle(socket, subject)
    }

    private func checkStillOpen(_ device: Device, _ missing: String) throws(StepFailure) {
        let isOpen = device.raw != nil && device.rawTask != nil || device.socket?.isUsable == true
        guard !isOpen else { return }
        let last = device.inbox.unread.last.map { ", after \($0.text)" } ?? ""
        throw StepFailure(
            expected: missing,
            came: device.socket == nil && device.raw == nil
                ? "no socket is open" : "the socket was closed\(last)")
    }
}
