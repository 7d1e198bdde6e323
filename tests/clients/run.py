#!/usr/bin/env python3
"""The gateway against clients and upstreams that are not ours: curl, nghttp, Python's websockets and gRPC.

Each check is a function; the run prints one line for each and ends with a count. Everything listens on loopback.
"""
import asyncio
import concurrent.futures
import hashlib
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from checks import Checks  # noqa: E402
from gateway import Gateway, free_port  # noqa: E402

import grpc  # noqa: E402
import websockets  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402
from websockets.asyncio.server import serve  # noqa: E402

checks = Checks()


class App(http.server.BaseHTTPRequestHandler):
    """An upstream that says what it received."""

    protocol_version = "HTTP/1.1"

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/events"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for number in range(3):
                event = f"data: {number} {time.time()}\n\n".encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()
                time.sleep(0.3)
            self.wfile.write(b"0\r\n\r\n")
            return
        if self.path.startswith("/big"):
            size = 64 * 1024 * 1024
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            block = b"\0" * 65536
            for _ in range(size // len(block)):
                self.wfile.write(block)
            return
        self.answer(json.dumps({"path": self.path, "headers": list(self.headers.items())}).encode(), headers=[("Content-Type", "application/json")])

    def do_POST(self):
        digest, length = hashlib.sha256(), 0
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline().split(b";")[0], 16):
                digest.update(self.rfile.read(size))
                length += size
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
        else:
            remaining = int(self.headers.get("Content-Length", 0))
            while remaining:
                block = self.rfile.read(min(65536, remaining))
                digest.update(block)
                length += len(block)
                remaining -= len(block)
        self.answer(json.dumps({"sha256": digest.hexdigest(), "length": length}).encode())

    def log_message(self, *_):
        pass


def http_upstream():
    # Its default of 5 drops connections that are made at once, which no real upstream does.
    http.server.ThreadingHTTPServer.request_queue_size = 512
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def websocket_upstream():
    started = concurrent.futures.Future()

    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    async def main():
        async with serve(echo, "127.0.0.1", 0, max_size=None) as server:
            started.set_result(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    return started.result(5)


def grpc_upstream():
    class Echo(grpc.GenericRpcHandler):
        def service(self, details):
            seen = {key: value for key, value in details.invocation_metadata}
            if details.method == "/demo.Echo/Unary":
                return grpc.unary_unary_rpc_method_handler(lambda request, context: request + b" for " + seen.get("remote-user", "nobody").encode())
            if details.method == "/demo.Echo/Fail":
                return grpc.unary_unary_rpc_method_handler(lambda request, context: context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today"))
            if details.method == "/demo.Echo/Stream":
                def stream(request, context):
                    for number in range(5):
                        yield b"%d" % number
                return grpc.unary_stream_rpc_method_handler(stream)
            return None

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Echo()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def curl(gateway, *arguments, host="app.localhost"):
    return subprocess.run(
        ["curl", "-sS", "--cacert", str(gateway.authority), "--resolve", f"{host}:{gateway.port}:127.0.0.1", *arguments], capture_output=True, text=True, timeout=120
    )


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-clients-"))
    grpc_server, grpc_port = grpc_upstream()
    gateway = Gateway(
        binary=os.environ["SEKISHO"],
        folder=folder,
        apps={
            "app.localhost": {"upstream": f"http://127.0.0.1:{http_upstream()}", "demands": "password+totp"},
            "socket.localhost": {"upstream": f"http://127.0.0.1:{websocket_upstream()}", "demands": "password+totp"},
            "grpc.localhost": {"upstream": f"h2c://127.0.0.1:{grpc_port}", "demands": "password+totp"},
        },
    )
    gateway.start()
    try:
        cookie = gateway.sign_in("alice", "app.localhost")
        url = gateway.url("app.localhost", "/")

        @checks.check("curl over HTTP/1.1 and HTTP/2 reaches the app as alice")
        def _():
            for version in ("--http1.1", "--http2"):
                done = curl(gateway, version, "-b", cookie, "-w", "\n%{http_code} %{http_version}", url + "hello?x=1")
                body, status = done.stdout.rsplit("\n", 1)
                headers = {name.lower(): value for name, value in json.loads(body)["headers"]}
                assert status.startswith("200"), (version, done)
                assert headers["remote-user"] == "alice" and "sekisho-assertion" in headers, headers
                assert "__Host-sekisho" not in headers.get("cookie", ""), headers
                assert json.loads(body)["path"] == "/hello?x=1"

        @checks.check("curl without a session gets 401 problem+json as an API, a redirect to the portal as a browser")
        def _():
            api = curl(gateway, "-H", "Accept: application/json", "-w", "\n%{http_code} %{content_type}", url)
            assert api.stdout.rsplit("\n", 1)[1].startswith("401 application/problem+json"), api
            page = curl(gateway, "-H", "Accept: text/html", "-H", "Sec-Fetch-Mode: navigate", "-H", "Sec-Fetch-Dest: document", "-w", "%{http_code} %{redirect_url}", "-o", "/dev/null", url)
            assert page.stdout.startswith("303 https://auth.localhost"), page

        @checks.check("Expect: 100-continue, and an upload keeps every byte (content-length and chunked, both versions)")
        def _():
            data = os.urandom(5 * 1024 * 1024)
            (folder / "data").write_bytes(data)
            for version in ("--http1.1", "--http2"):
                for extra in ((), ("-H", "Transfer-Encoding: chunked") if version == "--http1.1" else ()):
                    done = curl(gateway, version, "-b", cookie, "-H", "Expect: 100-continue", *extra, "--data-binary", f"@{folder}/data", url + "upload")
                    answer = json.loads(done.stdout)
                    assert answer == {"sha256": hashlib.sha256(data).hexdigest(), "length": len(data)}, (version, extra, done)

        @checks.check("an early refusal of an upload keeps its answer: 20 of 20, over HTTP/1.1 and HTTP/2")
        def _():
            (folder / "large").write_bytes(os.urandom(20 * 1024 * 1024))
            for version in ("--http1.1", "--http2"):
                got = []
                for _ in range(20):
                    done = curl(gateway, version, "-H", "Accept: application/json", "-H", "Expect:", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", f"@{folder}/large", url + "upload")
                    got.append((done.returncode, done.stdout))
                assert got == [(0, "401")] * 20, (version, got)

        @checks.check("64 MiB come down with flat memory")
        def _():
            before = gateway.memory()
            done = curl(gateway, "-b", cookie, "-o", "/dev/null", "-w", "%{size_download}", url + "big")
            assert done.stdout == str(64 * 1024 * 1024), done
            grown = gateway.memory() - before
            assert grown < 16 * 1024, f"grew by {grown} KiB"

        @checks.check("server-sent events arrive one by one")
        def _():
            process = subprocess.Popen(["curl", "-sSN", "--cacert", str(gateway.authority), "--resolve", f"app.localhost:{gateway.port}:127.0.0.1", "-b", cookie, url + "events"], stdout=subprocess.PIPE, text=True)
            arrived = []
            for line in process.stdout:
                if line.startswith("data:"):
                    arrived.append(time.time() - float(line.split()[2]))
            process.wait(10)
            assert len(arrived) == 3 and max(arrived) < 0.25, arrived

        @checks.check("nghttp: 100 requests on one connection, all 200")
        def _():
            done = subprocess.run(["nghttp", "-nv", "-m", "100", "-H", f":authority: app.localhost:{gateway.port}", "-H", f"cookie: {cookie}", f"https://127.0.0.1:{gateway.port}/"], capture_output=True, text=True, timeout=60)
            assert done.stdout.count(":status: 200") == 100, (done.stdout[-2000:], done.stderr)

        @checks.check("h2load: 2,000 requests over 8 connections, none fails")
        def _():
            done = subprocess.run(["h2load", "-n2000", "-c8", "-m16", f"--connect-to=127.0.0.1:{gateway.port}", "-H", f"cookie: {cookie}", url], capture_output=True, text=True, timeout=120)
            assert "2000 succeeded, 0 failed" in done.stdout, done.stdout

        context = ssl.create_default_context(cafile=gateway.authority)
        socket_url = gateway.url("socket.localhost", "/echo").replace("https", "wss")

        def socket_to(cookie, origin=None):
            return connect(socket_url, ssl=context, host="127.0.0.1", port=gateway.port, server_hostname="socket.localhost", origin=origin or gateway.origin("socket.localhost"), additional_headers={"Cookie": cookie}, max_size=None)

        socket_cookie = gateway.sign_in("alice", "socket.localhost")

        @checks.check("websockets: text, binary, 1 MiB, fragments, ping and close go through")
        def _():
            async def run():
                async with socket_to(socket_cookie) as socket:
                    for message in ("関所", b"\0\xff" * 1000, "x" * 1024 * 1024):
                        await socket.send(message)
                        assert await socket.recv() == message
                    await socket.send(["a", "b", "c"])
                    assert await socket.recv() == "abc"
                    await asyncio.wait_for(await socket.ping(), 5)

            asyncio.run(run())

        @checks.check("a WebSocket without a session, or from another site's page, is refused (T25)")
        def _():
            async def refused(cookie, origin):
                try:
                    async with socket_to(cookie, origin):
                        return None
                except websockets.exceptions.InvalidStatus as error:
                    return error.response.status_code

            assert asyncio.run(refused("a=b", None)) == 401
            assert asyncio.run(refused(socket_cookie, "https://evil.example")) == 403

        @checks.check("revoking the session closes its WebSocket within a second")
        def _():
            async def run():
                own = gateway.sign_in("bob", "socket.localhost")
                async with socket_to(own) as socket:
                    await socket.send("still here")
                    assert await socket.recv() == "still here"
                    started = time.time()
                    await asyncio.to_thread(gateway.revoke_sessions_of, "bob")
                    got = time.time()
                    try:
                        await asyncio.wait_for(socket.recv(), 5)
                        raise AssertionError("the socket still answers")
                    except websockets.exceptions.ConnectionClosed:
                        pass
                    return time.time() - got, got - started

            after, _ = asyncio.run(run())
            assert after < 1, f"{after:.2f} s"

        @checks.check("gRPC: unary, stream and an error status with its trailers (h2c upstream)")
        def _():
            own = gateway.sign_in("alice", "grpc.localhost")
            credentials = grpc.ssl_channel_credentials(pathlib.Path(gateway.authority).read_bytes())
            with grpc.secure_channel(f"127.0.0.1:{gateway.port}", credentials, options=[("grpc.ssl_target_name_override", "grpc.localhost"), ("grpc.default_authority", f"grpc.localhost:{gateway.port}")]) as channel:
                metadata = (("cookie", own),)
                assert channel.unary_unary("/demo.Echo/Unary")(b"hello", metadata=metadata, timeout=10) == b"hello for alice"
                assert list(channel.unary_stream("/demo.Echo/Stream")(b"", metadata=metadata, timeout=10)) == [b"0", b"1", b"2", b"3", b"4"]
                try:
                    channel.unary_unary("/demo.Echo/Fail")(b"", metadata=metadata, timeout=10)
                    raise AssertionError("no error came")
                except grpc.RpcError as error:
                    assert (error.code(), error.details()) == (grpc.StatusCode.FAILED_PRECONDITION, "not today"), error

    finally:
        gateway.stop()
        grpc_server.stop(0)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
