#!/usr/bin/env bash
# One Fluent message tells another number, another plural and another time from Python than from JavaScript.
#
# Versions: fluent.runtime 0.4.0 with Babel 2.19.0 (PyPI), @fluent/bundle 0.19.1 (npm) on the Intl of Node.
# One would think: the two are the implementations of one project, so the same file, language and values give the same text, or an error that names
#       the difference.
# Seen: neither reports an error for these. "1.0 minutes" is [one] in Python, which picks the plural by the number and not by how it is shown. 2.5 is
#       rounded to 2 (half to even) in Python, to 3 in JavaScript. 1234 has a separator in Python's Spanish and Polish, which CLDR gives from
#       five digits on. style: "percent" is 25% in Python, and 0.25 in JavaScript, which takes it from the program alone. DATETIME with hour and
#       minute is the date in Python, with a warning that is no error of Fluent, and the time in JavaScript.
# Why it matters: translations are shared by the pages of a portal and the mails that a job in Python sends. Both are reviewed in one file, and a lock
#       that ends at 9:05 becomes one that ends on December 1, a threshold of 2.5 days becomes 2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install fluent.runtime==0.4.0 Babel==2.19.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @fluent/bundle@0.19.1

cat > messages.ftl <<'FTL'
minutes = { NUMBER($n, minimumFractionDigits: 1) ->
    [one] { NUMBER($n, minimumFractionDigits: 1) } minute
   *[other] { NUMBER($n, minimumFractionDigits: 1) } minutes
 }
days = { NUMBER($n, maximumFractionDigits: 0) } days
people = { $n } people
share = { NUMBER($n, style: "percent") }
until = until { DATETIME($t, hour: "numeric", minute: "numeric") }
FTL
cat > ask.json <<'JSON'
[["en", "minutes", 1], ["en", "minutes", 2], ["en", "days", 2.5], ["en", "days", 3.5], ["en", "people", 1234], ["es", "people", 1234],
 ["pl", "people", 1234], ["es", "people", 12345], ["en", "share", 0.25], ["en", "until", 0]]
JSON
cat > say.py <<'PY'
import json, warnings
from datetime import datetime, timezone
from fluent.runtime import FluentBundle, FluentResource
warnings.simplefilter("ignore")
for language, name, number in json.load(open("ask.json")):
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(open("messages.ftl").read()))
    text, errors = bundle.format_pattern(bundle.get_message(name).value, {"n": number, "t": datetime(2026, 12, 1, 9, 5, tzinfo=timezone.utc)})
    print(f"{language} {name} {number}: {text}, {len(errors)} errors".replace("\u00a0", " ").replace("\u202f", " "))
PY
cat > say.mjs <<'JS'
import fs from 'node:fs'
import { FluentBundle, FluentResource } from '@fluent/bundle'
for (const [language, name, number] of JSON.parse(fs.readFileSync('ask.json'))) {
  const bundle = new FluentBundle(language, { useIsolating: false })
  bundle.addResource(new FluentResource(fs.readFileSync('messages.ftl', 'utf8')))
  const errors = []
  const text = bundle.formatPattern(bundle.getMessage(name).value, { n: number, t: new Date(Date.UTC(2026, 11, 1, 9, 5)) }, errors)
  console.log(`${text}, ${errors.length} errors`.replace(/[\u00a0\u202f]/g, ' '))
}
JS
export TZ=UTC
v/bin/python say.py > python
node say.mjs > javascript
paste -d '|' python javascript | sed 's/|/ | /' | tee seen
diff seen - <<'SEEN' && echo "as found"
en minutes 1: 1.0 minute, 0 errors | 1.0 minutes, 0 errors
en minutes 2: 2.0 minutes, 0 errors | 2.0 minutes, 0 errors
en days 2.5: 2 days, 0 errors | 3 days, 0 errors
en days 3.5: 4 days, 0 errors | 4 days, 0 errors
en people 1234: 1,234 people, 0 errors | 1,234 people, 0 errors
es people 1234: 1.234 people, 0 errors | 1234 people, 0 errors
pl people 1234: 1 234 people, 0 errors | 1234 people, 0 errors
es people 12345: 12.345 people, 0 errors | 12.345 people, 0 errors
en share 0.25: 25%, 0 errors | 0.25, 0 errors
en until 0: until Dec 1, 2026, 0 errors | until 9:05 AM, 0 errors
SEEN
