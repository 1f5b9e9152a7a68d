@testable import ChatClientCore

private struct PushRun: Equatable {
    var requests: [PushRequest] = []
    var error: PushRequestParser.ParseError?
}

private func run(_ pieces: [[UInt8]]) -> PushRun {
    var parser = PushRequestParser()
    var run = PushRun()
    do throws(PushRequestParser.ParseError) {
        for piece in pieces {
            parser.receive(piece)
            while let request = try parser.next() { run.requests.append(request) }
            require(try parser.next() == nil, "without more bytes nothing more comes")
        }
    } catch {
        run.error = error
    }
    return run
}

/// The requests that a push service, or anybody, sends to `mychat push listen`.
func checkPushRequest(_ input: [UInt8]) {
    let whole = run([input])
    requireEqual(whole, run(input.map { [$0] }), "bytes may be cut anywhere")
    for request in whole.requests {
        require(request.body.count <= PushRequestParser.bodyLengthMax, "the limit of a body holds")
        require(request.headers["transfer-encoding"] == nil, "the length is known")
    }
}
