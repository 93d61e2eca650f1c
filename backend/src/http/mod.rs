//! The vocabulary that features share: what a request and an answer are made of.

mod client_address;
pub mod envelope;
mod etag;
pub mod export;
pub mod import;
pub mod json_body;
pub mod list;
mod path;
mod reply;
mod routes;

pub use client_address::client_address;
pub use envelope::Envelope;
pub use etag::{EntityTag, Precondition};
pub use json_body::{Body, Field, Fields, OptionalBody, Patch, RequestBody};
pub use path::{PathId, PathKeyId};
pub use reply::{JsonReply, RenderedReply, created, created_without_tag, json, json_with_tag};
pub use routes::{Families, Routes};
