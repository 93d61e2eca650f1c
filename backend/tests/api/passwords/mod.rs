//! Which passwords may be chosen, by whatever way one is set.

mod breaches;
mod command_line;
mod history;
mod rules;
