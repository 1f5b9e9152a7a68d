import ChatWire

private struct HTTPRun: Equatable {
    var response: HTTPResponse?
    var error: HTTPParseError?
    var leftover: [UInt8] = []
    var progress = HTTPResponseParser.Progress.waiting
    var isReusable = false
}

private let httpLimits = HTTPLimits(
    lineLength: 256, headLength: 600, fieldCount: 10, bodyLength: 700, interimResponses: 2)

private func run(_ pieces: [[UInt8]], method: HTTPMethod) -> HTTPRun {
    var parser = HTTPResponseParser(method: method, limits: httpLimits)
    var run = HTTPRun()
    do throws(HTTPParseError) {
        for piece in pieces {
            guard let response = try parser.receive(piece) else { continue }
            require(run.response == nil, "a response comes once")
            run.response = response
        }
        if let response = try parser.receiveEndOfInput() {
            require(run.response == nil, "a response comes once")
            run.response = response
        }
    } catch {
        run.error = error
        require(run.response == nil, "what fails has not been complete")
        require(parser.progress == .failed, "a failure is final")
    }
    run.leftover = parser.takeLeftover()
    run.progress = parser.progress
    run.isReusable = parser.connectionIsReusable
    return run
}

/// The first byte chooses the method of the request; the rest is the response.
func checkHTTPResponse(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let method = HTTPMethod.allCases[Int(first) % HTTPMethod.allCases.count]
    let bytes = Array(input.dropFirst())
    let whole = run([bytes], method: method)
    requireEqual(whole, run(bytes.map { [$0] }, method: method), "bytes may be cut anywhere")
    guard let response = whole.response else { return }
    require(response.body.count <= httpLimits.bodyLength, "the limit of a body holds")
    require(response.headers.count <= httpLimits.fieldCount, "the limit of fields holds")
    require(response.trailers.count <= httpLimits.fieldCount, "the limit of trailers holds")
    require((100...999).contains(response.status), "a status has three digits")
    checkResending(response, method: method)
}

/// The response by length instead of in chunks, and without fields that close the connection.
private func checkResending(_ response: HTTPResponse, method: HTTPMethod) {
    var again = response
    for name in ["Transfer-Encoding", "Content-Length"] { again.headers.remove(name) }
    let hasBody = !response.body.isEmpty
    if hasBody {
        do throws(HTTPHeaderError) {
            try again.headers.add("Content-Length", String(response.body.count))
        } catch {
            fatalError("a number is a value")
        }
    }
    var parser = HTTPResponseParser(method: method)
    let bytes = again.serializedHead() + response.body
    let fed = try? parser.receive(bytes)
    let ended = fed == nil ? try? parser.receiveEndOfInput() : nil
    guard let read = fed ?? ended else { fatalError("what is written can be read: \(again)") }
    requireEqual(read.status, again.status, "the status is read again")
    requireEqual(read.version, again.version, "the version is read again")
    requireEqual(read.headers, again.headers, "the fields are read again")
    requireEqual(read.body, again.body, "the body is read again")
}
