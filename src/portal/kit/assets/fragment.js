// What stands behind `#` in the address of an app's page (`#/board/7`) never leaves a browser: it carries it along redirects, and
// loses it at the first form. The first page of a sign-in keeps it in this tab, and the page at its end puts it back. The gateway
// learns by a cookie that some tab keeps one, and nothing of what it is. Without this script the app opens without it.
const departure = new URLSearchParams(location.search).get('for');
const place = `fragment ${departure}`;
/** Longer ones are no place in an app. */
const longest = 2048;
const onward = document.querySelector('[data-onward]');
let kept = '';
try {
  if (onward) {
    kept = sessionStorage.getItem(place) ?? '';
    sessionStorage.removeItem(place);
  } else if (departure && location.hash.length > 1 && location.hash.length <= longest) {
    sessionStorage.setItem(place, location.hash);
    // As long as a departure lives.
    document.cookie = '__Host-sekisho-fragment=1; Path=/; Secure; SameSite=Lax; Max-Age=3600';
  }
} catch {
  // A browser that keeps nothing: the app opens at its beginning.
}
if (onward) location.replace(onward.href + kept);
