import ChatClientCore
import ChatWire

/// Commands that wait for an answer, and what the answer prints.
extension PlainState {
    // MARK: Searching

    /// Searches the open conversation, else all.
    mutating func search(_ text: String) -> PlainOutput {
        guard !text.isEmpty else { return .line(strings.plainSearchFor) }
        awaited = .answer
        return PlainOutput(effects: [.search(SearchQuestion(text: text, peer: open?.peer), after: nil)])
    }

    mutating func found(_ page: SearchPage) -> PlainOutput {
        awaited = nil
        guard !page.hits.isEmpty else { return .line(strings.noHits) }
        // Oldest first, like everything else.
        return PlainOutput(
            lines: page.hits.prefix(PlainConversation.pageRows).reversed().map { wording.hit($0) })
    }

    // MARK: People

    mutating func find(_ query: String) -> PlainOutput {
        guard query.count >= PeopleFinder.queryLengthMin else { return .line(strings.plainSearchWhat) }
        awaited = .answer
        return PlainOutput(lines: [strings.searching], effects: [.findPeople(query)])
    }

    mutating func found(_ people: [Person]) -> PlainOutput {
        awaited = nil
        guard !people.isEmpty else { return .line(strings.noMatch) }
        question = .person(people)
        return PlainOutput(lines: wording.people(people) + [strings.plainChoose])
    }

    mutating func choose(_ line: String, among people: [Person]) -> PlainOutput {
        guard let number = Int(line.trimmed), people.indices.contains(number - 1) else {
            let said = PlainOutput.line(strings.plainNobodyAdded)
            // Other text is no answer; a command still is a command.
            return line.hasPrefix("/") ? said + enter(line) : said
        }
        let person = people[number - 1]
        if conversation(with: person.id) != nil { return show(person.id) }
        awaited = .answer
        return PlainOutput(effects: [.addContact(person.id, name: person.name)])
    }

    // MARK: A day, the end, and the unread messages

    /// Prints the first messages from a day on, and leaves everything as it is.
    mutating func goToDate(_ text: String) -> PlainOutput {
        guard let peer = open?.peer else { return .line(strings.plainNobodyOpen) }
        guard let midnight = model.midnight(text) else { return .line(strings.noDate) }
        awaited = .place
        return PlainOutput(effects: [.locate(peer, at: midnight)])
    }

    mutating func located(_ peer: UserID, _ row: RowID?) -> PlainOutput {
        guard peer == open?.peer, awaited == .place else { return PlainOutput() }
        guard let row else {
            awaited = nil
            return .line(strings.noMessageThere)
        }
        awaited = .day(row)
        return PlainOutput(effects: [
            .loadWindow(peer, .around(row), limit: PlainConversation.pageRows * 2)
        ])
    }

    mutating func takeWindow(_ peer: UserID, _ timeline: Timeline?) -> PlainOutput {
        guard peer == open?.peer else { return PlainOutput() }
        switch awaited {
        case .day(let begin):
            awaited = nil
            let shown = (timeline?.rows ?? []).drop { $0.id != begin }.prefix(PlainConversation.pageRows)
            return PlainOutput(lines: shown.isEmpty ? [strings.noMessageThere] : wording.lines(for: shown))
        case .older:
            awaited = nil
            let wording = wording
            return PlainOutput(lines: open?.takeOlder(timeline, wording) ?? [])
        case .answer, .place, .gap, nil: return PlainOutput()
        }
    }

    // MARK: Older messages

    mutating func showOlder() -> PlainOutput {
        guard let open else { return .line(strings.plainNobodyOpen) }
        switch open.olderSource(link) {
        case .cache(let effect):
            awaited = .older
            return PlainOutput(effects: [effect])
        case .server(let effect):
            awaited = .older
            return PlainOutput(lines: [strings.loadingOlder], effects: [effect])
        case .unreachable: return .line(strings.plainLink(link, secondsToNextTry: nil))
        case .none: return .line(strings.plainBeginning)
        }
    }

    mutating func olderFetched(_ peer: UserID, _ foundMore: Bool) -> PlainOutput {
        guard peer == open?.peer, awaited == .older else { return PlainOutput() }
        if let effect = open?.olderFetched(foundMore) { return PlainOutput(effects: [effect]) }
        awaited = nil
        // Without a row to load before, the newest rows are what was fetched.
        if foundMore { return PlainOutput(effects: open?.reload() ?? []) }
        return .line(strings.plainBeginning)
    }

    // MARK: Gaps

    mutating func fillGap() -> PlainOutput {
        guard let window = open?.window else { return .line(strings.plainNobodyOpen) }
        let gap = window.nearestGap()
        if let reply = model.reasonAgainstFilling(gap) { return PlainOutput(reply) }
        guard let gap else { return PlainOutput() }
        awaited = .gap
        return PlainOutput(lines: [strings.loadingOlder], effects: [.fillGap(gap, window.peer)])
    }

    /// Prints the conversation anew, with what was missing.
    mutating func gapFilled(_ peer: UserID, _ error: ChatError?) -> PlainOutput {
        guard peer == open?.peer, awaited == .gap else { return PlainOutput() }
        awaited = nil
        if let error { return .line(strings.error(error)) }
        return show(peer)
    }
}
