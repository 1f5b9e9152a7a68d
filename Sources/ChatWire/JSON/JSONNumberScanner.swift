/// Reads numbers in the bytes of a text (RFC 8259 section 6).
struct JSONNumberScanner {
    let bytes: UnsafeRawBufferPointer

    /// The number at `start`, and the index after it. A number beyond the range of `Int64` becomes a double.
    func number(at start: Int) throws(JSONError) -> (number: JSONReader.Number, end: Int) {
        var index = start
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let integerStart = index
        var magnitude: UInt64 = 0
        var overflows = false
        while let digit = digit(at: index) {
            let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
            overflows = overflows || overflowed || carried
            magnitude = sum
            index += 1
        }
        guard index > integerStart else { throw unexpected(at: index) }
        if bytes[integerStart] == UInt8(ascii: "0"), index > integerStart + 1 {
            throw .unexpectedByte(bytes[integerStart + 1], offset: integerStart + 1)
        }
        let endOfFraction = try endOfFraction(from: index)
        let end = try endOfExponent(from: endOfFraction)
        if end == index, !overflows, let integer = Self.signed(magnitude, isNegative: isNegative) {
            return (.integer(integer), end)
        }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        guard let double = Double(text), double.isFinite else { throw .numberOutOfRange(offset: start) }
        return (.double(double), end)
    }

    private func digit(at index: Int) -> UInt8? {
        guard index < bytes.count else { return nil }
        let value = bytes[index] &- UInt8(ascii: "0")
        return value < 10 ? value : nil
    }

    private func unexpected(at index: Int) -> JSONError {
        index < bytes.count
            ? .unexpectedByte(bytes[index], offset: index) : .unexpectedEnd(offset: bytes.count)
    }

    private func endOfFraction(from start: Int) throws(JSONError) -> Int {
        guard start < bytes.count, bytes[start] == UInt8(ascii: ".") else { return start }
        return try endOfDigits(from: start + 1)
    }

    private func endOfExponent(from start: Int) throws(JSONError) -> Int {
        guard start < bytes.count, bytes[start] | 0x20 == UInt8(ascii: "e") else { return start }
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
            index += 1
        }
        return try endOfDigits(from: index)
    }

    /// Skips digits; at least one is required.
    private func endOfDigits(from start: Int) throws(JSONError) -> Int {
        var index = start
        while digit(at: index) != nil { index += 1 }
        guard index > start else { throw unexpected(at: index) }
        return index
    }

    private static func signed(_ magnitude: UInt64, isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
}
