//! Several items in one cell: separated by a space, so that the most common lists need no marks at all.
//!
//! White space inside an item is written as in a URL, a space as `%20`, and `%` itself as `%25`.

/// What is written for the characters that would end an item, and for the mark itself.
const CODES: [(char, &str); 5] = [(' ', "%20"), ('\n', "%0A"), ('\r', "%0D"), ('\t', "%09"), ('%', "%25")];

/// The items as the text of one cell. Empty items say nothing and are left out.
pub fn join<I: AsRef<str>>(items: &[I]) -> String {
    let items = items.iter().map(AsRef::as_ref).filter(|item| !item.is_empty());
    items.map(encode).collect::<Vec<_>>().join(" ")
}

/// The items in the text of a cell. A `%` that begins none of the codes is itself, so that `100%` can be typed.
pub fn split(cell: &str) -> Vec<String> {
    cell.split([' ', '\n', '\r', '\t']).filter(|item| !item.is_empty()).map(decode).collect()
}

fn encode(item: &str) -> String {
    let mut text = String::with_capacity(item.len());
    for character in item.chars() {
        match CODES.iter().find(|(plain, _)| *plain == character) {
            Some((_, code)) => text.push_str(code),
            None => text.push(character),
        }
    }
    text
}

fn decode(item: &str) -> String {
    let mut text = String::with_capacity(item.len());
    let mut rest = item;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let code = rest.get(at..at + 3);
        let known = CODES.iter().find(|(_, known)| code.is_some_and(|code| code.eq_ignore_ascii_case(known)));
        let (character, length) = known.map_or(('%', 1), |(character, code)| (*character, code.len()));
        text.push(character);
        rest = &rest[at + length..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items_keep_their_spaces() {
        assert_eq!(join(&["a", "b c", "", "50%"]), "a b%20c 50%25");
        assert_eq!(split(" a  b%20c\n50%25 100% %zz %0a"), ["a", "b c", "50%", "100%", "%zz", "\n"]);
        assert_eq!(split(""), Vec::<String>::new());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_list_comes_back(items in prop::collection::vec("[%25 0\t\r\na-cé€]{1,6}|.{1,4}", 0..5)) {
            prop_assert_eq!(split(&join(&items)), items);
        }
    }
}
