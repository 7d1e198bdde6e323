#!/usr/bin/env python3
"""What strangers make the gateway hold, in bytes of its process: three small loads, each of which a bound must end, and what
is to go on beside them. docs/limits.md says what the bounds are; the figures there are this program's.

Nobody here signs in. Everything listens on loopback; `MEASURE=1` prints the figures and judges nothing.
"""
import datetime
import os
import pathlib
import socket
import ssl
import struct
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from checks import Checks  # noqa: E402
from gateway import Gateway  # noqa: E402

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from cryptography.x509.oid import NameOID, ObjectIdentifier  # noqa: E402

MEASURE = bool(os.environ.get("MEASURE"))
KIB, MIB = 1 << 10, 1 << 20
checks = Checks()


def slow_upstream():
    """Takes every connection, reads, and never answers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)

    def take():
        while True:
            stream, _ = listener.accept()
            threading.Thread(target=drain, args=(stream,), daemon=True).start()

    def drain(stream):
        try:
            while stream.recv(65536):
                pass
        except OSError:
            pass

    threading.Thread(target=take, daemon=True).start()
    return listener.getsockname()[1]


def connect(gateway, host, alpn="http/1.1", certificate=None):
    context = ssl.create_default_context(cafile=str(gateway.authority))
    context.set_alpn_protocols([alpn])
    if certificate:
        context.load_cert_chain(*certificate)
    stream = context.wrap_socket(socket.create_connection(("127.0.0.1", gateway.port), 30), server_hostname=host)
    assert stream.selected_alpn_protocol() == alpn
    return stream


def answer(stream):
    """Reads one HTTP/1.1 answer: its status."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = stream.recv(65536)
        assert more, "the connection was closed without an answer"
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += stream.recv(65536)
    return int(head.split(b" ")[1])


def post_head(gateway, length=0, *fields):
    lines = ["POST /save HTTP/1.1", f"Host: app.localhost:{gateway.port}", f"Origin: {gateway.origin('app.localhost')}",
             "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Accept: text/html", "Content-Type: application/x-www-form-urlencoded",
             f"Content-Length: {length}", *fields, "", ""]
    return "\r\n".join(lines).encode()


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(text):
    assert len(text) < 127
    return bytes([len(text)]) + text


def heads(gateway, name, fields, streams):
    """Requests over HTTP/2 whose fields are named by one byte each, once the first of them was sent (RFC 7541 section 6.1)."""
    authority = f"open.localhost:{gateway.port}".encode()
    said = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
    for number in range(streams):
        block = b"\x82\x87\x84"
        if number == 0:
            block += b"\x41" + literal(authority)
            block += (b"\x60" if name == "cookie" else b"\x40" + literal(name.encode())) + literal(b"b")
        else:
            block += b"\xbf"
        said += frame(1, 5, 2 * number + 1, block + b"\xbe" * (fields - 1))
    return said


def stand_still(gateway):
    """Waits until the process's memory stands still for two seconds; KiB. What was freed goes back to the system a while later."""
    seen = []
    for _ in range(60):
        seen.append(gateway.memory())
        if len(seen) > 8 and max(seen[-8:]) - min(seen[-8:]) < 128:
            break
        time.sleep(0.25)
    return seen[-1]


def measured(afresh, load, gateway, limit):
    """Runs a load on a new process, and judges by how much the process grew.

    The allocator keeps what was freed for a while, and now and then still holds 20 MiB of it when the process is measured. So a
    load has three processes to show its bound on; one without a bound grows by several times its limit on each of them.
    """
    for _ in range(3):
        before = afresh()
        name, held = load()
        grown = (stand_still(gateway) - before) * KIB
        for stream in held:
            stream.close()
        print(f"        {name}: {grown / MIB:+.1f} MiB")
        if MEASURE or grown < limit:
            return
    raise AssertionError(f"{name}: grew by {grown / MIB:.1f} MiB on the third process as well, {limit / MIB:.0f} at most")


def stranger(number, folder, key):
    """A certificate of nobody's authority, of 24 KiB."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"stranger {number}")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(number + 1)
    builder = builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
    comment = x509.UnrecognizedExtension(ObjectIdentifier("2.16.840.1.113730.1.13"), b"\x16\x82" + struct.pack(">H", 24 * KIB) + b"x" * 24 * KIB)
    certificate = builder.add_extension(comment, critical=False).sign(key, hashes.SHA256())
    files = folder / "stranger.pem", folder / "stranger.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-memory-"))
    shown = 'primary_factor = {}\n[[app.rule]]\npaths = ["/staff", "/staff/*"]\ndemands.client_certificate = { trust = ["own"] }\n'
    gateway = Gateway(
        binary=os.environ["SEKISHO"],
        folder=folder,
        apps={
            "app.localhost": {"upstream": "http://127.0.0.1:9", "demands": "password"},
            "open.localhost": {"upstream": f"http://127.0.0.1:{slow_upstream()}", "demands": 'primary_factor = { mode = "off" }\n'},
            "shown.localhost": {"upstream": "http://127.0.0.1:9", "demands": shown},
        },
        extra="[log]\naccess = false\n[password]\nmemory_mib = 19\npasses = 2\n",
    )
    gateway.start()

    def afresh():
        """The process restarts, so that no load lives on what another one left; its memory, KiB."""
        gateway.stop()
        gateway.spawn()
        # What a first connection of each kind costs is no load's.
        for host in gateway.apps:
            connect(gateway, host).close()
        sample = connect(gateway, "app.localhost")
        for _ in range(300):
            sample.sendall(post_head(gateway).replace(b"Origin: https", b"Origin: http"))
            answer(sample)
        sample.close()
        return stand_still(gateway)

    try:
        @checks.check("1,500 empty posts with heads of 54 KiB")
        def _():
            def load():
                statuses = set()
                for _ in range(10):
                    stream = connect(gateway, "app.localhost")
                    for _ in range(150):
                        stream.sendall(post_head(gateway, 0, "X-Long: " + "x" * 54_000))
                        statuses.add(answer(stream))
                    stream.close()
                assert MEASURE or statuses == {401}, f"a page says that it is not kept: {statuses}"
                return f"1,500 empty posts with heads of 54 KiB, answered {statuses}", []

            measured(afresh, load, gateway, 8 * MIB)

        @checks.check("1,500 empty posts with heads that may be kept")
        def _():
            def load():
                statuses = set()
                stream = connect(gateway, "app.localhost")
                for _ in range(1500):
                    stream.sendall(post_head(gateway, 0, "X-Long: " + "x" * 8_000))
                    statuses.add(answer(stream))
                stream.close()
                assert MEASURE or 303 in statuses, statuses
                return "1,500 empty posts with heads of 8 KiB", []

            measured(afresh, load, gateway, 32 * MIB)

        @checks.check("a post that drips is ended")
        def _():
            if MEASURE:
                return
            stream = connect(gateway, "app.localhost")
            stream.sendall(post_head(gateway, 1000))
            stream.settimeout(0.5)
            began = time.time()
            said = b""
            # By turns in one thread: two that use one SSL object at once spoil what it sends.
            while not said and time.time() - began < 30:
                stream.sendall(b"x")
                try:
                    said = stream.recv(65536)
                except TimeoutError:
                    continue
                assert said, "the connection was closed without an answer"
            took = time.time() - began
            assert said.startswith(b"HTTP/1.1 401 ") and took < 15, (said[:80], took)

        for name, fields in (("a", 1850), ("cookie", 1500)):
            @checks.check(f"ten HTTP/2 connections of 100 heads of {fields:,} fields ({name}) before a slow app")
            def _():
                said = heads(gateway, name, fields, 100)

                def load():
                    held = [connect(gateway, "open.localhost", "h2") for _ in range(10)]
                    for stream in held:
                        stream.sendall(said)
                    return f"ten connections, {len(said) // KIB} KiB said on each", held

                # Without the bound 240 MiB; what a thousand requests at work take beside their heads is in it.
                measured(afresh, load, gateway, 40 * MIB)

        @checks.check("300 certificates of strangers")
        def _():
            key = ec.generate_private_key(ec.SECP256R1())

            def load():
                for number in range(300):
                    stream = connect(gateway, "shown.localhost", certificate=stranger(number, folder, key))
                    stream.sendall(f"GET / HTTP/1.1\r\nHost: shown.localhost:{gateway.port}\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\r\n".encode())
                    status = answer(stream)
                    assert status == 303, status
                    stream.close()
                return "300 certificates of 24 KiB that nobody knows", []

            measured(afresh, load, gateway, 8 * MIB)

        @checks.check("a known user signs in all the same")
        def _():
            if not MEASURE:
                assert gateway.sign_in("alice", "app.localhost")
    finally:
        gateway.stop()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
