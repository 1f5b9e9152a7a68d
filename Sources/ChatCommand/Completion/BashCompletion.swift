/// The argument parser's script for bash, with additions.
enum BashCompletion {
    /// Bash splits words at an `@`, so the rest of an address is completed as a separate word. The script's function
    /// gets another name, and ours calls it with the word as the person sees it, including the `@`.
    static func script(_ generated: String) -> String {
        guard generated.contains("\n_mychat() {\n") else { return generated }
        return generated.replacing("\n_mychat() {\n", with: "\n__mychat_complete() {\n", maxReplacements: 1)
            .replacing(
                "\ncomplete -o filenames", with: wrapper + "\ncomplete -o filenames", maxReplacements: 1)
    }

    private static let wrapper = #"""

        # What the person sees as one word, and bash as three: it is put together for the completion, and of the
        # answers only what follows the last @ is given back, since bash replaces no more.
        _mychat() {
            local line="${COMP_LINE:0:${COMP_POINT}}"
            local word="${line##*[[:space:]]}"
            if [[ "${word}" != *@* || "${COMP_WORDBREAKS}" != *@* ]]; then
                __mychat_complete "${@}"
                return
            fi
            local -i index="${COMP_CWORD}"
            local joined="${COMP_WORDS[${index}]}"
            while [[ "${index}" -gt 1 && "${#joined}" -lt "${#word}" ]]; do
                ((index--))
                joined="${COMP_WORDS[${index}]}${joined}"
            done
            local -a words=("${COMP_WORDS[@]:0:${index}}" "${word}")
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD="${index}"
            __mychat_complete "${1}" "${word}" "${words[$((index - 1))]}"
            COMPREPLY=("${COMPREPLY[@]#"${word%@*}@"}")
        }

        """#
}
