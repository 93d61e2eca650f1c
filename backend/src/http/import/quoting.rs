//! The quotes of a CSV record, which the reader forgives: it takes a cell that never closes for one that ends with the file,
//! and so everything behind a forgotten quote for one value.

/// What is wrong with a record's quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quoted cell that never closes.
    Unclosed,
    /// A quoted cell that goes on after its closing quote.
    TextAfterQuote,
}

impl Fault {
    /// A stable, machine-readable reason.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Unclosed => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
        }
    }

    /// The reason in a sentence.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Unclosed => "The quoted cell that begins on this line is never closed.",
            Self::TextAfterQuote => "The quoted cell that begins on this line has text after its closing quote.",
        }
    }
}

/// The first fault in a record, and the position of the quote that opens its cell.
pub(super) fn fault(record: &[u8]) -> Option<(usize, Fault)> {
    enum State {
        CellStart,
        Bare,
        Quoted,
        AfterQuote,
    }
    let (mut state, mut opened) = (State::CellStart, 0);
    for (index, byte) in record.iter().enumerate() {
        state = match (state, byte) {
            (State::CellStart, b'"') => {
                opened = index;
                State::Quoted
            }
            (State::Quoted, b'"') => State::AfterQuote,
            // Two quotes in a quoted cell are one.
            (State::AfterQuote, b'"') | (State::Quoted, _) => State::Quoted,
            (_, b',' | b'\r' | b'\n') => State::CellStart,
            (State::AfterQuote, _) => return Some((opened, Fault::TextAfterQuote)),
            (State::CellStart | State::Bare, _) => State::Bare,
        };
    }
    matches!(state, State::Quoted).then_some((opened, Fault::Unclosed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_is_quoted_as_it_should_be_is_told_from_one_that_is_not() {
        for good in
            ["", "a,b", "\"a\",\"b\"\r\n", "\"a\"\"b\",c", "\"\"", "\"\"\"\"", "a\"b,c\"", "\"a\nb\",c", "a,\"\"\n"]
        {
            assert_eq!(fault(good.as_bytes()), None, "{good}");
        }
        for (bad, expected) in [
            ("a,\"b", (2, Fault::Unclosed)),
            ("\"", (0, Fault::Unclosed)),
            ("\"a\"\"", (0, Fault::Unclosed)),
            ("\"a\"\"\"\"\n", (0, Fault::Unclosed)),
            ("\"a\",\"b\nc,\"d\",e", (4, Fault::TextAfterQuote)),
            ("\"a\" ,b", (0, Fault::TextAfterQuote)),
        ] {
            assert_eq!(fault(bad.as_bytes()), Some(expected), "{bad}");
        }
    }
}
