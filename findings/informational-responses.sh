#!/usr/bin/env bash
# An interim response is the final one for one HTTP client, and an error for another.
#
# Versions: requests 2.34.2 with urllib3 2.8.0 on CPython 3.11 to 3.13, beside it httpx 0.28.1 and aiohttp 3.14.5 (PyPI); undici 7.30.2
#       (npm), which is fetch() of Node.
# One would think: a client reads 1xx responses until the final one comes, also those it did not ask for and does not know (RFC 9110
#       section 15.2); a 100 without an Expect is simply discarded (section 15.2.1).
# Seen: requests gives the program "103" with an empty body (http.client reads over 100 alone). undici reads over 103 and fails at a 100 that
#       it did not ask for ("bad response"), in fetch() as well. httpx and aiohttp read over both.
# Why it matters: a gateway that hands on Early Hints (RFC 8297) for the sake of browsers breaks the scripts that read the same addresses;
#       raise_for_status() finds nothing wrong with 103. One that hands on each 100 of an app breaks the other half of the clients.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install requests==2.34.2 urllib3==2.8.0 httpx==0.28.1 aiohttp==3.14.5
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2

cat > get.mjs <<'JS'
import { request } from 'undici'
try {
  const { statusCode, body } = await request(process.argv[2])
  console.log(statusCode, await body.text())
} catch (error) {
  console.log(error.message)
}
JS
cat > get.py <<'PY'
import asyncio, socket, subprocess, threading
import aiohttp, httpx, requests


def serving(interim):
    """The address of a server that answers every request with the interim response and then with 200."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection:
            asked = b""
            while b"\r\n\r\n" not in asked:
                read = connection.recv(65536)
                if not read:
                    return
                asked += read
            connection.sendall(interim + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    def accept():
        while True:
            answer(listener.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


async def by_aiohttp(address):
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


for name, interim in [("103", b"HTTP/1.1 103 Early Hints\r\nLink: </app.css>; rel=preload\r\n\r\n"), ("100", b"HTTP/1.1 100 Continue\r\n\r\n")]:
    address = serving(interim)
    got = requests.get(address, timeout=10)
    got.raise_for_status()
    print(name, "requests:", got.status_code, repr(got.text))
    print(name, "undici:", subprocess.run(["node", "get.mjs", address], capture_output=True, text=True, check=True).stdout.strip())
    got = httpx.get(address)
    print(name, "httpx:", got.status_code, repr(got.text))
    print(name, "aiohttp:", *asyncio.run(by_aiohttp(address)))
PY
v/bin/python get.py | tee seen
diff seen - <<'SEEN' && echo "as found"
103 requests: 103 ''
103 undici: 200 ok
103 httpx: 200 'ok'
103 aiohttp: 200 ok
100 requests: 200 'ok'
100 undici: bad response
100 httpx: 200 'ok'
100 aiohttp: 200 ok
SEEN
