import COpenSSL

/// The library as a whole.
enum OpenSSLLibrary {
    /// Initialises OpenSSL. Call it before any other OpenSSL function; it is free after the first time.
    ///
    /// By default OpenSSL cleans itself up when the process exits, while other threads may still use it. This
    /// disables the clean-up; the kernel releases everything anyway.
    static func prepare() {
        precondition(isReady, "OpenSSL could not be initialised")
    }

    private static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
}
