import COpenSSL

/// The library as a whole.
enum OpenSSLLibrary {
    /// Makes OpenSSL ready; to be called before anything else of it, and free after the first time.
    ///
    /// By itself it would tear itself down when the process exits, under the feet of threads that still use
    /// it; the kernel cleans up just as well.
    static func prepare() {
        precondition(isReady, "OpenSSL could not be initialised")
    }

    private static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
}
