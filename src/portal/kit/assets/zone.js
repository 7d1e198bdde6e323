// The zone that this browser is in, for the times on the pages that follow. Without it they are in the zone of the config. A year,
// since it is told anew at each sign-in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (/^[A-Za-z][A-Za-z0-9/_+-]{0,63}$/.test(zone ?? '')) document.cookie = `__Host-sekisho-zone=${zone}; Path=/; Secure; SameSite=Lax; Max-Age=31536000`;

