#!/usr/bin/env python3
"""kill -9 during sign-ins and session writes, then a restart: what was acknowledged is there, nothing is half-written."""
import concurrent.futures
import http.server
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from checks import Checks  # noqa: E402
from gateway import Browser, Forms, Gateway  # noqa: E402

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "12"))
checks = Checks()


class App(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = (self.headers.get("Remote-User") or "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-crash-"))
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    users = ["alice", "bob", "admin"]
    gateway = Gateway(
        binary=os.environ["SEKISHO"], folder=folder,
        apps={"app.localhost": {"upstream": f"http://127.0.0.1:{app.server_port}", "demands": "password"}},
        extra="[password]\nmemory_mib = 19\npasses = 2\n[session]\nper_user = 1000\n",
    )
    gateway.start()
    url = gateway.url("app.localhost", "/")
    kept, gone, lock = [], [], threading.Lock()

    def sign_in(user):
        browser = Browser(gateway.authority)
        page = browser.get(url)
        form = Forms(page.text).with_field("username", "current-password")
        page = browser.submit(page, form, username=user, current_password=gateway.known[user]["password"])
        if page.status == 200 and page.text == user:
            with lock:
                kept.append((user, browser))

    def work(stop, user):
        while not stop.is_set():
            try:
                sign_in(user)
            except Exception:  # noqa: BLE001 - the gateway dies under these requests; only what it acknowledged counts
                time.sleep(0.05)

    try:
        for number in range(ROUNDS):
            stop = threading.Event()
            with concurrent.futures.ThreadPoolExecutor(len(users)) as pool:
                for user in users:
                    pool.submit(work, stop, user)
                time.sleep(random.uniform(0.3, 1.2))
                gateway.kill()
                stop.set()
            if kept and number % 3 == 2:
                gone.append(kept.pop())
                gateway.spawn()
                user, browser = gone[-1]
                page = browser.get(f"https://auth.localhost:{gateway.port}/sign-out")
                form = next(one for one in Forms(page.text).forms if "sign-out" in one["action"] or one["action"] == "")
                done = browser.submit(page, form, scope="here", follow=False)
                assert done.status in (200, 303), done
                gateway.kill()
            database = sqlite3.connect(folder / "state" / "sekisho.db")
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            database.close()
            gateway.spawn()

        @checks.check(f"after {ROUNDS} kills all {len(kept)} acknowledged sessions are good")
        def _():
            assert len(kept) > ROUNDS, f"only {len(kept)} sign-ins were acknowledged"
            for user, browser in kept:
                page = browser.get(url, follow=False)
                assert (page.status, page.text) == (200, user), page

        @checks.check(f"the {len(gone)} acknowledged sign-outs stayed signed out")
        def _():
            assert gone
            for _user, browser in gone:
                assert browser.get(url, follow=False).status == 303

    finally:
        gateway.stop()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
