"""Connections made one by one, where the known load generators have no such load: handshakes, churn with resumption, requests with a
client certificate, connections that are kept idle, tunnels.
"""
import base64
import os
import re
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from h2.connection import H2Connection
from h2.events import ResponseReceived, StreamEnded

from ground import CERTIFICATE_HOST, HOST, OTHERS_CPU


class Client:
    """What connects to one target, with the run's authority."""

    def __init__(self, target, with_certificate=False, protocol="http/1.1"):
        self.target, self.host = target, CERTIFICATE_HOST if with_certificate else HOST
        folder = target.ground.folder
        self.context = ssl.create_default_context(cafile=folder / "ca.pem")
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.set_alpn_protocols([protocol])
        if with_certificate:
            self.context.load_cert_chain(folder / "client.pem", folder / "client.key")

    def connect(self, session=None):
        raw = socket.create_connection(("127.0.0.1", self.target.port), 10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.context.wrap_socket(raw, server_hostname=self.host, session=session)

    def request(self, path="/", fields=(), cookie=True):
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}:{self.target.port}", *([f"Cookie: {self.target.cookie}"] if cookie else []), *fields]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def ask(self, tls, **what):
        tls.sendall(self.request(**what))
        return answer(tls)


def answer(tls):
    """Reads one answer whose length is given; its status."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = tls.recv(65536)
        if not piece:
            raise ConnectionError("the connection ended before an answer")
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    status = int(head.split(None, 2)[1])
    length = re.search(rb"\ncontent-length: *(\d+)", head, re.I)
    missing = (int(length[1]) if length else 0) - len(body)
    while missing > 0:
        missing -= len(tls.recv(65536))
    return status


def enforced(target, within=15):
    """Waits until who is signed in gets 200; an error where that never happens, or where somebody else gets it, too."""
    client, end, status = Client(target), time.time() + within, None
    while time.time() < end:
        try:
            with client.connect() as tls:
                status = client.ask(tls)
            if status == 200:
                break
        except OSError as error:
            status = error
        time.sleep(0.1)
    if status != 200:
        raise RuntimeError(f"{target.name} answers who is signed in with {status}")
    with client.connect() as tls:
        stranger = client.ask(tls, cookie=False)
    if target.checks != (stranger != 200):
        raise RuntimeError(f"{target.name} answers a stranger with {stranger}")


class OnTheirCpu:
    """This process on the processor of everything but the target, as the load generators are."""

    def __enter__(self):
        self.before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {OTHERS_CPU})

    def __exit__(self, *_):
        os.sched_setaffinity(0, self.before)


def handshakes(target, seconds, with_certificate):
    """Full handshakes by TLS 1.3 and nothing else; with a certificate one request each, whose answer proves that it was taken."""
    client = Client(target, with_certificate)
    count, bad = [0, 0], [0, 0]

    def work(index, end):
        while time.time() < end:
            with client.connect() as tls:
                if with_certificate:
                    bad[index] += client.ask(tls, fields=["Connection: close"]) != 200
            count[index] += 1

    side_by_side(work, seconds)
    return {"count": sum(count), "rate": sum(count) / seconds, "bad": sum(bad)}


def churn(target, seconds):
    """A connection for each request, with the ticket of the one before; `resumed` is the share that took it."""
    client = Client(target)
    count, bad, resumed = [0, 0], [0, 0], [0, 0]

    def work(index, end):
        session = None
        while time.time() < end:
            with client.connect(session) as tls:
                bad[index] += client.ask(tls) != 200
                resumed[index] += tls.session_reused
                session = tls.session
            count[index] += 1

    side_by_side(work, seconds)
    return {"count": sum(count), "rate": sum(count) / seconds, "bad": sum(bad), "resumed": 100 * sum(resumed) / max(sum(count), 1)}


def side_by_side(work, seconds, threads=2):
    """Runs `work(index, end)` in so many threads; the first error of one is this function's."""
    failures = []

    def guarded(index):
        try:
            work(index, end)
        except OSError as error:
            failures.append(error)

    with OnTheirCpu():
        end = time.time() + seconds
        running = [threading.Thread(target=guarded, args=(index,)) for index in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    if failures:
        raise failures[0]


def with_certificate(target, seconds, connections=16):
    """Requests over kept connections that showed a certificate; as many are under way as there are connections."""
    client, count, bad = Client(target, with_certificate=True), 0, 0
    with OnTheirCpu():
        kept = [client.connect() for _ in range(connections)]
        request, end = client.request(), time.time() + seconds
        while time.time() < end:
            for tls in kept:
                tls.sendall(request)
            for tls in kept:
                bad += answer(tls) != 200
            count += len(kept)
        for tls in kept:
            tls.close()
    return {"count": count, "rate": count / seconds, "bad": bad}


def keep(target, open_one, count):
    """Opens so many connections, four at a time."""
    def one(_):
        tls, status = open_one()
        if status not in (200, 101):
            raise RuntimeError(f"{target.name}: {status} before the connection was idle")
        return tls

    with OnTheirCpu(), ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(count)))


def keep_idle(target, count):
    """Connections by HTTP/1.1, each after one request."""
    client = Client(target)

    def open_one():
        tls = client.connect()
        return tls, client.ask(tls)

    return keep(target, open_one, count)


def keep_idle_h2(target, count):
    """The same by HTTP/2."""
    client = Client(target, protocol="h2")
    fields = [(":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", f"{client.host}:{target.port}"), ("cookie", target.cookie)]

    def open_one():
        tls, h2, status, ended = client.connect(), H2Connection(), None, False
        h2.initiate_connection()
        h2.send_headers(1, fields, end_stream=True)
        tls.sendall(h2.data_to_send())
        while not ended:
            got = tls.recv(65536)
            if not got:
                raise ConnectionError("the connection ended before an answer")
            for event in h2.receive_data(got):
                status = int(dict(event.headers)[b":status"]) if isinstance(event, ResponseReceived) else status
                ended = ended or isinstance(event, StreamEnded)
            if ready := h2.data_to_send():
                tls.sendall(ready)
        return tls, status

    return keep(target, open_one, count)


def keep_tunnels(target, count):
    """WebSockets, opened and then without a word."""
    client = Client(target)

    def open_one():
        tls, key = client.connect(), base64.b64encode(os.urandom(16)).decode()
        fields = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", f"Origin: https://{HOST}:{target.port}"]
        return tls, client.ask(tls, path="/socket", fields=fields)

    return keep(target, open_one, count)
