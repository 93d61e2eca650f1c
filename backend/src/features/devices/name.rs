//! What a device is called in a mail. The client chooses its own description, and a mail is trusted: what could be read as
//! a sentence, a link or an address must not get into one.

/// Order matters: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];
/// Longer than the name of any program.
const LONGEST: usize = 40;

/// `Firefox, Windows`, or the name of a program and its version; `None` for what is neither.
pub(crate) fn name_of(user_agent: &str) -> Option<String> {
    let in_table = |table: &[(&str, &'static str)]| {
        table.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| (*name).to_owned())
    };
    let parts: Vec<String> = [in_table(&BROWSERS), in_table(&SYSTEMS)].into_iter().flatten().collect();
    if parts.is_empty() { program(user_agent) } else { Some(parts.join(", ")) }
}

/// The product that a `User-Agent` begins with (RFC 9110, section 10.1.5), if it looks like one.
fn program(user_agent: &str) -> Option<String> {
    let product = user_agent.split_whitespace().next()?;
    let (name, version) = product.split_once('/')?;
    let is_plain = |text: &str, more: &[char]| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(&letter))
    };
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    (product.len() <= LONGEST && is_plain(name, &['-', '_']) && is_version).then(|| product.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it_and_a_program_by_its_name() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
        for (user_agent, name) in [
            (chrome, "Chrome, Linux"),
            (&format!("{chrome} Edg/131.0.0.0"), "Edge, Linux"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari, iOS",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            ("python-requests/2.31.0 extra", "python-requests/2.31.0"),
        ] {
            assert_eq!(name_of(user_agent).as_deref(), Some(name));
        }
    }

    #[test]
    fn nothing_that_a_client_makes_up_gets_into_a_mail() {
        let long = format!("{}/1", "a".repeat(60));
        for user_agent in ["", " ", "Go to https://evil.example", "evil.example/1", "a/b", "evil/example.com", &long] {
            assert_eq!(name_of(user_agent), None, "{user_agent}");
        }
        assert_eq!(name_of("Firefox/1 call 555 or see https://evil.example").as_deref(), Some("Firefox"));
    }
}
