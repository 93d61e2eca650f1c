//! Load on a server over many connections, and how long its answers took.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::RETRY_AFTER;
use hyper::{HeaderMap, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::sleep;

use crate::Result;
use crate::script::{Request, Script};

/// One connection, which is kept alive.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    pub(crate) async fn send(&mut self, request: Request) -> Result<(StatusCode, Bytes)> {
        let (status, _, body) = self.exchange(request).await?;
        Ok((status, body))
    }

    async fn exchange(&mut self, request: Request) -> Result<(StatusCode, HeaderMap, Bytes)> {
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        Ok((head.status, head.headers, body.collect().await?.to_bytes()))
    }
}

/// When requests are sent.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// The next one as soon as the last one is answered.
    Closed,
    /// One in each interval on each connection, whether or not the server keeps up.
    Every(Duration),
}

/// What came of a load.
pub(crate) struct Outcome {
    /// Requests that were done, and how long each took in microseconds.
    pub(crate) latency: Histogram<u64>,
    /// Requests that were told to come back later.
    pub(crate) turned_away: u64,
    pub(crate) elapsed: Duration,
}

impl Outcome {
    fn new() -> Result<Self> {
        Ok(Self { latency: Histogram::new_with_bounds(1, 60_000_000, 3)?, turned_away: 0, elapsed: Duration::ZERO })
    }

    /// Requests done in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.latency.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Takes another round of the same load into this one.
    pub(crate) fn add(&mut self, other: &Self) -> Result<()> {
        self.latency.add(&other.latency)?;
        self.turned_away += other.turned_away;
        self.elapsed += other.elapsed;
        Ok(())
    }
}

/// Runs each script on a connection of its own.
///
/// # Errors
/// When an answer is neither a success nor a 503, which is waited out as its `Retry-After` says.
pub(crate) fn run<S: Script>(address: SocketAddr, scripts: Vec<S>, pace: Pace, duration: Duration) -> Result<Outcome> {
    // As many as cores: one that is kept from its core by the server must not keep the others from asking.
    let threads = thread::available_parallelism()?.get();
    let mut shares: Vec<Vec<(usize, S)>> = (0..threads).map(|_| Vec::new()).collect();
    let connections = scripts.len();
    for (index, script) in scripts.into_iter().enumerate() {
        shares[index % threads].push((index, script));
    }
    let begin = Instant::now();
    let schedule = Schedule { begin, end: begin + duration, pace, connections };
    let running: Vec<_> =
        shares.into_iter().map(|share| thread::spawn(move || run_share(address, share, schedule))).collect();
    let mut whole = Outcome::new()?;
    for share in running {
        whole.add(&share.join().map_err(|_| "a thread of the load panicked")??)?;
    }
    whole.elapsed = duration;
    Ok(whole)
}

#[derive(Clone, Copy)]
struct Schedule {
    begin: Instant,
    end: Instant,
    pace: Pace,
    connections: usize,
}

fn run_share<S: Script>(address: SocketAddr, share: Vec<(usize, S)>, schedule: Schedule) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let tasks: Vec<_> = share
            .into_iter()
            .map(|(index, script)| tokio::task::spawn_local(run_script(address, index, script, schedule)))
            .collect();
        let mut sum = Outcome::new()?;
        for task in tasks {
            sum.add(&task.await??)?;
        }
        Ok(sum)
    })
}

async fn run_script<S: Script>(
    address: SocketAddr,
    index: usize,
    mut script: S,
    schedule: Schedule,
) -> Result<Outcome> {
    let mut connection = Connection::open(address).await?;
    let mut outcome = Outcome::new()?;
    // Spread over the interval, so that the connections don't ask all at once.
    let mut due = match schedule.pace {
        Pace::Closed => schedule.begin,
        Pace::Every(interval) => schedule.begin + interval.mul_f64(index as f64 / schedule.connections as f64),
    };
    loop {
        if let Pace::Every(interval) = schedule.pace {
            due += interval;
        }
        let began = wait_until(due, schedule.pace).await;
        if began >= schedule.end {
            return Ok(outcome);
        }
        let (status, headers, body) = connection.exchange(script.next()?).await?;
        let ended = Instant::now();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            outcome.turned_away += 1;
            let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(1);
            sleep(Duration::from_secs(seconds)).await;
        } else if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        } else if ended <= schedule.end {
            script.answered(status, &body)?;
            outcome.latency.record((ended - began).as_micros().try_into()?)?;
        }
    }
}

/// When the wait for an answer begins: when the request was due, if the answer before it came too late for that.
async fn wait_until(due: Instant, pace: Pace) -> Instant {
    let now = Instant::now();
    match pace {
        Pace::Closed => now,
        Pace::Every(_) if now >= due => due,
        Pace::Every(_) => {
            sleep(due - now).await;
            Instant::now()
        }
    }
}
