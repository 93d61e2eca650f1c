//! Devices: everybody sees the browsers that they signed in on, and has them forgotten.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Browser, Client, PASSWORD, Server};

const ANN: &str = "ann@example.com";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15";
const SECOND: Duration = Duration::from_secs(1);

fn devices(browser: &Browser, client: &Client) -> Vec<Value> {
    let list = browser.request(client, "GET", "/me/devices").send().expect(200);
    assert_eq!(list["total"], list["items"].as_array().unwrap().len());
    list["items"].as_array().unwrap().clone()
}

fn events(server: &Server, action: &str) -> Vec<Value> {
    let list = server.admin().get(&format!("/audit?filter=action:eq:{action}")).expect(200);
    list["items"].as_array().unwrap().clone()
}

/// The device's cookie that a sign-in set; `None` where it was known.
fn new_device(browser: &Browser) -> Option<String> {
    let before = browser.device();
    browser.login(ANN, PASSWORD).expect(200);
    browser.device().filter(|cookie| Some(cookie) != before.as_ref())
}

both_databases! {
    fn one_sees_the_browsers_that_one_signed_in_on_and_which_of_them_is_this_one(server: Server) {
        server.add_user(ANN, &[]);
        let (firefox, safari) = (Browser::new(&server.stranger(), FIREFOX), Browser::new(&server.stranger(), SAFARI));
        let ann = firefox.sign_in(ANN, PASSWORD);
        server.clock.advance(SECOND);
        safari.sign_in(ANN, PASSWORD);
        server.clock.advance(SECOND);
        // A program without cookies has no device.
        server.stranger().sign_in(ANN, PASSWORD);
        let list = devices(&firefox, &ann);
        let told: Vec<_> = list.iter().map(|device| (device["user_agent"].as_str(), device["current"].as_bool())).collect();
        assert_eq!(told, [(Some(SAFARI), Some(false)), (Some(FIREFOX), Some(true))]);
        let mut fields: Vec<_> = list[0].as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, ["created_at", "current", "id", "ip", "last_used_at", "trusted_until", "user_agent"], "something else is told");
        assert_eq!(list[0]["ip"], "127.0.0.1");

        server.clock.advance(SECOND);
        firefox.sign_in(ANN, PASSWORD);
        let again = devices(&firefox, &ann);
        assert_eq!(again.len(), 2, "a known device is not another one");
        assert_eq!(again[0]["id"], list[1]["id"], "the one that was used last comes first");
        assert!(again[0]["last_used_at"].as_str() > again[0]["created_at"].as_str());
        // Without its cookie none is this one, and a cookie of somebody else's makes none of theirs mine.
        assert!(ann.get("/me/devices").expect(200)["items"].as_array().unwrap().iter().all(|device| device["current"] == false));
    }

    fn a_forgotten_device_is_unknown_at_the_next_sign_in_and_its_session_goes_on(server: Server) {
        let id = server.add_user(ANN, &[]);
        let (firefox, safari) = (Browser::new(&server.stranger(), FIREFOX), Browser::new(&server.stranger(), SAFARI));
        let ann = firefox.sign_in(ANN, PASSWORD);
        safari.sign_in(ANN, PASSWORD);
        let forgotten = devices(&firefox, &ann).into_iter().find(|device| device["user_agent"] == SAFARI).unwrap();
        let path = format!("/me/devices/{}", forgotten["id"].as_str().unwrap());
        assert_eq!(new_device(&safari), None, "it is known");
        ann.delete(&path).expect(204);
        ann.delete(&path).problem(404, "not_found");
        ann.get("/me").expect(200);
        assert!(new_device(&safari).is_some(), "it is still known");
        assert_eq!(new_device(&firefox), None, "another one was forgotten");

        let event = &events(&server, "user.devices_forgotten")[0];
        assert_eq!((&event["target"]["id"], &event["actor"]["id"]), (&json!(id), &json!(id)));
        assert_eq!(event["changes"]["devices_forgotten"], json!({"from": 0, "to": 1}));
        assert_eq!(event["changes"]["user_agent"]["from"], SAFARI);
    }

    fn all_others_are_forgotten_but_not_the_one_that_asks_nor_anybody_elses(server: Server) {
        server.add_user(ANN, &[]);
        server.add_user("ben@example.com", &[]);
        let (firefox, safari) = (Browser::new(&server.stranger(), FIREFOX), Browser::new(&server.stranger(), SAFARI));
        let bens = Browser::new(&server.stranger(), FIREFOX);
        let ben = bens.sign_in("ben@example.com", PASSWORD);
        let ann = firefox.sign_in(ANN, PASSWORD);
        safari.sign_in(ANN, PASSWORD);
        firefox.request(&ann, "DELETE", "/me/devices").send().expect(204);
        let left = devices(&firefox, &ann);
        assert_eq!((left.len(), &left[0]["current"]), (1, &json!(true)));
        assert_eq!(devices(&bens, &ben).len(), 1);
        // With nothing left to forget nothing is written down.
        firefox.request(&ann, "DELETE", "/me/devices").send().expect(204);
        assert_eq!(events(&server, "user.devices_forgotten").len(), 1);
        // Whoever asks without the cookie has no device to keep.
        ann.delete("/me/devices").expect(204);
        assert!(devices(&firefox, &ann).is_empty());
        assert!(new_device(&firefox).is_some());
    }

    fn nobody_sees_or_forgets_a_device_of_somebody_else(server: Server) {
        server.add_user(ANN, &[]);
        let firefox = Browser::new(&server.stranger(), FIREFOX);
        let ann = firefox.sign_in(ANN, PASSWORD);
        let id = devices(&firefox, &ann)[0]["id"].as_str().unwrap().to_owned();
        let admin = server.admin();
        admin.delete(&format!("/me/devices/{id}")).problem(404, "not_found");
        admin.delete("/me/devices/nonsense").problem(404, "not_found");
        assert_eq!(admin.get("/me/devices").expect(200)["total"], 0);
        // Holding the cookie as well makes no difference.
        firefox.request(&admin, "DELETE", "/me/devices").send().expect(204);
        assert_eq!(firefox.request(&admin, "GET", "/me/devices").send().expect(200)["total"], 0);
        assert_eq!(devices(&firefox, &ann).len(), 1);
        assert!(events(&server, "user.devices_forgotten").is_empty());
    }

    fn a_device_stays_known_when_the_password_has_to_be_changed_on_it(server: Server) {
        let id = server.add_user(ANN, &[]);
        let firefox = Browser::new(&server.stranger(), FIREFOX);
        firefox.sign_in(ANN, PASSWORD);
        let body = json!({"password": "a password for the moment", "must_change": true});
        server.admin().put(&format!("/users/{id}/password"), body).expect(204);
        let challenge = firefox.login(ANN, "a password for the moment").expect(200)["challenge"].clone();
        let body = json!({"challenge": challenge, "new_password": "a password of my own", "refresh": "cookie"});
        let known = firefox.device();
        let changed = firefox.request(&server.stranger(), "POST", "/auth/password/change-required").json(&body).send();
        let ann = server.stranger().signed_in(&firefox.keep_cookie(changed));
        assert_eq!(firefox.device(), known);
        assert_eq!(devices(&firefox, &ann).len(), 1);
    }

    fn the_file_with_what_is_stored_about_oneself_has_ones_devices(server: Server) {
        server.add_user(ANN, &[]);
        server.add_user("ben@example.com", &[]);
        Browser::new(&server.stranger(), SAFARI).sign_in("ben@example.com", PASSWORD);
        let ann = Browser::new(&server.stranger(), FIREFOX).sign_in(ANN, PASSWORD);
        let devices = ann.get("/me/export").expect(200)["devices"].clone();
        let told: Vec<_> = devices.as_array().unwrap().iter().map(|device| device["user_agent"].as_str()).collect();
        assert_eq!(told, [Some(FIREFOX)]);
    }
}
