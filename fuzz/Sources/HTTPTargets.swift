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

// MARK: - Requests

/// The requests of one connection with their bodies, in order.
private struct HTTPRequests: Equatable {
    var heads: [HTTPRequestHead] = []
    var bodies: [[UInt8]] = []
    var endCount = 0
    var error: HTTPParseError?
    var isInsideRequest = false
}

private let requestLimits = HTTPLimits(
    lineLength: 256, headLength: 600, fieldCount: 10, bodyLength: 700, interimResponses: 2)

private func readRequests(_ pieces: [[UInt8]]) -> HTTPRequests {
    var parser = HTTPRequestParser(limits: requestLimits)
    var requests = HTTPRequests()
    for piece in pieces {
        piece.withUnsafeBytes { bytes in
            var position = 0
            do throws(HTTPParseError) {
                while let part = try parser.next(in: bytes, at: &position) {
                    note(part, of: bytes, in: &requests)
                }
                require(position == bytes.count, "what is not wanted yet is read all the same")
            } catch {
                require(requests.error == nil || requests.error == error, "a failure is final")
                requests.error = error
            }
            require(position <= bytes.count, "nothing behind the end is read")
        }
    }
    requests.isInsideRequest = parser.isInsideRequest
    return requests
}

private func note(
    _ part: HTTPRequestParser.Part, of bytes: UnsafeRawBufferPointer, in requests: inout HTTPRequests
) {
    require(requests.error == nil, "nothing follows a failure")
    switch part {
    case .head(let head):
        require(requests.endCount == requests.heads.count, "a request ends before the next one begins")
        requests.heads.append(head)
        requests.bodies.append([])
    case .body(let range):
        require(requests.endCount + 1 == requests.heads.count, "a body belongs to a request")
        require(!range.isEmpty && bytes.indices.contains(range.upperBound - 1), "a piece lies in the bytes")
        requests.bodies[requests.bodies.count - 1] += bytes[range]
    case .end:
        require(requests.endCount + 1 == requests.heads.count, "a request ends once")
        requests.endCount += 1
    }
}

/// The requests of one connection.
func checkHTTPRequests(_ input: [UInt8]) {
    let whole = readRequests([input])
    requireEqual(whole, readRequests(input.map { [$0] }), "bytes may be cut anywhere")
    for (index, head) in whole.heads.enumerated() {
        let body = whole.bodies[index]
        require(head.headers.count <= requestLimits.fieldCount, "the limit of fields holds")
        let hosts = head.headers.values("Host")
        require(hosts.count == 1 || (hosts.isEmpty && head.version == .http10), "a request has one host")
        let isChunked = !head.headers.values("Transfer-Encoding").isEmpty
        require(isChunked == (head.bodyLength == nil), "a body has one framing")
        require(!isChunked || head.headers.values("Content-Length").isEmpty, "a body has one length")
        guard index < whole.endCount else { continue }
        require(head.bodyLength.map { $0 == body.count } ?? true, "a body is as long as announced")
        checkRewriting(head, body)
    }
}

/// Writes the request with a length instead of chunks, and another request behind it: both are read, and no more.
private func checkRewriting(_ head: HTTPRequestHead, _ body: [UInt8]) {
    var lines = "\(head.method) \(head.target) \(head.version == .http10 ? "HTTP/1.0" : "HTTP/1.1")\r\n"
    for field in head.headers.fields
    where !["transfer-encoding", "content-length"].contains(field.name.lowercased()) {
        lines += "\(field.name): \(field.value)\r\n"
    }
    let next = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n"
    let bytes = Array((lines + "Content-Length: \(body.count)\r\n\r\n").utf8) + body + Array(next.utf8)
    var parser = HTTPRequestParser()
    var requests = HTTPRequests()
    bytes.withUnsafeBytes { raw in
        var position = 0
        do throws(HTTPParseError) {
            while let part = try parser.next(in: raw, at: &position) { note(part, of: raw, in: &requests) }
        } catch {
            fatalError("what was read can be read again: \(error)")
        }
    }
    require(requests.heads.count == 2 && requests.endCount == 2, "two requests are two")
    requireEqual(requests.bodies, [body, []], "the bodies are read again")
    requireEqual(requests.heads[0].method, head.method, "the method is read again")
    requireEqual(requests.heads[0].target, head.target, "the target is read again")
    requireEqual(requests.heads[1].target, "/next", "the next request is read as it is")
}
