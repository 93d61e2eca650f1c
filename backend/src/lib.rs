//! Reeve gives an application that already exists a secure admin interface.
