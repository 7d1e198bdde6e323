#!/usr/bin/env python3
"""The disk is full while requests are held: each is refused plainly and never half-done, and once there is room again all
goes on. The gateway's state lies on a small disk of its own, in a mount namespace that ends with the gateway.
"""
import http.server
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from gateway import Forms, Gateway  # noqa: E402

MIB = 1 << 20
RULES = """primary_factor = {}
otp = {}
[[app.transaction]]
name = "note"
paths = ["/note"]
title = { en = "Note" }
by = "otp"
"""
JSON = {"Accept": "application/json", "Content-Type": "application/json", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
checks = Checks()


class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    done = []

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.done.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer()

    def answer(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


def on_a_small_disk(state, size):
    """The command before a command, that gives `state` a disk of its own: as root, or as root of a user namespace."""
    script = f'cp -a "$0" "$0.kept" && mount -t tmpfs -o size={size},mode=700 none "$0" && cp -a "$0.kept/." "$0" && rm -r "$0.kept" && exec "$@"'
    return ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"]), "sh", "-c", script, str(state)]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-disk-"))
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder, prefix=on_a_small_disk(folder / "state", 24 * MIB),
        apps={"app.localhost": {"upstream": f"http://127.0.0.1:{app.server_port}", "demands": RULES}},
        extra='[limits]\ntransaction_memory = "1KiB"\ntransaction_body = "3MiB"\n',
    )
    gateway.start()
    disk = pathlib.Path(f"/proc/{gateway.process.pid}/root{folder}/state")
    ballast = disk / "ballast"
    url = gateway.url("app.localhost", "/note")

    def room():
        return os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize

    def fill():
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        assert room() == 0, room()

    def written():
        for file in disk.glob("sekisho.db*"):  # SQLite would look for it in the namespace of this process
            shutil.copy(file, folder)
        database = sqlite3.connect(folder / "sekisho.db")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        outcomes = [outcome for (outcome,) in database.execute("SELECT outcome FROM transactions ORDER BY asked_at")]
        database.close()
        return outcomes

    def post(browser, size=2 * MIB, url=url):
        return browser.request("POST", url, body=b"x" * size, headers=JSON, follow=False)

    def code_of(answer):
        return json.loads(answer.text)["code"]

    try:
        browser, page = gateway.browse("alice", "app.localhost")
        assert page.text == "ok", page

        @checks.check("a body that finds no room is refused as such, the app hears nothing, and the gateway goes on")
        def _():
            fill()
            for _ in range(3):
                answer = post(browser)
                assert (answer.status, code_of(answer)) == (503, "transaction_not_held"), answer
                assert answer.header("connection") == "close", answer.headers
            assert browser.get(gateway.url("app.localhost", "/")).text == "ok"
            assert App.done == []

        @checks.check("with room again it is held, and what was held leaves nothing behind")
        def _():
            ballast.unlink()
            before = room()
            answer = post(browser)
            assert answer.status == 202, answer
            assert before - room() >= 2 * MIB, "it lies on the disk"
            status = gateway.url("app.localhost", answer.header("location").removesuffix("/result"))
            assert browser.request("DELETE", status, headers=JSON).status == 204
            assert before - room() < MIB, (before, room())
            assert [one.name for one in (disk / "held").iterdir()] == [], "no file has a name"

        @checks.check("a body that is too long is refused with that reason, whether a client sends all of it first or asks first")
        def _():
            answer = post(browser, 4 * MIB)
            assert (answer.status, code_of(answer)) == (413, "transaction_body_too_long"), answer
            host = "app.localhost"
            cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies[host].items())
            done = subprocess.run(
                ["curl", "-sS", "--http1.1", "--cacert", str(gateway.authority), "--resolve", f"{host}:{gateway.port}:127.0.0.1", "-b", cookies,
                 "-H", "Accept: application/json", "-H", "Content-Type: application/json", "-H", f"Origin: {gateway.origin(host)}",
                 "-H", "Expect: 100-continue", "--expect100-timeout", "20", "--data-binary", "@-", "-o", os.devnull, "-w", "%{http_code} %{size_upload}", url],
                input=b"x" * (4 * MIB), capture_output=True, timeout=60,
            )
            assert done.stdout == b"413 0", done
            assert App.done == []

        @checks.check("approved, and no room to write it down: done and reported as done, or neither")
        def _():
            answer = post(browser)
            assert answer.status == 202, answer
            held = json.loads(answer.text)
            page = browser.get(held["page"])
            form = Forms(page.text).with_field("one-time-code")
            page = browser.submit(page, form, one_time_code=gateway.code("alice"), follow=False)
            fill()
            answer = browser.get(gateway.url("app.localhost", held["result"]), headers=JSON, follow=False)
            assert (answer.status, len(App.done)) == (200, 1) or (answer.status >= 400 and App.done == []), (answer, len(App.done))
            got = (answer.status, len(App.done))
            ballast.unlink()
            # However often it is asked for afterwards, it is not sent again.
            for _ in range(3):
                again = browser.get(gateway.url("app.localhost", held["result"]), headers=JSON, follow=False)
                assert again.status >= 400, again
            assert got[1] == len(App.done), (got, len(App.done))
            if App.done:
                assert App.done == [b"x" * (2 * MIB)]

        @checks.check("the database is whole, and says of each what it came to")
        def _():
            # What could not be written when it ended is written within half a minute of there being room.
            end = time.time() + 60
            while "held" in (outcomes := written()) or "forwarding" in outcomes:
                assert time.time() < end, outcomes
                time.sleep(1)
            assert outcomes == ["cancelled", "forwarded" if App.done else "not_sent"], outcomes

    finally:
        gateway.stop()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
