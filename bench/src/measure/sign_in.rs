//! Signing in: how much of the cores it makes use of, and what it does to those who are signed in.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::{Bench, median, paths};
use crate::Result;
use crate::figure::{Bound, Figure};
use crate::load::{Outcome, Pace, run};
use crate::process::Process;
use crate::report::Report;
use crate::script::{Reads, SignIns};
use crate::store::{COST, PASSWORD};

/// Enough to keep every core hashing, and few enough that nobody is turned away.
const SIGNING_IN: usize = 32;
/// More than may wait: some are turned away.
const STORM: usize = 256;
/// How many different users sign in.
const USERS: usize = 2_000;
/// Whose reads are watched, and how often each reads.
const READERS: usize = 16;
const INTERVAL: Duration = Duration::from_millis(40);
/// Long enough for a p99 of thousands of reads.
const WATCHED: Duration = Duration::from_secs(10);

pub(super) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let name = bench.database.name();
    let reeve = bench.serve()?;
    let people = paths(Bench::owners(&reeve, USERS.min(bench.arguments.users as usize / 41))?);

    let (mut hashed, mut signed_in) = (Vec::new(), Vec::new());
    run(reeve.address, SignIns::of(SIGNING_IN, &people), Pace::Closed, bench.duration())?;
    for _ in 0..bench.arguments.rounds {
        hashed.push(hashing_capacity(bench.duration())?);
        signed_in.push(run(reeve.address, SignIns::of(SIGNING_IN, &people), Pace::Closed, bench.duration())?.rate());
    }
    let ratio = median(signed_in.iter().zip(&hashed).map(|(ours, theirs)| ours / theirs).collect());
    report.add(
        Figure::new(name, "POST /auth/login", "/s", median(signed_in))
            .against(median(hashed), ratio)
            .bound(Bound::AtLeast(0.95)),
    );
    storm(bench, report, &people)
}

/// How many passwords all cores hash in a second, with nothing else to do.
fn hashing_capacity(duration: Duration) -> Result<f64> {
    let params =
        Params::new(COST.memory_kib, COST.iterations, COST.parallelism, Some(32)).map_err(|error| error.to_string())?;
    let end = Instant::now() + duration;
    let threads: Vec<_> = (0..thread::available_parallelism()?.get())
        .map(|_| {
            let params = params.clone();
            thread::spawn(move || {
                let mut memory = vec![Block::default(); params.block_count()];
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let (mut output, mut hashes) = ([0; 32], 0_u64);
                while Instant::now() < end {
                    let outcome = argon2.hash_password_into_with_memory(
                        PASSWORD.as_bytes(),
                        &[7; 16],
                        &mut output,
                        &mut memory[..],
                    );
                    outcome.map_err(|error| error.to_string())?;
                    hashes += 1;
                }
                Ok::<_, String>(hashes)
            })
        })
        .collect();
    let mut hashes = 0;
    for thread in threads {
        hashes += thread.join().map_err(|_| "a hashing thread panicked")??;
    }
    Ok(hashes as f64 / duration.as_secs_f64())
}

/// What those who are signed in notice of a storm of sign-ins.
fn storm(bench: &Bench, report: &mut Report, people: &Arc<[String]>) -> Result<()> {
    let name = bench.database.name();
    let reeve = bench.serve()?;
    let tokens = Bench::tokens(&reeve, READERS)?;
    watch(&reeve, &tokens, Duration::from_secs(1))?;
    let idle = watch(&reeve, &tokens, WATCHED)?;
    let (address, people) = (reeve.address, Arc::clone(people));
    let lasts = WATCHED + Duration::from_secs(2);
    let storm = thread::spawn(move || run(address, SignIns::of(STORM, &people), Pace::Closed, lasts));
    thread::sleep(Duration::from_secs(1));
    let watched = watch(&reeve, &tokens, WATCHED)?;
    let storm = storm.join().map_err(|_| "the storm panicked")??;

    let p99 = |outcome: &Outcome| outcome.latency.value_at_quantile(0.99) as f64;
    report.add(
        Figure::new(name, "GET /me: p99 in a storm of sign-ins to idle", "µs", p99(&watched))
            .against(p99(&idle), p99(&watched) / p99(&idle))
            .bound(Bound::AtMost(3.0)),
    );
    report.add(Figure::new(name, "sign-ins in the storm", "/s", storm.rate()));
    report.add(Figure::new(name, "turned away in the storm", "/s", storm.turned_away as f64 / lasts.as_secs_f64()));
    report.add(
        Figure::new(name, "memory, most in a storm of sign-ins", "MiB", reeve.most_resident()?)
            .bound(Bound::AtMost(110.0)),
    );
    report.add(Figure::new(name, "threads, in a storm of sign-ins", "", reeve.threads()?));
    Ok(())
}

fn watch(reeve: &Process, tokens: &[String], duration: Duration) -> Result<Outcome> {
    run(reeve.address, Reads::of(tokens, &paths(["/api/v1/me".to_owned()])), Pace::Every(INTERVAL), duration)
}
