//! argon2id in threads of its own: a storm of sign-ins fills this queue and nothing else.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;
use zeroize::Zeroize;

use super::random_bytes;
use crate::config::PasswordSettings;
use crate::problem::Problem;

/// Hashes that may wait for one thread: about a second's work at the default cost. Past it callers are told to come back.
const QUEUE_PER_THREAD: usize = 48;
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// A thread that has had nothing to do for so long gives its working memory back, and after as long again sees to it that
/// the system has it.
const IDLE: Duration = Duration::from_secs(2);
const BLOCKS_TO_ASK_FOR: usize = 4_096;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What verifying a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password.
    Wrong,
    /// It is.
    Right,
    /// It is, and the stored hash is weaker than what is configured now: hash it again.
    RightButWeak,
}

/// The pool that hashes and verifies passwords.
#[derive(Clone)]
pub struct PasswordHasher {
    queue: Sender<Job>,
    params: Params,
    /// The hash of nothing anybody knows, so that an unknown user costs as much as a wrong password.
    decoy: Arc<str>,
}

type Job = Box<dyn FnOnce(&mut WorkingMemory) + Send>;

impl PasswordHasher {
    /// Starts one thread a core, below the priority of what answers requests.
    ///
    /// # Errors
    /// When the parameters are out of argon2's range or a thread can't be started.
    pub fn start(settings: &PasswordSettings, threads: usize) -> std::io::Result<Self> {
        let params = Params::new(settings.memory_kib, settings.iterations, settings.parallelism, Some(HASH_BYTES))
            .map_err(|error| std::io::Error::other(format!("argon2 parameters: {error}")))?;
        let (queue, jobs) = bounded::<Job>(QUEUE_PER_THREAD * threads);
        for index in 0..threads {
            let jobs = jobs.clone();
            thread::Builder::new()
                .name(format!("password-{index}"))
                .stack_size(512 * 1024)
                .spawn(move || work_off(&jobs))?;
        }
        let decoy = format_hash(&params, &random_bytes::<SALT_BYTES>(), &random_bytes::<HASH_BYTES>());
        Ok(Self { queue, params, decoy: decoy.into() })
    }

    /// The hash to store, with its parameters in it (PHC string format).
    ///
    /// # Errors
    /// `overloaded` when the queue is full.
    pub async fn hash(&self, password: SecretString) -> Result<String, Problem> {
        let params = self.params.clone();
        self.run(move |memory| {
            let salt = random_bytes::<SALT_BYTES>();
            let mut output = memory.derive(&params, password.expose_secret(), &salt)?;
            let text = format_hash(&params, &salt, &output);
            output.zeroize();
            Ok(text)
        })
        .await
    }

    /// Compares a password with a stored hash, in the same time whether there is one or not.
    ///
    /// # Errors
    /// `overloaded` when the queue is full.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<Verdict, Problem> {
        let configured = self.params.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        self.run(move |memory| {
            let stored = StoredHash::parse(&stored)?;
            let output = memory.derive(&stored.params, password.expose_secret(), &stored.salt)?;
            let equal = bool::from(output.ct_eq(&stored.output));
            Ok(match (equal && known, is_weaker(&stored.params, &configured)) {
                (false, _) => Verdict::Wrong,
                (true, false) => Verdict::Right,
                (true, true) => Verdict::RightButWeak,
            })
        })
        .await
    }

    /// Does other work about passwords that takes a while where hashing does.
    ///
    /// # Errors
    /// `overloaded` when the queue is full.
    pub async fn compute<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.run(|_| Ok(work())).await
    }

    /// What whoever comes while too many wait is told.
    pub fn overloaded() -> Problem {
        Problem::overloaded(RETRY_AFTER)
    }

    /// Whether the queue is full: whoever comes now is told to come back.
    ///
    /// # Errors
    /// `overloaded`.
    pub fn check_room(&self) -> Result<(), Problem> {
        if self.queue.is_full() { Err(Self::overloaded()) } else { Ok(()) }
    }

    async fn run<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut WorkingMemory) -> Result<T, HashError> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            if !answer.is_closed() {
                let _ = answer.send(work(memory));
            }
        });
        self.queue.try_send(job).map_err(|_| Self::overloaded())?;
        result.await.map_err(Problem::internal)?.map_err(Problem::internal)
    }
}

#[derive(Debug, thiserror::Error)]
enum HashError {
    #[error("a stored password hash is malformed")]
    Malformed,
    #[error("argon2: {0}")]
    Argon2(argon2::Error),
}

impl From<argon2::Error> for HashError {
    fn from(error: argon2::Error) -> Self {
        Self::Argon2(error)
    }
}

fn work_off(jobs: &Receiver<Job>) {
    // On Linux this lowers the calling thread alone. Where it is refused the threads only compete as equals.
    let _ = rustix::process::setpriority_process(None, 10);
    let mut memory = WorkingMemory(Vec::new());
    while let Some(job) = next_job(jobs, &mut memory) {
        job(&mut memory);
    }
}

/// Waits for work, and meanwhile gives up in steps what the last one needed.
fn next_job(jobs: &Receiver<Job>, memory: &mut WorkingMemory) -> Option<Job> {
    // Work that waits already writes over the whole of the memory if it costs as much, and wipes it first if it doesn't.
    if let Ok(job) = jobs.try_recv() {
        return Some(job);
    }
    memory.wipe();
    for step in [WorkingMemory::release, WorkingMemory::return_to_system] {
        match jobs.recv_timeout(IDLE) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Timeout) => step(memory),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    jobs.recv().ok()
}

/// The memory that argon2 fills, kept between jobs.
struct WorkingMemory(Vec<Block>);

impl WorkingMemory {
    fn wipe(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }

    fn release(&mut self) {
        self.0 = Vec::new();
    }

    /// The allocator gives what has been free for a while back to the system, but only when it is asked for much again.
    fn return_to_system(&mut self) {
        self.0.reserve(BLOCKS_TO_ASK_FOR);
        self.release();
    }

    /// Makes room for so many blocks. What a hash of another cost leaves would stay beyond the new end, or in the place that
    /// the memory grows out of.
    fn fit(&mut self, blocks: usize) {
        if self.0.len() != blocks {
            self.wipe();
        }
        self.0.resize(blocks, Block::default());
    }

    fn derive(&mut self, params: &Params, password: &str, salt: &[u8]) -> Result<[u8; HASH_BYTES], HashError> {
        let mut output = [0; HASH_BYTES];
        self.fit(params.block_count());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let derived = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut self.0[..]);
        derived?;
        Ok(output)
    }
}

struct StoredHash {
    params: Params,
    salt: Vec<u8>,
    output: [u8; HASH_BYTES],
}

impl StoredHash {
    fn parse(text: &str) -> Result<Self, HashError> {
        let parts: Vec<&str> = text.split('$').collect();
        let ["", "argon2id", "v=19", costs, salt, output] = parts[..] else { return Err(HashError::Malformed) };
        let cost = |name: &str| -> Result<u32, HashError> {
            costs
                .split(',')
                .find_map(|cost| cost.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
                .ok_or(HashError::Malformed)
        };
        let decode = |text: &str| STANDARD_NO_PAD.decode(text).map_err(|_| HashError::Malformed);
        Ok(Self {
            params: Params::new(cost("m")?, cost("t")?, cost("p")?, Some(HASH_BYTES))?,
            salt: decode(salt)?,
            output: decode(output)?.try_into().map_err(|_| HashError::Malformed)?,
        })
    }
}

fn format_hash(params: &Params, salt: &[u8], output: &[u8]) -> String {
    let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
    format!("$argon2id$v=19$m={},t={},p={}${salt}${output}", params.m_cost(), params.t_cost(), params.p_cost())
}

fn is_weaker(stored: &Params, configured: &Params) -> bool {
    stored.m_cost() < configured.m_cost() || stored.t_cost() < configured.t_cost()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(memory_kib: u32) -> PasswordHasher {
        let settings = PasswordSettings {
            min_length: 12,
            min_strength: 3,
            history: 0,
            breach_check_url: None,
            memory_kib,
            iterations: 1,
            parallelism: 1,
        };
        PasswordHasher::start(&settings, 1).unwrap()
    }

    #[actix_web::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let hasher = hasher(8_192);
        let hash = hasher.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8192,t=1,p=1$"));
        assert_eq!(hasher.verify("correct horse battery".into(), Some(hash.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(hasher.verify("correct horse".into(), Some(hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify("anything".into(), None).await.unwrap(), Verdict::Wrong);
    }

    /// The next password writes over what the last one left only where both need the same memory.
    #[test]
    fn memory_that_a_hash_of_another_cost_leaves_over_holds_nothing_of_a_password() {
        for (before, after) in [(64, 8), (8, 64)] {
            let params = |memory_kib| Params::new(memory_kib, 1, 1, Some(HASH_BYTES)).unwrap();
            let mut memory = WorkingMemory(Vec::new());
            memory.derive(&params(before), "correct horse battery", &[7; SALT_BYTES]).unwrap();
            memory.fit(params(after).block_count());
            assert!(memory.0.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        }
    }

    #[actix_web::test]
    async fn raised_parameters_ask_for_a_new_hash() {
        let hash = hasher(8_192).hash("correct horse battery".into()).await.unwrap();
        let verdict = hasher(16_384).verify("correct horse battery".into(), Some(hash)).await.unwrap();
        assert_eq!(verdict, Verdict::RightButWeak);
    }

    #[actix_web::test]
    async fn a_full_queue_answers_at_once_instead_of_growing() {
        let hasher = hasher(65_536);
        let storm = (0..QUEUE_PER_THREAD * 3).map(|_| hasher.hash("correct horse battery".into()));
        let answers = futures_util::future::join_all(storm).await;
        assert!(answers.iter().any(Result::is_err));
        assert!(answers.iter().filter(|answer| answer.is_ok()).count() >= QUEUE_PER_THREAD);
    }
}
