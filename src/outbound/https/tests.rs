use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

use super::*;

/// An address where no connection comes about: its queue is full, and nobody accepts.
struct FullAddress {
    address: SocketAddr,
    _held: (TcpListener, Vec<std::net::TcpStream>),
}

impl FullAddress {
    fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = |_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
        let held: Vec<_> = (0..8).map_while(waiting).collect();
        assert!(held.len() < 8, "the queue is never full");
        Self { address, _held: (listener, held) }
    }
}

/// A TLS server that reads a request and closes without an answer, and what a client trusts it by.
async fn rude() -> (SocketAddr, Arc<ClientConfig>, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["ca.test".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let client = Arc::new(client.with_root_certificates(roots).with_no_client_auth());
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let server = server.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (seen, requests) = tokio::sync::mpsc::unbounded_channel();
    TaskTracker::new().spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(server));
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut some = [0; 1024];
            let read = stream.read(&mut some).await.unwrap_or(0);
            seen.send(String::from_utf8_lossy(&some[..read]).into_owned()).unwrap();
        }
    });
    (address, client, requests)
}

#[tokio::test]
async fn an_address_where_no_connection_comes_about_is_given_up() {
    let full = FullAddress::new();
    let request = || Request::get("/").body(Full::default()).unwrap();
    // The connection is there, and no TLS comes of it.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (_, tls, _) = rude().await;
    let (plain, by_tls) = (
        exchange_plain(full.address, request(), LONGEST),
        exchange_whole(&tls, silent.local_addr().unwrap(), "ca.test", request()),
    );
    let both = tokio::time::timeout(CONNECTED * 2, async { tokio::join!(plain, by_tls) }).await.expect("in time");
    let (plain, by_tls) = (both.0.unwrap_err(), both.1.unwrap_err());
    assert!(plain.to_string().contains("no connection to 127.0.0.1") && plain.is_of_connecting(), "{plain}");
    assert!(by_tls.to_string().contains("no TLS with 127.0.0.1") && !by_tls.is_of_connecting(), "{by_tls}");
}

#[tokio::test]
async fn a_request_is_sent_once_to_the_first_address_where_a_connection_comes_about() {
    let (one, tls, mut at_one) = rude().await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let request = || Request::post("/order").body(Full::from("signed")).unwrap();
    let within = Duration::from_secs(20);
    exchange_once(&tls, &[gone, one, one], "ca.test", request(), within).await.unwrap_err();
    assert!(at_one.recv().await.unwrap().starts_with("POST /order"));
    assert!(at_one.try_recv().is_err(), "no failure after that sends it again");
    let nowhere = exchange_once(&tls, &[gone], "ca.test", request(), within).await.unwrap_err();
    assert!(nowhere.to_string().contains("refused"), "{nowhere}");
}
