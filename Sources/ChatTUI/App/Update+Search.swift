import ChatClientCore
import ChatWire

/// Searching as one types, and going from hit to hit.
extension AppState {
    mutating func beginSearch(_ text: String, everywhere: Bool) -> [Effect] {
        var panel = SearchPanel()
        panel.conversation = open?.peer
        panel.peer = everywhere ? nil : open?.peer
        panel.query = LineEditor(text)
        return ask(&panel)
    }

    mutating func handleSearch(_ before: SearchPanel, _ key: Key, _ command: Command?) -> [Effect] {
        var panel = before
        switch command {
        case .accept: return openHit(of: panel, at: panel.selection)
        case .up, .lineUp: panel.selection = max(0, panel.selection - 1)
        case .down, .lineDown:
            panel.selection = min(max(0, panel.results.hits.count - 1), panel.selection + 1)
        case .pageUp: panel.selection = max(0, panel.selection - SearchDialog.pageHits(self))
        case .pageDown:
            panel.selection = min(
                max(0, panel.results.hits.count - 1), panel.selection + SearchDialog.pageHits(self))
        case .switchPane, .search, .searchAll:
            guard panel.conversation != nil else { break }
            panel.peer = panel.peer == nil ? panel.conversation : nil
            return ask(&panel)
        case .edit(let edit):
            panel.query.apply(edit)
            if panel.query.text != before.query.text { return ask(&panel) }
        default:
            if let text = typed(key) {
                panel.query.insert(text)
                return ask(&panel)
            }
        }
        dialog = .search(panel)
        return loadMoreHitsIfNear()
    }

    /// One question is out at a time; what was typed meanwhile is asked when its answer is here.
    mutating func ask(_ panel: inout SearchPanel) -> [Effect] {
        panel.selection = 0
        panel.problem = nil
        guard panel.query.text.contains(where: { !$0.isWhitespace }) else {
            panel.results = SearchResults()
            dialog = .search(panel)
            return []
        }
        let isFree = panel.reload.request()
        dialog = .search(panel)
        return isFree ? [.search(panel.question, after: nil)] : []
    }

    mutating func searched(_ question: SearchQuestion, _ page: SearchPage, isMore: Bool) -> [Effect] {
        if isMore { return tookMoreHits(question, page) }
        guard case .search(var panel) = dialog else { return [] }
        let isStale = panel.reload.finish()
        if panel.query.text.contains(where: { !$0.isWhitespace }) {
            panel.results = SearchResults(
                question: question, hits: page.hits, next: page.next, unsearched: page.unsearched)
            panel.selection = min(panel.selection, max(0, page.hits.count - 1))
        }
        dialog = .search(panel)
        return isStale ? [.search(panel.question, after: nil)] : loadMoreHitsIfNear()
    }

    mutating func searchFailed(_ error: ChatError) -> [Effect] {
        guard case .search(var panel) = dialog else {
            say(strings.error(error), .error)
            return []
        }
        let isStale = panel.reload.finish()
        panel.isLoadingMore = false
        panel.problem = strings.error(error)
        dialog = .search(panel)
        return isStale ? [.search(panel.question, after: nil)] : []
    }

    private mutating func loadMoreHitsIfNear() -> [Effect] {
        guard case .search(var panel) = dialog, !panel.isLoadingMore, let next = panel.results.next,
            let question = panel.results.question,
            panel.selection + SearchDialog.pageHits(self) >= panel.results.hits.count
        else { return [] }
        panel.isLoadingMore = true
        dialog = .search(panel)
        return [.search(question, after: next)]
    }

    /// More hits for the panel, and for the trail that was left from it.
    private mutating func tookMoreHits(_ question: SearchQuestion, _ page: SearchPage) -> [Effect] {
        if case .search(var panel) = dialog {
            panel.isLoadingMore = false
            if panel.results.question == question { panel.results.append(page) }
            dialog = .search(panel)
        }
        guard var trail = searchTrail, trail.results.question == question, dialog == nil else { return [] }
        let isOlder = trail.index == trail.results.hits.count - 1
        trail.results.append(page)
        searchTrail = trail
        return isOlder && !page.hits.isEmpty ? goToHit(trail.index + 1) : []
    }

    // MARK: Hits

    private mutating func openHit(of panel: SearchPanel, at index: Int) -> [Effect] {
        guard panel.results.hits.indices.contains(index) else { return [] }
        dialog = nil
        searchTrail = SearchTrail(results: panel.results, index: index)
        return goToHit(index)
    }

    /// The message of a hit, chosen, with what stands around it.
    mutating func goToHit(_ index: Int) -> [Effect] {
        guard var trail = searchTrail, trail.results.hits.indices.contains(index) else { return [] }
        trail.index = index
        searchTrail = trail
        let hit = trail.results.hits[index]
        let effects = openConversation(with: hit.peer)
        let total = "\(trail.results.hits.count)" + (trail.results.next == nil ? "" : "+")
        say(hitHint(index + 1, of: total))
        return effects + jump(to: hit.row.id, choosing: true)
    }

    /// n goes to the next hit, which is older; N to the newer one.
    mutating func nextHit(_ step: Int) -> [Effect] {
        guard let trail = searchTrail else {
            say(noSearchYet)
            return []
        }
        let target = trail.index + step
        if trail.results.hits.indices.contains(target) { return goToHit(target) }
        if step > 0, let next = trail.results.next, let question = trail.results.question {
            return [.search(question, after: next)]
        }
        say(step > 0 ? strings.noOlderHit : strings.noNewerHit)
        return []
    }
}

extension SearchResults {
    mutating func append(_ page: SearchPage) {
        hits += page.hits
        next = page.next
    }
}
