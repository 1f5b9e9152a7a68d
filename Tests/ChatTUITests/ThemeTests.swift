import Testing

@testable import ChatTUI

struct ThemeTests {
    private func styles(_ theme: Theme) -> [Style] {
        [
            theme.text, theme.faint, theme.rule, theme.accent, theme.heading, theme.good, theme.warning,
            theme.bad,
            theme.link,
        ] + theme.names.map { Style(foreground: $0) }
            + [theme.selection, theme.panel, theme.panelSelection].map { Style(background: $0) }
    }

    private func colours(_ style: Style) -> [UInt8] {
        [style.foreground, style.background].compactMap {
            if case .palette(let number) = $0 { number } else { nil }
        }
    }

    /// A colour that the terminal has not would be another one: with eight, grey became black on black.
    @Test(arguments: [(ColourDepth.none, 0), (.eight, 8), (.sixteen, 16), (.palette, 256)])
    func onlyColoursThatThereAreAreUsed(depth: ColourDepth, count: Int) {
        for kind in ThemeName.allCases {
            for style in styles(Theme(kind, colours: depth)) {
                #expect(colours(style).allSatisfy { Int($0) < count }, "\(kind) on \(depth)")
            }
        }
    }

    @Test func strongMeansNothingIsDim() {
        for style in styles(Theme(.contrast, colours: .palette)) {
            #expect(!style.attributes.contains(.dim))
        }
        for style in styles(Theme(.mono, colours: .palette)) { #expect(colours(style).isEmpty) }
    }

    /// What matters looks different from what does not, in every theme.
    @Test func whatIsChosenAndWhatIsWrongStandsOut() {
        for kind in ThemeName.allCases {
            for depth in [ColourDepth.none, .eight, .sixteen, .palette] {
                let theme = Theme(kind, colours: depth)
                #expect(theme.accent != theme.text && theme.bad != theme.text && theme.link != theme.text)
            }
        }
    }
}
