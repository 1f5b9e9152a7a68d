/// The recorded pages with which the real server answers requests that match none of its routes.
enum RoutingErrorPage {
    /// The page that replaces `response`; nil when the JSON envelope is right.
    static func page(for error: RouteError, _ response: RouteResponse) -> RouteResponse? {
        let title: String
        let text: String
        switch error {
        case .notFound:
            title = "Not Found"
            text = """
                The requested URL was not found on the server. If you entered the URL manually please check \
                your spelling and try again.
                """
        case .methodNotAllowed:
            title = "Method Not Allowed"
            text = "The method is not allowed for the requested URL."
        default: return nil
        }
        let html = """
            <!doctype html>
            <html lang=en>
            <title>\(response.status) \(title)</title>
            <h1>\(title)</h1>
            <p>\(text)</p>

            """
        var page = response
        page.body = Array(html.utf8)
        page.contentType = "text/html; charset=utf-8"
        if error == .notFound { page.crossOrigin = .noRoute }
        return page
    }
}
