//! The query string, decoded once and by the letter.

use crate::problem::{Code, Problem};

/// Parameters by their decoded names, in the order of the URL.
pub type Parameters = Vec<(String, String)>;

/// Parameters that are taken out one by one; what is left at the end is unknown.
pub struct QueryString {
    parameters: Parameters,
}

impl QueryString {
    /// Decodes a raw query string: `&` between parameters, `+` for a space, `%XX` for a byte of UTF-8.
    ///
    /// # Errors
    /// 400 for what is not UTF-8, holds a NUL or a broken escape.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Self { parameters })
    }

    /// Every value of a parameter that may be repeated.
    pub fn take_all(&mut self, name: &str) -> Vec<String> {
        self.parameters.extract_if(.., |(key, _)| key == name).map(|(_, value)| value).collect()
    }

    /// The value of a parameter that may be given once; `code` is the problem with giving it twice.
    pub fn take(&mut self, name: &str, code: Code) -> Result<Option<String>, Problem> {
        let mut values = self.take_all(name);
        let value = values.pop();
        if values.is_empty() { Ok(value) } else { Err(Problem::with_detail(code, format!("`{name}` is given twice"))) }
    }

    /// Refuses what nobody has taken: a mistyped parameter must not be mistaken for one that was heeded.
    pub fn finish(self) -> Result<(), Problem> {
        match self.parameters.first() {
            None => Ok(()),
            Some((name, _)) => Err(Problem::with_detail(
                Code::InvalidParameter,
                format!("There is no parameter `{}` here", shortened(name)),
            )),
        }
    }
}

/// Enough of a caller's text to recognise it by.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn decode(text: &str) -> Result<String, Problem> {
    let refuse = |detail: &'static str| Problem::with_detail(Code::InvalidParameter, detail);
    let bytes =
        unescape(text, true).ok_or_else(|| refuse("A `%` in the query string is not followed by two hex digits"))?;
    let text = String::from_utf8(bytes).map_err(|_| refuse("The query string is not UTF-8"))?;
    if text.contains('\0') { Err(refuse("The query string holds a NUL")) } else { Ok(text) }
}

/// Takes `%XX` for a byte; nothing where a `%` is followed by something else.
pub(super) fn unescape(text: &str, plus_is_space: bool) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    Some(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> Result<Parameters, Code> {
        QueryString::parse(raw).map(|query| query.parameters).map_err(|problem| problem.code())
    }

    #[test]
    fn names_and_values_are_decoded() {
        let pairs = parsed("q=a+b%2Bc&&filter=%C3%A4%3Aeq&flag").unwrap();
        let expected = [("q", "a b+c"), ("filter", "ä:eq"), ("flag", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        for raw in ["q=%", "q=%f", "q=%zz", "q=%ff", "q=%00", "%ff=1"] {
            assert_eq!(parsed(raw), Err(Code::InvalidParameter), "{raw}");
        }
    }

    #[test]
    fn what_nobody_takes_is_refused() {
        let mut query = QueryString::parse("limit=1&limitt=2").unwrap();
        assert_eq!(query.take("limit", Code::InvalidLimit).unwrap().as_deref(), Some("1"));
        assert_eq!(query.finish().unwrap_err().code(), Code::InvalidParameter);
        let mut query = QueryString::parse("limit=1&limit=2").unwrap();
        assert_eq!(query.take("limit", Code::InvalidLimit).unwrap_err().code(), Code::InvalidLimit);
    }
}
