#!/usr/bin/env python3
"""The app behind the tunnels: accepts every WebSocket (RFC 6455 §4.2.2), and holds it without a word until the other side ends it.

    sockets.py PORT
"""
import asyncio
import base64
import hashlib
import re
import resource
import sys


async def hold(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        key = re.search(rb"^sec-websocket-key: *(\S+)", head, re.I | re.M)
        if not key:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            accept = base64.b64encode(hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            while await reader.read(4096):
                pass
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = await asyncio.start_server(hold, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
