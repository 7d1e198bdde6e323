#!/usr/bin/env bash
# NSS gives a renewed certificate the nickname of the one before, and the old nickname then means either.
#
# Version: NSS 3.87.1 (Debian's libnss3-tools 2:3.87.1-1+deb12u4), the store of Firefox and of Chromium on Linux.
# One would think: a PKCS#12 container with the friendly name "tablet 2027" is imported as "tablet 2027", as "tablet 2026" was.
# Seen: NSS keeps one nickname for all certificates of one subject. The renewal (same subject, its own key, its own friendly name)
#   is imported as a second "tablet 2026", without a word; "tablet 2027" is not found. certutil -n shows both, pk12util -o
#   writes both into one container under the one name, and certutil -D deletes one: the renewal, as it happens, the one with the
#   later end. A container of another subject whose friendly name is taken is imported under its common name, and this is said.
# Why it matters: at a renewal two certificates stand side by side for days, and a person is asked to choose between, or to delete,
#   two of the same name. What differs must stand in the subject (a year, a number), for no other name of the container survives.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get download -qq libnss3-tools=2:3.87.1-1+deb12u4 libnss3=2:3.87.1-1+deb12u4 libnspr4 2>/dev/null
for deb in ./*.deb; do dpkg -x "$deb" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu PATH=$folder/root/usr/bin:$PATH

container() { # container FILE SUBJECT DAYS FRIENDLY-NAME
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -subj "$2" -days "$3" 2>/dev/null
  openssl pkcs12 -export -inkey "$1.key" -in "$1.pem" -name "$4" -passout pass:passphrase -out "$1.p12"
}
container before '/CN=tablet' 10 'tablet 2026'
container after '/CN=tablet' 400 'tablet 2027'
container other '/CN=phone' 400 'tablet 2026'
mkdir store
certutil -N -d sql:store --empty-password
names() { certutil -L -d sql:store | grep 'u,u,u' | sed 's/ *u,u,u//' | sort | uniq -c | sed 's/^ *//'; }
ends() { certutil -L -d sql:store -n 'tablet 2026' | grep -c 'Not After'; }
import() { pk12util -i "$1.p12" -d sql:store -W passphrase | grep nickname || true; }
{
  import before; import after; names
  certutil -L -d sql:store -n 'tablet 2027' 2>&1 | head -1 || true
  echo "by the old name: $(ends)"
  pk12util -o both.p12 -n 'tablet 2026' -d sql:store -W passphrase >/dev/null
  openssl pkcs12 -in both.p12 -passin pass:passphrase -nokeys 2>/dev/null | grep friendlyName
  import other; names
  certutil -D -d sql:store -n 'tablet 2026'
  certutil -L -d sql:store -n 'tablet 2026' -a | openssl x509 -noout -fingerprint -sha256 >left
  openssl x509 -in before.pem -noout -fingerprint -sha256 | cmp -s - left && echo "left after a deletion: the one that ends first"
} | tee seen
diff seen - <<'SEEN' && echo "as found"
2 tablet 2026
certutil: Could not find cert: tablet 2027
by the old name: 2
    friendlyName: tablet 2026
    friendlyName: tablet 2026
pk12util: using nickname: phone
1 phone
2 tablet 2026
left after a deletion: the one that ends first
SEEN
