//! What a browser does that scripts don't: it keeps cookies.

use serde_json::json;

use super::client::{Answer, Client};

/// Signs in as a browser does, with the cookies that it holds, and answers those it gets.
pub fn login_in_browser(client: &Client, identifier: &str, password: &str, cookie: Option<&str>) -> Answer {
    let body = json!({"identifier": identifier, "password": password, "refresh": "cookie"});
    let request = client.request("POST", "/auth/login").json(&body);
    match cookie {
        Some(cookie) => request.header("cookie", cookie).send(),
        None => request.send(),
    }
}

pub fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// The pair of a device's cookie, as a browser sends it back.
pub fn device_of(answer: &Answer) -> Option<String> {
    let cookie = cookies(answer).into_iter().find(|cookie| cookie.contains("reeve_device="))?;
    Some(cookie.split(';').next().unwrap().to_owned())
}
