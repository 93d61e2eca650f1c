//! What a server must know of its operations: which methods a path has, and what a POST to it requires.
//!
//! `HEAD` and `OPTIONS` are no exception. Nothing asks for them but preflights of configured origins, which are answered
//! before any route, and `Allow` would otherwise promise what no operation describes.

use actix_web::http::Method;
use serde_json::Value;

/// The operations of one path.
#[derive(Clone, Debug)]
pub struct PathOperations {
    /// The path as in the document, with its parameters in braces.
    pub path: String,
    /// The methods that it knows.
    pub methods: Vec<Method>,
    post_permission: Option<String>,
}

impl PathOperations {
    /// The methods as the header `Allow` lists them (RFC 9110, section 10.2.1).
    pub fn allow(&self) -> String {
        self.methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
    }

    fn takes(&self, path: &str) -> bool {
        let (mut words, mut asked) = (self.path.split('/'), path.split('/'));
        loop {
            match (words.next(), asked.next()) {
                (Some(word), Some(asked)) if word == asked || (word.starts_with('{') && !asked.is_empty()) => {}
                (None, None) => return true,
                _ => return false,
            }
        }
    }
}

/// The operations of all paths.
#[derive(Clone, Debug, Default)]
pub struct Operations(Vec<PathOperations>);

impl Operations {
    /// Adds an operation, whose path lies under `prefix`.
    pub fn add<P: utoipa::Path>(&mut self, prefix: &str) {
        let path = format!("{prefix}{}", P::path());
        // Where two paths part, a fixed word comes before `{`, and so is found before the parameter that would take it.
        let index = match self.0.binary_search_by(|known| known.path.cmp(&path)) {
            Ok(index) => index,
            Err(index) => {
                self.0.insert(index, PathOperations { path, methods: Vec::new(), post_permission: None });
                index
            }
        };
        let known = &mut self.0[index];
        for method in P::methods().iter().filter_map(method) {
            if method == Method::POST {
                let extensions = P::operation().extensions.unwrap_or_default();
                known.post_permission = extensions.get("x-permission").and_then(Value::as_str).map(str::to_owned);
            }
            known.methods.push(method);
        }
        known.methods.sort_by(|left, right| left.as_str().cmp(right.as_str()));
    }

    /// What a path knows; `None` for a path that is unknown.
    pub fn of(&self, path: &str) -> Option<&PathOperations> {
        self.0.iter().find(|known| known.takes(path))
    }

    /// The permission that a POST to a path requires; `None` where being signed in is enough.
    pub fn post_permission(&self, path: &str) -> Option<&str> {
        self.of(path)?.post_permission.as_deref()
    }

    /// The paths that lie beside a parameter which would take their last words for a value, as `/users/{id}` takes `bulk`.
    pub fn beside_a_parameter(&self) -> impl Iterator<Item = &PathOperations> {
        let taken =
            |known: &&PathOperations| self.0.iter().any(|other| other.path != known.path && other.takes(&known.path));
        self.0.iter().filter(taken)
    }
}

fn method(method: &utoipa::openapi::HttpMethod) -> Option<Method> {
    let name = serde_json::to_value(method).ok()?;
    Method::from_bytes(name.as_str()?.to_uppercase().as_bytes()).ok()
}
