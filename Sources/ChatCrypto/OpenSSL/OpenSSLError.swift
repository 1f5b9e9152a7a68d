import COpenSSL

/// The error queue that OpenSSL keeps per thread.
enum OpenSSLError {
    /// Call it before an operation whose failure will be examined.
    static func clear() {
        ERR_clear_error()
    }

    /// The code at the head of the queue; 0 when it is empty.
    static var code: UInt { UInt(ERR_peek_error()) }

    /// The library's reason number in a code, comparable with the SSL_R_ constants.
    static func reason(of code: UInt) -> Int32 { ERR_GET_REASON(code) }

    /// The text for the code at the head of the queue; `otherwise` when the queue is empty.
    static func text(otherwise: String) -> String {
        guard code != 0, let words = ERR_reason_error_string(code) else { return otherwise }
        return String(cString: words)
    }
}
