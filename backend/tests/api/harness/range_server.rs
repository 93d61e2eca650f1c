//! An endpoint of the test's own that knows breached passwords by the first digits of their hashes.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha1::{Digest, Sha1};

/// How it answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// As the real one: these passwords, among others and padding.
    Knows(&'static [&'static str]),
    /// With these passwords as padding, which was in no breach.
    Pads(&'static [&'static str]),
    /// With this status line, and with these passwords in the body all the same.
    Fails(&'static str, &'static [&'static str]),
    /// With a page, in which the password's line is hidden.
    Garbles(&'static [&'static str]),
    /// By sending whoever asks elsewhere, where it knows them.
    Redirects(&'static [&'static str]),
    /// With far too much, at whose beginning the password's line is.
    Overflows(&'static [&'static str]),
    /// Not before this has passed.
    Delays(Duration, &'static [&'static str]),
}

pub struct RangeServer {
    /// The value of `password.breach_check_url`.
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl RangeServer {
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/range/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, own_url) = (Arc::clone(&asked), url.clone());
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (manner, seen, own_url) = (manner.clone(), Arc::clone(&seen), own_url.clone());
                std::thread::spawn(move || answer(&stream, &manner, &seen, &own_url));
            }
        });
        Self { url, asked }
    }

    /// What was asked so far: each question's lines, as they came.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The first five digits of a password's hash, and the others.
pub fn split_hash(password: &str) -> (String, String) {
    let mut digits = format!("{:X}", Sha1::digest(password));
    let suffix = digits.split_off(5);
    (digits, suffix)
}

fn answer(mut stream: &TcpStream, manner: &Manner, seen: &Mutex<Vec<String>>, own_url: &str) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let lines: Vec<String> = lines.collect();
    let Some(path) = lines.first().and_then(|line| line.split(' ').nth(1)).map(str::to_owned) else { return };
    seen.lock().unwrap().push(lines.join("\n"));
    let prefix = path.rsplit('/').next().unwrap_or_default();
    let listed = |passwords: &[&str], count: u32| {
        let hashes = passwords.iter().map(|password| split_hash(password)).filter(|(first, _)| first == prefix);
        let known: String = hashes.map(|(_, suffix)| format!("{suffix}:{count}\r\n")).collect();
        format!("00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n{known}011053FD0102E94D6AE2F8B83D76FAF94F6:0\r\n")
    };
    let (status, more, body) = match manner {
        Manner::Knows(passwords) => ("200 OK", String::new(), listed(passwords, 37)),
        Manner::Pads(passwords) => ("200 OK", String::new(), listed(passwords, 0)),
        Manner::Fails(status, passwords) => (*status, String::new(), listed(passwords, 37)),
        Manner::Garbles(passwords) => ("200 OK", String::new(), format!("<html>\r\n{}", listed(passwords, 37))),
        Manner::Redirects(passwords) if path.starts_with("/elsewhere/") => {
            ("200 OK", String::new(), listed(passwords, 37))
        }
        Manner::Redirects(_) => {
            let elsewhere = own_url.replace("/range/", "/elsewhere/");
            ("302 Found", format!("Location: {elsewhere}{prefix}\r\n"), String::new())
        }
        Manner::Overflows(passwords) => {
            let filling = "00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n".repeat(50_000);
            ("200 OK", String::new(), listed(passwords, 37) + &filling)
        }
        Manner::Delays(time, passwords) => {
            std::thread::sleep(*time);
            ("200 OK", String::new(), listed(passwords, 37))
        }
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n", body.len());
    let _ = stream.write_all((head + &body).as_bytes());
}
