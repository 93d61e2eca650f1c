//! Where features put their routes.

use actix_web::dev::HttpServiceFactory;
use utoipa_actix_web::OpenApiFactory;

/// What routes are put into: a server, or the contract. A handler that the contract can't describe can be put into neither.
///
/// Each worker of a server has routes of its own, and the descriptions would take megabytes for each.
pub enum Routes<'a, 'b> {
    /// To be served.
    Server(&'a mut actix_web::web::ServiceConfig),
    /// To be described.
    Contract(&'a mut utoipa_actix_web::service_config::ServiceConfig<'b>),
}

impl Routes<'_, '_> {
    /// Adds a handler.
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: F) -> &mut Self {
        match self {
            Self::Server(config) => drop(config.service(handler)),
            Self::Contract(config) => drop(config.service(handler)),
        }
        self
    }
}
