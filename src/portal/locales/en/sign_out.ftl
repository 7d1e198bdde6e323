## Signing out
sign-out-title = Sign out
sign-out-here-what = You will be signed out of every app in this browser.
sign-out-here = Sign out
sign-out-everywhere-what = You are also signed in { $count ->
    [one] on one other device or browser
   *[other] on { $count } other devices or browsers
}.
sign-out-everywhere = Sign out everywhere
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-of-app = You are signed out of { $app }. Your other apps stay open.
signed-out-here = You are signed out of every app in this browser.
signed-out-everywhere = You are signed out on every device and in every browser.
signed-out-hint = If other people use this computer too, close the browser now.
signed-out-there-what = You may still be signed in at { $provider }.
signed-out-there = Sign out at { $provider }
signed-out-again = Sign in again
signed-out-another = Sign in as another user
continue-title = One moment
continue-what = You are being taken to { $app }. If nothing happens, press Continue.
continue-go = Continue
