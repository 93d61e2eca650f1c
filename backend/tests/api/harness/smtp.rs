//! A mail server of the test's own, in a process of its own, and an authority that signs its certificate.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use super::mailbox::{Mail, read_mails};
use super::wait_for;

/// Takes mails. What it can be told is in `smtp_server.py`.
pub struct SmtpServer {
    pub port: u16,
    folder: TempDir,
    child: Child,
    /// It ends when this does, even where a test is killed.
    _stdin: ChildStdin,
}

impl SmtpServer {
    #[track_caller]
    pub fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/harness/smtp_server.py");
        let mut child = Command::new(python())
            .args(["-B".as_ref(), script.as_os_str(), folder.path().as_os_str()])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port = port.trim().parse().expect("the mail server did not start");
        let stdin = child.stdin.take().unwrap();
        Self { port, folder, child, _stdin: stdin }
    }

    /// One that encrypts by `tls`, with a certificate of `authority`.
    #[track_caller]
    pub fn start_with_tls(tls: &str, authority: &Authority, options: &[&str]) -> Self {
        let (certificate, key) = (authority.certificate(), authority.key());
        let own = ["--tls", tls, "--certificate", certificate.to_str().unwrap(), "--key", key.to_str().unwrap()];
        Self::start(&[&own, options].concat())
    }

    /// All mails that it has taken, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        read_mails(self.folder.path())
    }

    /// Waits until it has taken so many.
    #[track_caller]
    pub fn wait_for_mails(&self, number: usize) -> Vec<Mail> {
        wait_for(&format!("{number} mails"), || self.mails().len() >= number);
        self.mails()
    }

    /// Whether somebody has begun to hand over a mail to this address.
    pub fn was_offered(&self, address: &str) -> bool {
        self.folder.path().join(format!("{address}.offered")).exists()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python that has what the script needs.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/python_tools");
        let output = Command::new(tools).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "the Python tools of the tests can't be installed");
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim()).join("python")
    })
}

/// Signs the certificate of a server on this machine.
pub struct Authority {
    folder: TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (own_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut own = CertificateParams::new(Vec::new()).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        own.distinguished_name.push(DnType::CommonName, "The authority of a test");
        let root = own.self_signed(&own_key).unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut certificate = CertificateParams::new(names).unwrap();
        certificate.distinguished_name.push(DnType::CommonName, "The mail server of a test");
        let certificate = certificate.signed_by(&key, &Issuer::new(own, own_key)).unwrap();
        for (name, text) in
            [("root.pem", root.pem()), ("certificate.pem", certificate.pem()), ("key.pem", key.serialize_pem())]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { folder }
    }

    /// What `SSL_CERT_FILE` names for who is to trust it.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}
