//! Sockets that somebody else bound, as systemd hands them over: the gateway serves on them, binds none of its own, and no
//! connection is lost while it is not there.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Stdio;

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use crate::support::process::{PATIENCE, program};
use crate::support::{Gateway, OPEN, World, free_port};

const APPS: &[(&str, &str)] = &[("wiki", OPEN)];

/// Starts the gateway with these sockets as descriptor 3 (and 4), named in the environment as systemd does.
fn handed(world: &World, sockets: &[&TcpListener], environment: &str) -> Gateway {
    let fd = |listener: &TcpListener| Stdio::from(OwnedFd::from(listener.try_clone().unwrap()));
    let sekisho = program(world).as_std().get_program().to_owned();
    let mut command = Command::new("sh");
    command.current_dir(world.folder.path()).env("SEKISHO_CONFIG", world.path("sekisho.toml")).kill_on_drop(true);
    // A shell can take descriptors by number alone: they come as its standard input and output.
    let take = if sockets.len() == 2 { "3<&0 4<&1 >/dev/null" } else { "3<&0" };
    let script = format!("export {environment} LISTEN_FDS={}; exec \"$0\" run {take} </dev/null", sockets.len());
    command.arg("-c").arg(script).arg(sekisho).stdin(fd(sockets[0]));
    match sockets.get(1) {
        Some(second) => Gateway::speaking(world, command.stdout(fd(second))),
        None => Gateway::speaking(world, command.stdout(Stdio::null())),
    }
}

/// A world whose config names a port that somebody else has: a gateway that bound it would not start.
async fn world() -> (World, TcpListener, TcpListener) {
    let mut world = World::with(APPS, "").await;
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    world.port = socket.local_addr().unwrap().port();
    world.configure(APPS, "");
    let taken = TcpListener::bind(("127.0.0.1", free_port())).unwrap();
    let listen = |port: u16| format!("listen = [\"127.0.0.1:{port}\"]");
    let text = world.read("sekisho.toml").replace(&listen(world.port), &listen(taken.local_addr().unwrap().port()));
    world.write("sekisho.toml", &text);
    (world, socket, taken)
}

#[tokio::test]
async fn the_gateway_serves_on_a_socket_that_was_handed_over() {
    let (world, socket, taken) = world().await;
    let mut gateway = handed(&world, &[&socket], "LISTEN_PID=$$");
    gateway.is_ready(world.operations).await;
    assert_eq!(world.program().send(Method::GET, &world.url("wiki", "/"), None).await.body, "GET /\n");
    assert!(world.answer(&["user", "list"]).await["items"].is_array(), "commands reach it as ever");
    // It stops; who comes in the meantime waits in the socket, and the next one answers.
    assert_eq!(gateway.stop().await, 0);
    let url = world.url("wiki", "/later");
    let mut early = world.program();
    let waiting = tokio::spawn(async move { early.send(Method::GET, &url, None).await });
    let mut gateway = handed(&world, &[&socket], "LISTEN_PID=$$");
    gateway.is_ready(world.operations).await;
    assert_eq!(timeout(PATIENCE, waiting).await.unwrap().unwrap().body, "GET /later\n");
    drop(taken);
}

#[tokio::test]
async fn sockets_are_distinguished_by_their_names() {
    let (world, socket, _taken) = world().await;
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut gateway = handed(&world, &[&plain, &socket], "LISTEN_PID=$$ LISTEN_FDNAMES=http:https");
    gateway.is_ready(world.operations).await;
    assert_eq!(world.program().send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    let mut stream = TcpStream::connect(plain.local_addr().unwrap()).await.unwrap();
    let request = format!("GET /x?y=1 HTTP/1.1\r\nhost: wiki.test:{}\r\nconnection: close\r\n\r\n", world.port);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 301 "), "{answer}");
    assert!(answer.contains(&format!("location: https://wiki.test:{}/x?y=1\r\n", world.port)), "{answer}");
}

#[tokio::test]
async fn a_socket_of_another_name_is_refused_by_that_name() {
    let (world, socket, _taken) = world().await;
    let mut gateway = handed(&world, &[&socket], "LISTEN_PID=$$ LISTEN_FDNAMES=sekisho.socket");
    assert_eq!(gateway.ends().await, 1);
    let words = gateway.words();
    assert!(words.contains("`sekisho.socket`") && words.contains("FileDescriptorName="), "{words}");
}

#[tokio::test]
async fn sockets_meant_for_another_process_are_left_alone() {
    let (world, socket, _taken) = world().await;
    let mut gateway = handed(&world, &[&socket], "LISTEN_PID=1");
    let code = gateway.ends().await;
    assert_eq!(code, 1);
    assert!(gateway.words().contains("the port is in use"), "it binds what the config says: {}", gateway.words());
}
