#!/usr/bin/env bash
# The twenty-first value of the same form field turns the list of an Express app into an object.
#
# Version: qs 6.17.1 (npm), what Express parses extended forms and queries with.
# One would think: "a=0&a=1&..." is an array however many values there are; arrayLimit is described for indices like a[21].
# Seen: twenty values are an Array; twenty-one are an object with the keys "0" to "20", without an error.
# Why it matters: a reviewer who compares what an approval showed with what an app took must not assume that a repeated field stays a
#       list: 21 ticked boxes reach code that calls .map() or .includes() on an object, or that reads .length as undefined and
#       so sees none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund qs@6.17.1

cat > parse.mjs <<'JS'
import qs from 'qs'
for (const count of [20, 21]) {
  const { a } = qs.parse(Array.from({ length: count }, (_, value) => `a=${value}`).join('&'))
  console.log(count, Array.isArray(a) ? 'array' : typeof a, a.length, Object.keys(a).length)
}
JS
node parse.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
20 array 20 20
21 object undefined 21
SEEN
