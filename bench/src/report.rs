//! The figures of a run, printed and written.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::figure::{Bound, Figure};

/// All figures of a run.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Of the machine.
    cores: usize,
    figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn add(&mut self, figure: Figure) {
        eprintln!("  {}", row(&figure));
        self.figures.push(figure);
    }

    pub(crate) fn all_kept(&self) -> bool {
        self.figures.iter().all(|figure| figure.is_kept() != Some(false))
    }

    pub(crate) fn print(&self) {
        println!("\n{}", self.table());
    }

    /// Writes `latest.json` and `latest.md`. What was not measured this time stays as it was.
    pub(crate) fn write(mut self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let file = folder.join("latest.json");
        let earlier: Self =
            fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        // In the place where it stood before, so that two results can be compared line by line.
        let mut figures = earlier.figures;
        for new in self.figures {
            match figures.iter_mut().find(|figure| figure.is_of(&new)) {
                Some(figure) => *figure = new,
                None => figures.push(new),
            }
        }
        figures.sort_by(|left, right| right.database.cmp(&left.database));
        self.figures = figures;
        self.cores = thread::available_parallelism()?.get();
        fs::write(file, format!("{:#}\n", serde_json::to_value(&self)?))?;
        let text = format!(
            "# Results of `make bench`\n\nOn {} cores, load and servers on the same machine. \
             What is measured, and how, is in [docs/performance.md](../../docs/performance.md).\n\n{}",
            self.cores,
            self.table()
        );
        fs::write(folder.join("latest.md"), text)?;
        Ok(())
    }

    fn table(&self) -> String {
        let mut table = String::from(
            "| database | what | measured | against | ratio | bound | |\n| --- | --- | ---: | ---: | ---: | ---: | --- |\n",
        );
        for figure in &self.figures {
            let _ = writeln!(table, "{}", row(figure));
        }
        table
    }
}

fn row(figure: &Figure) -> String {
    let amount = |value: f64| format!("{} {}", digits(value), figure.unit).trim_end().to_owned();
    let bound = match figure.bound {
        Some(Bound::AtLeast(least)) => format!("≥ {}", digits(least)),
        Some(Bound::AtMost(most)) => format!("≤ {}", digits(most)),
        None => String::new(),
    };
    let kept = match figure.is_kept() {
        Some(true) => "kept",
        Some(false) => "**missed**",
        None => "",
    };
    format!(
        "| {} | {} | {} | {} | {} | {bound} | {kept} |",
        figure.database,
        figure.name,
        amount(figure.value),
        figure.against.map(amount).unwrap_or_default(),
        figure.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
    )
}

fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
