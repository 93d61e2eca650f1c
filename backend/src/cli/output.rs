//! What commands print: tables for people, JSON for scripts.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use super::Failure;

/// Prints text as it is. A reader that has seen enough, like `head`, is no failure.
pub(super) fn text(text: &[u8]) -> Result<(), Failure> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a value as JSON.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut document = serde_json::to_vec_pretty(value)?;
    document.push(b'\n');
    text(&document)
}

/// Prints rows under a heading, in columns as wide as what is in them.
pub(super) fn table<const COLUMNS: usize>(heading: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> Result<(), Failure> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heading[column].len()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let line = |cells: &[String]| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut printed = line(&heading.map(str::to_owned));
    for row in rows {
        printed.push_str(&line(row));
    }
    text(printed.as_bytes())
}

/// Asks before something is destroyed; who can't be asked has to say `--yes`.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(format!("{question} Say --yes, since nobody can be asked here.")));
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") { Ok(()) } else { Err(Failure::new("Nothing was done.")) }
}

/// A password from a prompt, twice, or from standard input; never from an argument, which others on the machine can read.
pub(super) fn password(from_stdin: bool) -> Result<String, Failure> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let password = rpassword::prompt_password("Password: ")?;
    if password != rpassword::prompt_password("Once more: ")? {
        return Err(Failure::new("The two passwords differ."));
    }
    Ok(password)
}
