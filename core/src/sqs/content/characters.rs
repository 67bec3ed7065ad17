//! The characters that a message may hold.

/// The first character of `text` that no message may hold. Allowed are #x9, #xA, #xD,
/// #x20..#xD7FF, #xE000..#xFFFD and #x10000..#x10FFFF. SendMessage (API).
pub(in crate::sqs) fn first_refused(text: &str) -> Option<char> {
    text.chars().find(|&character| !is_allowed(character))
}

const fn is_allowed(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'
    )
}
