import ChatSQLite
import ChatWire
import Logging

extension ChatEngine {
    /// The messages in which all of the text's words occur.
    func search(
        _ text: String, with peer: UserID?, after cursor: SearchCursor?, limit: Int, order: SearchOrder
    ) throws(SQLiteError) -> SearchPage {
        guard let query = SearchQuery(text) else { return SearchPage(hits: []) }
        let limit = max(1, min(limit, Self.searchMax))
        switch order {
        case .newest:
            var position: Int64?
            if case .below(let place) = cursor?.place { position = place }
            let result = try store.search.page(query, with: peer, below: position, limit: limit)
            return SearchPage(
                hits: try hits(result.found), next: result.next.map { SearchCursor(place: .below($0)) },
                unsearched: result.unsearched)
        case .best:
            var given = 0
            if case .after(let count) = cursor?.place { given = max(0, count) }
            let result = try store.search.page(query, with: peer, below: nil, limit: Self.searchMax)
            let ranked = SearchRanking.sorted(result.found)
            let page = ranked.dropFirst(given).prefix(limit)
            let next = given + page.count
            return SearchPage(
                hits: try hits(page), next: next < ranked.count ? SearchCursor(place: .after(next)) : nil,
                unsearched: result.unsearched)
        }
    }

    /// The most on one page, and the most that are compared with each other.
    private static let searchMax = 1000

    private func hits(_ found: some Sequence<MessageSearch.Found>) throws(SQLiteError) -> [SearchHit] {
        var names: [UserID: String] = [:]
        var hits: [SearchHit] = []
        for one in found {
            let name: String
            if let known = names[one.peer] {
                name = known
            } else {
                name = try store.people.name(of: one.peer) ?? "#\(one.peer)"
                names[one.peer] = name
            }
            let excerpt = SearchExcerpt(of: one.row.content, matches: one.matches.map(\.range))
            hits.append(
                SearchHit(
                    peer: one.peer, peerName: name, row: shown(one.row), excerpt: excerpt.text,
                    matches: excerpt.matches))
        }
        return hits
    }

    // MARK: The index

    /// Messages that came are in the index this long after, together with what came meanwhile.
    private static let indexDelay = Duration.seconds(1)
    /// Between two steps others have their turn.
    private static let indexPause = Duration.milliseconds(50)
    /// After a failure of the disk.
    private static let indexRetry = Duration.seconds(60)
    /// Messages in one step: some 10 ms.
    static let indexStep = 500

    /// Notes that the cache may hold messages that the index lacks. Only the program with the link makes the
    /// index: others would only be in its way.
    func planIndex(at now: Moment) {
        guard isHolder, indexDue == nil else { return }
        let changes = store.database.totalChanges
        guard changes != indexedChanges else { return }
        indexDue = now.monotonic + Self.indexDelay
    }

    func advanceIndex(at now: Moment) {
        guard let due = indexDue, due <= now.monotonic else { return }
        do throws(SQLiteError) {
            let goesOn = isHolder ? try extendIndex() : false
            indexedChanges = store.database.totalChanges
            indexDue = goesOn ? now.monotonic + Self.indexPause : nil
        } catch {
            logger.error("the search index was not extended", metadata: ["error": "\(error)"])
            indexDue = now.monotonic + Self.indexRetry
        }
    }

    /// One step; true when there may be more to do.
    private func extendIndex() throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            return try store.searchIndex.extend(limit: Self.indexStep)
        } catch .corrupt {
            try store.searchIndex.reset()
            return true
        }
    }
}
