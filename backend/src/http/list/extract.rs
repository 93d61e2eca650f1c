//! A list's parameters as an argument of a handler.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::query_string::Parameters;
use super::request::ListRequest;
use super::spec::ListSpec;
use crate::problem::Problem;

/// A list that handlers can ask for by type.
pub trait Listed: 'static {
    /// Query parameters that it has besides those of every list.
    const OTHERS: &'static [&'static str] = &[];
    /// Whether it is read as a whole, as an export is, without `limit`, `cursor` and `page`.
    const WHOLE: bool = false;

    /// Its description.
    fn spec() -> &'static ListSpec;
}

/// The parameters of the list `L`, checked.
pub struct List<L> {
    /// What is asked for.
    pub request: ListRequest,
    /// Those of [`Listed::OTHERS`] that were given.
    pub others: Parameters,
    of: PhantomData<L>,
}

impl<L> List<L> {
    /// A parameter besides those of every list.
    pub fn other(&self, name: &str) -> Option<&str> {
        self.others.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl<L: Listed> FromRequest for List<L> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parse = if L::WHOLE { ListRequest::parse_whole } else { ListRequest::parse };
        let parsed = parse(L::spec(), request.query_string(), L::OTHERS);
        ready(parsed.map(|(request, others)| Self { request, others, of: PhantomData }))
    }
}
