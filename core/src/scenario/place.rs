//! Where in a JSON document a reader stopped: from a position in the text to a path.

/// The path of the value (or field) that ends at, or reaches over, the byte at `end`:
/// `lanes[1].kafka.topics[0].partitions`. Empty for the document as a whole.
pub(super) fn path_at(text: &str, end: usize) -> String {
    let mut levels: Vec<Level> = Vec::new();
    let mut bytes = text.bytes().enumerate().take(end).peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => levels.push(Level::Object(String::new())),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::Array(index)) => *index += 1,
                Some(Level::Object(key)) => key.clear(),
                None => {}
            },
            b'"' => {
                let mut until = at + 1;
                while let Some((next, inside)) = bytes.next() {
                    until = next;
                    match inside {
                        b'\\' => {
                            bytes.next();
                        }
                        b'"' => break,
                        _ => {}
                    }
                }
                if let Some(Level::Object(key)) = levels.last_mut()
                    && key.is_empty()
                {
                    key.push_str(text.get(at + 1..until).unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    write(&levels)
}

/// Where the scan is inside of an array or object.
enum Level {
    Array(usize),
    /// The field whose value is being read; empty between fields.
    Object(String),
}

fn write(levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels {
        match level {
            Level::Array(index) => path.push_str(&format!("[{index}]")),
            Level::Object(key) if key.is_empty() => {}
            Level::Object(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
        }
    }
    path
}

/// The byte at a line and a column, both counted from 1 as serde_json counts them.
pub(super) fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum::<usize>() + column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_found_in_objects_and_arrays() {
        let text = r#"{ "a": [1, {"b": "x, ]}\"", "c": true}], "d": 7 }"#;
        for (mark, path) in [("1,", "a[0]"), ("x,", "a[1].b"), ("true", "a[1].c"), ("7", "d")] {
            let end = text.find(mark).unwrap() + 1;
            assert_eq!(path_at(text, end), path, "{mark}");
        }
        assert_eq!(path_at(text, text.len()), "");
    }

    #[test]
    fn lines_and_columns_lead_to_a_byte() {
        assert_eq!(byte_at("ab\ncd\n", 2, 1), 4);
        assert_eq!(byte_at("ab\ncd\n", 1, 2), 2);
    }
}
