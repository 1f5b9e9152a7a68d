import ChatNet
import ChatWire

// Expectations of arrival and of absence.
extension ScenarioRunner {
    func expect(
        _ expectation: Expectation, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        if expectation.isAboutPushes { return try await expectPushes(expectation, person) }
        let isSettled = expectation.needsSettling
        if isSettled { try await settle(device, subject) }
        let deadline = thread.now + (expectation.duration ?? stepTimeout)
        let result = try await waitUntil(deadline) { () throws(StepFailure) -> (Scope, Int)? in
            switch expectation.judge(device.inbox, scope, isSettled: isSettled) {
            case .met(let scope, let mark): return (scope, mark)
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting(let missing):
                try checkStillOpen(device, missing)
                return nil
            }
        }
        guard let (scope, mark) = result else { throw missed(expectation, device.inbox) }
        self.scope = scope
        device.inbox.read(upTo: mark)
    }

    private func settle(_ device: Device, _ subject: Subject) async throws(StepFailure) {
        if device.raw != nil { return try await settleRaw(device, subject) }
        let socket = try usableSocket(device, subject)
        guard socket.phase == .letIn else {
            // A refused connection gets no answer: give the server a moment.
            _ = try await waitUntil(thread.now + .milliseconds(300)) { () throws(StepFailure) -> Bool? in nil
            }
            return
        }
        try await settle(socket, subject)
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

    /// The failure when nothing that fits has arrived in time.
    func missed(_ expectation: Expectation, _ inbox: Inbox) -> StepFailure {
        var expected = "an event"
        if case .waiting(let missing) = expectation.judge(inbox, scope, isSettled: false) {
            expected = missing
        }
        let time = seconds(expectation.duration ?? stepTimeout)
        let came: String
        if let near = expectation.nearMiss(inbox, scope) {
            came = near
        } else if inbox.unread.isEmpty {
            came = "nothing in \(time)"
        } else {
            let names = inbox.unread.suffix(6).map(\.name).joined(separator: ", ")
            came = "in \(time) only \(names)"
        }
        return StepFailure(expected: expected, came: came)
    }
}
