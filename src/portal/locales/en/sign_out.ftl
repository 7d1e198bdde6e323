## Signing out
sign-out-title = Sign out
sign-out-here-what = You will be signed out in this browser, of every app.
sign-out-here = Sign out
sign-out-everywhere-what = You are also signed in { $count ->
    [one] on one other device or browser
   *[other] on { $count } other devices or browsers
}.
sign-out-everywhere = Sign out everywhere
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-of-app = You are signed out of { $app }. Your other apps stay open.
signed-out-here = In this browser, of every app.
signed-out-everywhere = On every device and in every browser.
signed-out-hint = On a computer that others use as well, close the browser now.
signed-out-again = Sign in again
continue-title = Going on
continue-what = You are taken on to { $app }. If nothing happens, press Continue.
continue-go = Continue
