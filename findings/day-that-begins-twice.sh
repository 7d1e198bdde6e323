#!/usr/bin/env bash
# Where the clocks turn at midnight, five libraries of dates disagree when the day begins and ends.
#
# Versions: luxon 3.7.2, dayjs 1.11.23, moment-timezone 0.6.6 (npm, with the zones of Node or of the package); pendulum 3.3.0,
#   arrow 1.4.0 (PyPI).
# One would think: "the start of the day" is its first instant and "the end of the day" its last, so that the end of one day and
#   the start of the next touch. A day may have 23 or 25 hours; the libraries know the zone.
# Seen: on 2026-04-24 Cairo has no hour from 00:00 to 01:00: dayjs begins the day an hour early, at 23:00 of the day before.
#   On 2026-11-01 Havana has the hour from 00:00 to 01:00 twice: luxon and pendulum begin the day at the second midnight, so that
#   an hour of the day belongs to no day, and moment ends that day an hour early, at 22:59:59.999. On 2026-04-04 Santiago has the
#   hour from 23:00 to 24:00 twice: dayjs, moment and arrow end the day at the first 23:59:59, an hour early.
#   Each of the five is wrong on at least one of these three days.
# Why it matters: what is valid "until the end of the day" (a certificate, a password, a leave) ends an hour early, or what
#   begins with the day is refused in its first hour, once a year and in some countries alone. Chile, Cuba, Egypt, Lebanon, Paraguay
#   and the Azores turn their clocks at midnight.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent luxon@3.7.2 dayjs@1.11.23 moment-timezone@0.6.6 >/dev/null
python3 -m venv v
v/bin/pip -q install 'pendulum==3.3.0' 'arrow==1.4.0' 'tzdata==2026.6'

cat >days.mjs <<'JS'
import { DateTime } from 'luxon';
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import timezone from 'dayjs/plugin/timezone.js';
import moment from 'moment-timezone';

dayjs.extend(utc);
dayjs.extend(timezone);
const at = (instant) => new Date(instant).toISOString().slice(0, 19);
for (const [zone, day] of [['Africa/Cairo', '2026-04-24'], ['America/Havana', '2026-11-01'], ['America/Santiago', '2026-04-04']]) {
  const luxon = DateTime.fromISO(`${day}T12:00`, { zone });
  const noon = dayjs.tz(`${day} 12:00`, zone);
  const local = moment.tz(`${day} 12:00`, zone);
  console.log(zone, 'luxon', at(luxon.startOf('day').toMillis()), at(luxon.endOf('day').toMillis()));
  console.log(zone, 'dayjs', at(noon.startOf('day').valueOf()), at(noon.endOf('day').valueOf()));
  console.log(zone, 'moment', at(local.clone().startOf('day').valueOf()), at(local.clone().endOf('day').valueOf()));
}
JS
cat >days.py <<'PY'
import datetime, zoneinfo
import arrow, pendulum

def at(value):
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")

def bounds(zone, day):
    """The first and the last second of the day, found by walking through UTC."""
    place = zoneinfo.ZoneInfo(zone)
    second = datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc) - datetime.timedelta(hours=15)
    inside = [s for s in (second + datetime.timedelta(seconds=n) for n in range(54 * 3600)) if s.astimezone(place).date() == day]
    return inside[0], inside[-1]

for zone, day in [("Africa/Cairo", (2026, 4, 24)), ("America/Havana", (2026, 11, 1)), ("America/Santiago", (2026, 4, 4))]:
    first, last = bounds(zone, datetime.date(*day))
    print(zone, "in truth", at(first), at(last))
    noon = pendulum.datetime(*day, 12, tz=zone)
    print(zone, "pendulum", at(noon.start_of("day")), at(noon.end_of("day")))
    noon = arrow.Arrow(*day, 12, tzinfo=zone)
    print(zone, "arrow", at(noon.floor("day")), at(noon.ceil("day")))
PY
{ node days.mjs; v/bin/python days.py; } | sort -s -k1,1 | tee seen
diff seen - <<'SEEN' && echo "as found"
Africa/Cairo luxon 2026-04-23T22:00:00 2026-04-24T20:59:59
Africa/Cairo dayjs 2026-04-23T21:00:00 2026-04-24T20:59:59
Africa/Cairo moment 2026-04-23T22:00:00 2026-04-24T20:59:59
Africa/Cairo in truth 2026-04-23T22:00:00 2026-04-24T20:59:59
Africa/Cairo pendulum 2026-04-23T22:00:00 2026-04-24T20:59:59
Africa/Cairo arrow 2026-04-23T22:00:00 2026-04-24T20:59:59
America/Havana luxon 2026-11-01T05:00:00 2026-11-02T04:59:59
America/Havana dayjs 2026-11-01T04:00:00 2026-11-02T04:59:59
America/Havana moment 2026-11-01T04:00:00 2026-11-02T03:59:59
America/Havana in truth 2026-11-01T04:00:00 2026-11-02T04:59:59
America/Havana pendulum 2026-11-01T05:00:00 2026-11-02T04:59:59
America/Havana arrow 2026-11-01T04:00:00 2026-11-02T04:59:59
America/Santiago luxon 2026-04-04T03:00:00 2026-04-05T03:59:59
America/Santiago dayjs 2026-04-04T03:00:00 2026-04-05T02:59:59
America/Santiago moment 2026-04-04T03:00:00 2026-04-05T02:59:59
America/Santiago in truth 2026-04-04T03:00:00 2026-04-05T03:59:59
America/Santiago pendulum 2026-04-04T03:00:00 2026-04-05T03:59:59
America/Santiago arrow 2026-04-04T03:00:00 2026-04-05T02:59:59
SEEN
