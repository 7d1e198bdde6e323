#!/usr/bin/env bash
# Python's plistlib writes a datetime with a zone as if it were UTC: the hour stays, and the zone is dropped.
#
# Version: plistlib of CPython 3.11 (Debian 12: 3.11.2); beside it plist 5.0.0 (npm), which writes the instant.
# One would think: a <date> of a property list is UTC and ends in "Z", so an aware datetime is converted, or refused.
# Seen: 2026-12-01 00:00 of Tokyo is written as 2026-12-01T00:00:00Z, nine hours late; the same instant in UTC and in New York
#   becomes two other dates. No error, no warning. What is read back is naive, so that a round trip of a naive value shows nothing.
# Why it matters: RemovalDate of a configuration profile says when a device drops a certificate and its settings. Made from the day
#   on which a certificate ends, in the zone of its organisation, the profile outlives it by nine hours in Japan, and goes five
#   hours early in New York.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent plist@5.0.0 >/dev/null

cat >profile.py <<'PY'
import datetime, plistlib, re, sys, zoneinfo

assert sys.version_info[:2] == (3, 11), sys.version
instant = datetime.datetime(2026, 12, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
for zone in ("Asia/Tokyo", "UTC", "America/New_York"):
    local = instant.astimezone(zoneinfo.ZoneInfo(zone))
    assert local == instant
    written = plistlib.dumps({"PayloadType": "Configuration", "RemovalDate": local}).decode()
    print("plistlib", zone, re.search("<date>(.*)</date>", written)[1])
print("read back", plistlib.loads(plistlib.dumps({"RemovalDate": instant}))["RemovalDate"].tzinfo)
PY
cat >profile.mjs <<'JS'
import { build } from 'plist';

const written = build({ PayloadType: 'Configuration', RemovalDate: new Date('2026-12-01T00:00:00+09:00') });
console.log('plist (npm)', written.match(/<date>(.*)<\/date>/)[1]);
JS
{ python3 profile.py; node profile.mjs; } | tee seen
diff seen - <<'SEEN' && echo "as found"
plistlib Asia/Tokyo 2026-12-01T00:00:00Z
plistlib UTC 2026-11-30T15:00:00Z
plistlib America/New_York 2026-11-30T10:00:00Z
read back None
plist (npm) 2026-11-30T15:00:00Z
SEEN
