/// What a click on a part of the screen means, where the part has been drawn.
enum ClickTarget: Hashable, Sendable {
    /// The box of a dialog: a click beside it closes what may be closed.
    case dialog
    /// A line of the dialog's list, or one of its answers.
    case item(Int)
    case completion(Int)
    case field(SignInForm.Field)
    /// A hint at a key does what the key does.
    case key(Key)
}

extension Screen {
    /// A part of the screen that can be clicked.
    struct ClickArea: Hashable, Sendable {
        var area: Rect
        var target: ClickTarget
    }

    /// What was drawn last at a place, if it can be clicked.
    func target(at place: Point) -> ClickTarget? {
        clickAreas.last { $0.area.contains(place) }?.target
    }
}
