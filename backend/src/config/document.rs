//! The file and the environment as one set of raw values, each with where it came from.

use std::collections::BTreeMap;
use std::path::Path;

use super::keys::{KEYS, Key};

/// Why the configuration was refused: the key, what was found and what is accepted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn missing(key: &str, accepted: &str) -> Self {
        Self(format!("{key} is not set; expected {accepted}"))
    }
}

struct Raw {
    text: String,
    origin: String,
}

/// The raw values by key.
pub struct Document {
    values: BTreeMap<String, Raw>,
}

impl Document {
    /// Reads `reeve.toml` (or the file that was named, which then must exist) and the process's environment.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new("reeve.toml"));
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(ConfigError(format!("{name} can't be read: {error}"))),
        };
        // A variable that is not Unicode can't be one of ours.
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::read_all(text.as_deref().map(|text| (name.as_str(), text)), environment)
    }

    /// As [`Document::load`], from a file's name and text and from variables that are given.
    pub fn read_all(
        file: Option<(&str, &str)>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut document = Self { values: BTreeMap::new() };
        if let Some((name, text)) = file {
            let table: toml::Table = text.parse().map_err(|error| ConfigError(format!("{name}: {error}")))?;
            document.add_table(name, "", &table)?;
        }
        for (variable, text) in environment {
            document.add_variable(variable, text)?;
        }
        Ok(document)
    }

    fn add_table(&mut self, file: &str, prefix: &str, table: &toml::Table) -> Result<(), ConfigError> {
        for (name, value) in table {
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let text = match value {
                toml::Value::Table(inner) => {
                    self.add_table(file, &key, inner)?;
                    continue;
                }
                toml::Value::Array(items) => {
                    items.iter().map(scalar).collect::<Option<Vec<_>>>().map(|items| items.join(","))
                }
                other => scalar(other),
            };
            let text =
                text.ok_or_else(|| ConfigError(format!("{key} in {file} has a value of an unsupported type")))?;
            self.values.insert(key, Raw { text, origin: file.to_owned() });
        }
        Ok(())
    }

    fn add_variable(&mut self, variable: String, text: String) -> Result<(), ConfigError> {
        let Some(name) = variable.strip_prefix("REEVE_") else { return Ok(()) };
        // The test suite's and other tools' own variables are not settings.
        if name.starts_with("TEST_") || name == "BIN" {
            return Ok(());
        }
        let key_of = |name: &str| name.to_lowercase().replace("__", ".");
        let is_known = |name: &str| KEYS.iter().any(|key| key.is_called(&key_of(name)));
        if let Some(name) = name.strip_suffix("_FILE").filter(|name| is_known(name)) {
            let content = std::fs::read_to_string(&text)
                .map_err(|error| ConfigError(format!("{variable}: {text} can't be read: {error}")))?;
            let text = content.trim_end_matches(['\r', '\n']).to_owned();
            self.values.insert(key_of(name), Raw { text, origin: variable });
        } else {
            self.values.insert(key_of(name), Raw { text, origin: variable });
        }
        Ok(())
    }

    pub(super) fn refuse_unknown_keys(&self) -> Result<(), ConfigError> {
        for (name, raw) in &self.values {
            if KEYS.iter().all(|key| !key.is_called(name)) {
                let nearest = KEYS.iter().min_by_key(|key| distance(name, key.name)).map_or("", |key| key.name);
                return Err(ConfigError(format!(
                    "{name} (from {}) is not a setting; the nearest one is {nearest}",
                    raw.origin
                )));
            }
        }
        Ok(())
    }

    /// The value of a key that has a default.
    pub(super) fn read<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        self.read_optional(name, parse)?.ok_or_else(|| ConfigError::missing(name, "a value"))
    }

    /// The value of a key that may be unset.
    pub(super) fn read_optional<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let key = KEYS
            .iter()
            .find(|key| key.is_called(name))
            .ok_or_else(|| ConfigError(format!("{name} is not a setting")))?;
        let (text, origin) = match self.values.get(name) {
            Some(raw) => (raw.text.as_str(), raw.origin.as_str()),
            None => match key.default {
                Some(default) => (default, "the default"),
                None => return Ok(None),
            },
        };
        parse(text).map(Some).map_err(|_| {
            let found = if key.secret { "a value that is not shown" } else { text };
            ConfigError(format!("{name} (from {origin}) is {found:?}; expected {}", key.accepted))
        })
    }

    /// The names that were chosen between `prefix` and the rest of a key, sorted.
    pub(super) fn chosen_names(&self, prefix: &str) -> Vec<String> {
        let rests = self.values.keys().filter_map(|name| name.strip_prefix(prefix));
        let mut names: Vec<String> =
            rests.filter_map(|rest| rest.split_once('.')).map(|(name, _)| name.to_owned()).collect();
        names.dedup();
        names
    }

    /// Each key with its value, secrets hidden, and where the value comes from.
    pub fn effective(&self) -> Vec<(String, Option<String>, String)> {
        KEYS.iter()
            .flat_map(|key| self.names_of(key).into_iter().map(move |name| (key, name)))
            .map(|(key, name)| {
                let (value, origin) = match self.values.get(&name) {
                    Some(raw) => (Some(raw.text.clone()), raw.origin.clone()),
                    None => (key.default.map(str::to_owned), "default".to_owned()),
                };
                (name, value.map(|value| shown(key, value)), origin)
            })
            .collect()
    }

    /// By what names a key is set, or can be.
    fn names_of(&self, key: &Key) -> Vec<String> {
        match key.name.split_once('*') {
            Some((before, after)) => {
                self.chosen_names(before).into_iter().map(|name| format!("{before}{name}{after}")).collect()
            }
            None => vec![key.name.to_owned()],
        }
    }
}

fn shown(key: &Key, value: String) -> String {
    match crate::db::DatabaseUrl::parse(&value) {
        Ok(url) if key.name == "database_url" => url.to_string(),
        _ if key.secret => "(hidden)".to_owned(),
        _ => value,
    }
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Levenshtein's distance, to name the key that was probably meant.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
