//! Secrets: password hashes, signed access tokens and their keys, opaque tokens.

pub mod access_token;
pub mod api_key;
pub mod key_ring;
pub mod opaque_token;
pub mod password_hash;
mod random;
pub mod sealing;

pub use random::{random_bytes, random_text};
