#!/usr/bin/env bash
# A checksum in the PROXY protocol that HAProxy sends is wrong for a Python library as soon as the client speaks ALPN, as browsers do.
#
# Versions: HAProxy 2.6.12-1+deb12u4 (Debian 12), proxy-protocol 0.11.3 with crc32c 2.8 (PyPI).
# One would think: the checksum is that of the whole header as it came, with zeros in its own place (PROXY protocol, section 2.2.3); TLVs have no order.
# Seen: proxy-protocol brings the TLVs into the order of their types, each type once, and sums that up. HAProxy writes the checksum first (3), then ALPN (1), then
#       TLS (32). Without ALPN that is the order of the types, and all is well; with ALPN it is not, which ends in ProxyProtocolChecksumError. A
#       second HAProxy, which checks too, takes both, and the sum over the bytes is right. Without the package crc32c nothing is checked.
# Why it matters: "proxy-v2-options crc32c" works when it is tried with openssl s_client, which offers no ALPN by itself, and refuses every browser. Of two
#       hosts with the same app one may go on, since it lacks an optional package.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get download -qq haproxy=2.6.12-1+deb12u4 2>/dev/null || { apt-get update -qq && apt-get download -qq haproxy=2.6.12-1+deb12u4; }
apt-get download -qq liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 libpcre2-posix3 2>/dev/null || true
for deb in ./*.deb; do dpkg -x "$deb" root; done
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
python3 -m venv v
v/bin/pip -q install proxy-protocol==0.11.3 crc32c==2.8
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out certificate.pem -subj /CN=localhost -days 2 2>/dev/null
cat certificate.pem key.pem >both.pem

cat > ask.py <<'PY'
import asyncio, os, pathlib, socket, ssl, subprocess, sys
from crc32c import crc32c
from proxyprotocol import ProxyProtocolChecksumError
from proxyprotocol.v2 import ProxyProtocolV2

def port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
one, two, between, reader, end = (port() for _ in range(5))
pathlib.Path("haproxy.cfg").write_text(f"""
defaults
  mode tcp
  timeout client 9s
  timeout server 9s
  timeout connect 9s
listen to-the-library
  bind 127.0.0.1:{one} ssl crt both.pem alpn http/1.1
  server reader 127.0.0.1:{reader} send-proxy-v2-ssl proxy-v2-options crc32c
listen to-another-haproxy
  bind 127.0.0.1:{two} ssl crt both.pem alpn http/1.1
  server between 127.0.0.1:{between} send-proxy-v2-ssl proxy-v2-options crc32c
listen between
  bind 127.0.0.1:{between} accept-proxy
  server end 127.0.0.1:{end}
""")
async def read(stream, writer):
    start = await stream.readexactly(16)
    rest = await stream.readexactly(int.from_bytes(start[14:], "big"))
    kinds, zeroed, at = [], bytearray(start + rest), 16 + 12
    while at < len(zeroed):
        kind, length = zeroed[at], int.from_bytes(zeroed[at + 1:at + 3], "big")
        kinds.append(kind)
        if kind == 3:
            stated, zeroed[at + 3:at + 7] = int.from_bytes(zeroed[at + 3:at + 7], "big"), bytes(4)
        at += 3 + length
    library = ProxyProtocolV2()
    try:
        said = str(library.unpack_data(library.unpack_header(start), start, rest).source[0])
    except ProxyProtocolChecksumError as error:
        said = type(error).__name__
    writer.write(f"TLVs {kinds}, sum of the bytes {'right' if crc32c(bytes(zeroed)) == stated else 'wrong'}; proxy-protocol: {said}\n".encode())
    writer.close()
async def greet(stream, writer):
    writer.write(b"the second HAProxy passes it on\n")
    writer.close()
async def ask(name, port, context):
    stream, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    print(f"{name}: {(await stream.readline()).decode().strip() or 'closed'}")
    writer.close()
async def main():
    servers = [await asyncio.start_server(read, "127.0.0.1", reader), await asyncio.start_server(greet, "127.0.0.1", end)]
    haproxy = subprocess.Popen([sys.argv[1], "-db", "-f", "haproxy.cfg"], env=os.environ | {"LD_LIBRARY_PATH": sys.argv[2]}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", two)).close()
                break
            except OSError:
                await asyncio.sleep(0.1)
        for name, protocols in (("without ALPN", None), ("with ALPN", ["http/1.1"])):
            context = ssl.create_default_context(cafile="certificate.pem")
            context.check_hostname = False
            if protocols:
                context.set_alpn_protocols(protocols)
            await ask(name, one, context)
            await ask(name, two, context)
    finally:
        haproxy.terminate()
        haproxy.wait()
asyncio.run(main())
PY
v/bin/python -W ignore ask.py "$folder/root/usr/sbin/haproxy" "$libraries" | tee seen
diff seen - <<'SEEN' && echo "as found"
without ALPN: TLVs [3, 32], sum of the bytes right; proxy-protocol: 127.0.0.1
without ALPN: the second HAProxy passes it on
with ALPN: TLVs [3, 1, 32], sum of the bytes right; proxy-protocol: ProxyProtocolChecksumError
with ALPN: the second HAProxy passes it on
SEEN
