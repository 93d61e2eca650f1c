//! The application that is served beside the API. No database has a part in it, so one is enough.

use std::sync::Arc;

use crate::harness::{Answer, Kind, Provided, Server, Store};

const INDEX: &str = "<!doctype html><title>the index</title>";
const SCRIPT: &str = "console.log('plain')";

fn serve(options: &[(&str, &str)]) -> Server {
    let store: Arc<Store> = Provided::provide(Kind::Sqlite);
    let directory = store.folder.path().join("dist");
    std::fs::create_dir_all(directory.join("assets")).unwrap();
    for (name, content) in [
        ("index.html", INDEX),
        ("assets/app-1a2b.js", SCRIPT),
        ("assets/app-1a2b.js.br", "brotli"),
        ("assets/app-1a2b.js.gz", "gzip"),
    ] {
        std::fs::write(directory.join(name), content).unwrap();
    }
    let directory = directory.to_str().unwrap().to_owned();
    let settings: Vec<_> = [("spa_dir", directory.as_str())].iter().chain(options).copied().collect();
    Server::start(&store, &settings)
}

fn page(server: &Server, path: &str, host: &str) -> Answer {
    server.stranger().request_page("GET", path).header("host", host).send()
}

fn port(server: &Server) -> &str {
    server.address.rsplit(':').next().unwrap()
}

#[test]
fn an_asset_comes_compressed_and_is_kept_for_good() {
    let server = serve(&[]);
    for (accepted, body) in [("br, gzip", "brotli"), ("gzip", "gzip"), ("identity", SCRIPT)] {
        let request = server.stranger().request_page("GET", "/assets/app-1a2b.js");
        let answer = request.header("accept-encoding", accepted).send();
        assert_eq!((answer.status, answer.text().as_str()), (200, body), "{answer}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{answer}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{answer}");
        assert!(answer.header("content-type").unwrap().starts_with("text/javascript"), "{answer}");
    }
}

#[test]
fn a_route_of_the_application_is_the_index_and_asked_for_anew() {
    let server = serve(&[]);
    let host = format!("localhost:{}", port(&server));
    for path in ["/", "/users/1?tab=history", "/no/such/place"] {
        let answer = page(&server, path, &host);
        assert_eq!((answer.status, answer.text().as_str()), (200, INDEX), "{answer}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{answer}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{answer}");
    }
}

#[test]
fn a_file_that_is_missing_is_missing_and_never_the_index_kept_for_good() {
    let server = serve(&[]);
    for path in
        ["/assets/gone.js", "/assets/gone", "/assets/", "/favicon.ico", "/api/v1/gone", "/api/gone", "/.git/config"]
    {
        let answer = page(&server, path, &format!("localhost:{}", port(&server)));
        answer.problem(404, "not_found");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
    }
}

#[test]
fn a_page_opened_at_another_name_of_this_machine_goes_to_where_its_session_lives() {
    let server = serve(&[]);
    let port = port(&server);
    for host in ["127.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "reeve.localhost"] {
        for path in ["/", "/setup?token=a%2Fb", "//evil.example/x", "/@evil"] {
            let answer = page(&server, path, &format!("{host}:{port}"));
            assert_eq!(answer.status, 307, "{host} {answer}");
            assert_eq!(answer.header("location"), Some(format!("http://localhost:{port}{path}").as_str()));
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
        }
    }
}

#[test]
fn nothing_but_a_page_is_sent_elsewhere() {
    let server = serve(&[]);
    let host = format!("127.0.0.1:{}", port(&server));
    assert_eq!(page(&server, "/api/v1/config", &host).status, 200);
    assert_eq!(page(&server, "/.well-known/jwks.json", &host).status, 200);
    assert_eq!(page(&server, "/assets/app-1a2b.js", &host).status, 200);
    page(&server, "/api/v1/me", &host).problem(401, "unauthenticated");
    let posted = server.stranger().request_page("POST", "/users").header("host", &host).send();
    posted.problem(405, "method_not_allowed");
}

#[test]
fn no_host_header_makes_a_redirect_to_anywhere_else() {
    let server = serve(&[]);
    let port = port(&server);
    let other = port.parse::<u16>().unwrap() ^ 1;
    for host in [
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        format!("LOCALHOST:{port}"),
        format!("127.0.0.1:{other}"),
        format!("[::1]:{other}"),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("evil-localhost:{port}"),
        format!("127.0.0.1:{port}@evil.example:{port}"),
        format!("evil.example:{port}@evil.example:{port}"),
        format!("10.0.0.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("[::]:{port}"),
        format!("[fe80::1]:{port}"),
        format!("127.1.evil:{port}"),
        format!("127.0.0.1:{port}/evil"),
        "127.0.0.1:99999".to_owned(),
        "%00".to_owned(),
    ] {
        let answer = page(&server, "/users", &host);
        assert_eq!(answer.header("location"), None, "{host}: {answer}");
    }
    for name in ["x-forwarded-host", "x-forwarded-for", "forwarded"] {
        let request = server.stranger().request_page("GET", "/users").header("host", &format!("127.0.0.1:{port}"));
        let answer = request.header(name, "evil.example").send();
        assert_eq!((answer.status, answer.header("location")), (200, None), "{answer}");
    }
}

#[test]
fn a_public_url_that_is_elsewhere_or_encrypted_sends_no_page_away() {
    for public_url in ["https://admin.example.com", "http://admin.example.com", "https://localhost"] {
        let server = serve(&[("public_url", public_url)]);
        for host in [format!("127.0.0.1:{}", port(&server)), "127.0.0.1".to_owned(), "127.0.0.1:443".to_owned()] {
            assert_eq!(page(&server, "/users", &host).status, 200, "{public_url} {host}");
        }
    }
}

#[test]
fn a_public_url_that_is_an_address_is_where_its_name_leads() {
    let server = serve(&[("public_url", "http://127.0.0.1:8080")]);
    let answer = page(&server, "/users", "localhost:8080");
    assert_eq!((answer.status, answer.header("location")), (307, Some("http://127.0.0.1:8080/users")), "{answer}");
}
