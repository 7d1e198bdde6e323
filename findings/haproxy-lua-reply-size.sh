#!/usr/bin/env bash
# A reply that a Lua action of HAProxy gives by txn:done() is lost whole when its body does not fit into one buffer.
#
# Version: HAProxy 2.6.12-1+deb12u4 (Debian 12).
# One would think: txn:done(reply) sends any body that Lua can hold, or sends it in parts, or says in Lua that it cannot.
# Seen: a body of 8,000 bytes arrives; one of 20,000 bytes becomes HAProxy's own 500 with its own page, and the status,
#       header fields and body of the reply are gone. Lua sees no error. With a larger tune.bufsize it arrives.
# Why it matters: who asks an authentication gateway from Lua and hands its refusal on (a page with style and words in the
#       user's language easily has 20 KB) shows people "500 Internal Server Error" in place of "sign in", and only where
#       the page is long.
set -euo pipefail
PACKAGE=haproxy=2.6.12-1+deb12u4
folder=$(mktemp -d)
pid=
finish() { [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; } || true; rm -rf "$folder"; }
trap finish EXIT
cd "$folder"
apt-get download -qq "$PACKAGE" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$PACKAGE"; }
apt-get download -qq liblua5.3-0 libopentracing-c-wrapper0 libopentracing1 libpcre2-posix3 2>/dev/null || true
for deb in ./*.deb; do dpkg -x "$deb" root; done
LD_LIBRARY_PATH=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
haproxy=$folder/root/usr/sbin/haproxy
"$haproxy" -v | head -1

cat > reply.lua <<'LUA'
core.register_action("answer", { "http-req" }, function(txn)
  local reply = txn:reply({ status = 401, reason = "Unauthorized" })
  reply:add_header("content-type", "text/plain")
  reply:set_body(string.rep("x", tonumber(txn.sf:path():match("%d+"))))
  txn:done(reply)
end)
LUA

ask() { # ask BUFSIZE BYTES : status and length of what a client gets
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  cat > haproxy.cfg <<CFG
global
  lua-load $folder/reply.lua
  tune.bufsize $1
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend f
  bind 127.0.0.1:$port
  http-request lua.answer
CFG
  "$haproxy" -db -f haproxy.cfg > haproxy.log 2>&1 &
  pid=$!
  curl -s --retry 20 --retry-connrefused --retry-delay 1 -o body -w '%{http_code}' "http://127.0.0.1:$port/$2" > status
  kill "$pid" && wait "$pid" 2>/dev/null || true
  pid=
  echo "$(cat status) $(stat -c %s body)"
}

short=$(ask 16384 8000) long=$(ask 16384 20000) roomy=$(ask 65536 20000)
echo "8,000 bytes, buffer 16 KiB:  $short"
echo "20,000 bytes, buffer 16 KiB: $long"
echo "20,000 bytes, buffer 64 KiB: $roomy"
[ "$short" = "401 8000" ] && [ "${long%% *}" = 500 ] && [ "$roomy" = "401 20000" ] && echo "as described" || { echo "it changed"; exit 1; }
