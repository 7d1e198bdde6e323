#!/usr/bin/env bash
# A Date of a structured field is read as a local time without a zone: the same field is another time in Tokyo.
#
# Version: http_sfv 0.9.9 (PyPI).
# One would think: "@1659578233" (RFC 9651 section 3.3.7, seconds since 1970 in UTC) becomes an aware datetime, or at least UTC.
# Seen: it becomes a naive datetime in the zone of the process: 01:57:13 with TZ=UTC, 10:57:13 with TZ=Asia/Tokyo. Written again
#       it is right, so a round trip shows nothing.
# Why it matters: code that compares the value with datetime.now(timezone.utc) gets a TypeError, and code that compares it with
#       utcnow() is wrong by nine hours in Japan alone: a signature or a deprecation date is judged early or late.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'http_sfv==0.9.9'

cat > read.py <<'PY'
import http_sfv, os
item = http_sfv.Item()
item.parse(b"@1659578233")
print(os.environ["TZ"], item.value, item.value.tzinfo, item)
PY
{ TZ=UTC v/bin/python read.py; TZ=Asia/Tokyo v/bin/python read.py; } | tee seen
diff seen - <<'SEEN' && echo "as found"
UTC 2022-08-04 01:57:13 None @1659578233
Asia/Tokyo 2022-08-04 10:57:13 None @1659578233
SEEN
