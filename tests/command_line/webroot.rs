//! Another ACME client of the host writes its files for validators into a folder: they are answered on both ports, for every
//! host, and nothing else of the folder is.

use crate::support::process::operations;
use crate::support::{OPEN, World, free_port};

const APPS: &[(&str, &str)] = &[("wiki", OPEN)];
const TOKEN: &str = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

#[tokio::test]
async fn files_of_another_acme_client_are_answered_by_http_and_by_https() {
    let mut world = World::with(APPS, "").await;
    let plain = free_port();
    world.server = format!("redirect_listen = [\"127.0.0.1:{plain}\"]\nacme_webroot = \"webroot\"");
    world.configure(APPS, "");
    let folder = world.path("webroot/.well-known/acme-challenge");
    std::fs::create_dir_all(&folder).unwrap();
    let gateway = world.start().await;
    let path = format!("/.well-known/acme-challenge/{TOKEN}");

    // Before the file is there a validator meets what everybody meets.
    assert_eq!(operations(plain, &path).await.unwrap().0, 400, "no host of ours was asked for");
    assert_eq!(world.program().send(hyper::Method::GET, &world.url("wiki", &path), None).await.body, format!("GET {path}\n"));

    // The client writes it while the gateway runs; validators come by any name, and by a redirect.
    let answer = format!("{TOKEN}.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    std::fs::write(folder.join(TOKEN), &answer).unwrap();
    assert_eq!(operations(plain, &path).await.unwrap(), (200, answer.clone()));
    for app in ["wiki", "auth"] {
        let told = world.program().send(hyper::Method::GET, &world.url(app, &path), None).await;
        assert_eq!((told.status, &told.body), (200, &answer), "{app}");
        assert_eq!(told.header("content-type"), Some("application/octet-stream"));
    }
    // Whatever else lies there stays there.
    std::fs::write(folder.join("page"), "<script>alert(1)</script>").unwrap();
    std::fs::write(world.path("webroot/index.html"), "mine").unwrap();
    for other in ["/.well-known/acme-challenge/page", "/index.html", "/.well-known/acme-challenge/../../index.html"] {
        let (status, body) = operations(plain, other).await.unwrap();
        assert!(status != 200 && body.is_empty(), "{other}: {status} {body}");
    }
    assert_eq!(gateway.stop().await, 0);
}
