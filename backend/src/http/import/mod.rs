//! A file of new rows: CSV or one JSON object a line, read row by row, with the line of whatever is wrong.

mod quoting;
mod report;
mod rows;
mod table;
mod upload;

pub use report::{ImportReport, LineError};
pub use rows::{CellKind, ImportColumn, ImportRow};
pub use upload::{ImportFormat, ImportOptions, ImportParameters, Upload, take_flag};
