//! Which methods each path knows: exactly those that the document names.
//!
//! `HEAD` and `OPTIONS` are no exception. Nothing asks for them but preflights of configured origins, which are answered
//! before any route, and `Allow` would otherwise promise what no operation describes.

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use serde_json::Value;

/// The methods of one path.
#[derive(Clone)]
pub struct PathMethods {
    /// The path as in the document, with its parameters in braces.
    pub path: String,
    /// The methods that it knows.
    pub methods: Vec<Method>,
    pattern: ResourceDef,
}

impl PathMethods {
    /// The methods as the header `Allow` lists them (RFC 9110, section 10.2.1).
    pub fn allow(&self) -> String {
        self.methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// The methods of all paths.
pub struct Methods(Vec<PathMethods>);

impl Methods {
    pub(super) fn new(paths: &Value) -> Self {
        let mut paths: Vec<_> = paths.as_object().into_iter().flatten().map(path_methods).collect();
        // Where two paths part, a fixed word comes before `{`, and so is found before the parameter that would take it.
        paths.sort_by(|left, right| left.path.cmp(&right.path));
        Self(paths)
    }

    /// What a path knows; `None` for a path that is unknown.
    pub fn of(&self, path: &str) -> Option<&PathMethods> {
        self.0.iter().find(|known| known.pattern.is_match(path))
    }

    /// The paths that lie beside a parameter which would take their last words for a value, as `/users/{id}` takes `bulk`.
    pub fn beside_a_parameter(&self) -> impl Iterator<Item = &PathMethods> {
        let taken = |known: &&PathMethods| {
            self.0.iter().any(|other| other.path != known.path && other.pattern.is_match(&known.path))
        };
        self.0.iter().filter(taken)
    }
}

fn path_methods((path, operations): (&String, &Value)) -> PathMethods {
    let methods = operations.as_object().into_iter().flatten();
    let methods = methods.filter_map(|(method, _)| Method::from_bytes(method.to_uppercase().as_bytes()).ok()).collect();
    PathMethods { path: path.clone(), methods, pattern: ResourceDef::new(path.as_str()) }
}
