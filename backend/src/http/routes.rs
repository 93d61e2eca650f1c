//! Where features put their routes.

use actix_web::Scope;
use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{self, Guard};
use actix_web::web::ServiceConfig;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig as DescribedServiceConfig;

use crate::openapi::Operations;

/// What routes are put into: a server, or the contract. A handler that the contract can't describe can be put into neither.
pub enum Routes<'a, 'b> {
    /// To be served.
    Server(&'a mut Families),
    /// To be listed, under a prefix.
    List(&'static str, &'a mut Operations),
    /// To be described.
    Contract(&'a mut DescribedServiceConfig<'b>),
}

impl Routes<'_, '_> {
    /// Adds a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static,
    {
        match self {
            Self::Server(families) => families.add(&F::path(), handler),
            Self::List(prefix, operations) => operations.add::<F>(prefix),
            Self::Contract(config) => drop(config.service(handler)),
        }
        self
    }
}

/// Routes by the first word and the length of their paths. A request is compared with the patterns of one family: comparing it
/// with all that come before its own took longer than finding out who sent it.
pub struct Families {
    prefix: &'static str,
    families: Vec<(Family, Scope)>,
}

impl Families {
    /// None yet. All paths lie under `prefix`.
    pub fn under(prefix: &'static str) -> Self {
        Self { prefix, families: Vec::new() }
    }

    fn add(&mut self, path: &str, handler: impl HttpServiceFactory + 'static) {
        let family = Family::of(self.prefix, path);
        let known = self.families.iter().position(|(known, _)| *known == family);
        let (index, scope) = match known {
            Some(index) => (index, self.families.remove(index).1),
            None => (self.families.len(), Scope::new("").guard(family.guard())),
        };
        self.families.insert(index, (family, scope.service(handler)));
    }

    /// Serves them all.
    pub fn serve(self, config: &mut ServiceConfig) {
        for (_, scope) in self.families {
            config.service(scope);
        }
    }
}

/// What the paths of a family have in common.
#[derive(Clone, PartialEq, Eq)]
struct Family {
    beginning: String,
    segments: usize,
}

impl Family {
    fn of(prefix: &str, path: &str) -> Self {
        let word = path.split('/').nth(1).unwrap_or_default();
        Self { beginning: format!("{prefix}/{word}"), segments: segments(path) }
    }

    fn guard(&self) -> impl Guard + use<> {
        let Self { beginning, segments: number } = self.clone();
        guard::fn_guard(move |context| {
            let rest = context.head().uri.path().strip_prefix(beginning.as_str());
            rest.is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && segments(rest) + 1 == number)
        })
    }
}

fn segments(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}
