## Invitation
invitation-steps = Three things to set up
invitation-step-password = Password
invitation-step-authenticator = Authenticator
invitation-step-recovery = Recovery codes
step-user = Your user name:
welcome-title = Welcome
welcome-heading = Welcome, { $name }
welcome-what = You have been invited to { $organisation }. There are three things to set up, which takes about five minutes. Have your phone ready.
welcome-plan-password = Choose a password.
welcome-plan-authenticator = Connect an authenticator app on your phone.
welcome-plan-recovery = Keep your recovery codes, in case you lose your phone.
welcome-begin = Begin
welcome-expires = This link works once, until
set-password-title = Choose a password
set-password-why = Long is better than complicated: a few unrelated words make a good password. A password manager is welcome.
set-password-submit = Set the password
field-new-password = New password
field-new-password-hint = At least { $count ->
    [one] { $count } character
   *[other] { $count } characters
}. Spaces and all letters are welcome.
field-again = New password, once more
password-problem-wrong-current = That is not your current password.
password-problem-too-short = The new password is too short: it needs at least { $count ->
    [one] { $count } character
   *[other] { $count } characters
}.
password-problem-too-long = The new password is too long: at most { $count ->
    [one] { $count } character is
   *[other] { $count } characters are
} accepted.
password-problem-not-the-same = The two entries differ. Type the new password twice.
password-problem-as-before = That is your current password. Choose another one.
password-problem-too-common = That password is easy to guess. Choose one that is less common and does not contain your name.
enrol-title = Connect an authenticator
enrol-why = From now on an app on your phone shows you a new code every 30 seconds: your one-time password.
enrol-replaces = The new authenticator replaces your current one. The old one stops working once you confirm.
enrol-scan = Open an authenticator app on your phone and scan this picture.
enrol-qr-label = QR code with the key for your authenticator app
enrol-open = Open in the authenticator app here
    .what = For an authenticator app on this very device. If nothing opens, copy the key below.
copy = Copy
    .done = Copied.
    .failed = It could not be copied. The text is selected: copy it by hand.
enrol-by-hand = Cannot scan? Enter the key by hand
enrol-key = Key
enrol-account = Account
enrol-kind = Kind
enrol-kind-value = Time-based, 6 digits, 30 seconds
enrol-field-code = Enter the six digits that the app shows now
enrol-submit = Confirm
enrol-problem-wrong-code = That code does not belong to this key. Check that the date and time of your phone are set automatically, and enter the next code.
recovery-codes-title = Keep your recovery codes
recovery-codes-why = If your phone is lost, one of these codes lets you in. Each works once.
recovery-codes-once = They are shown only now. Keep them where you keep other valuables, not on the same phone.
recovery-codes-save = Save as a text file
recovery-codes-print = Or print this page: only the codes are printed.
recovery-codes-kept = I have kept them
recovery-codes-file = Recovery codes for { $organisation }
done-title = All set
done-what = Your account is ready. Sign in once with your new password and a code from your phone.
done-sign-in = Go to sign-in
dead-link-title = This link no longer works
dead-link-used = It has been used already. Each link works once.
dead-link-expired = It has expired.
dead-link-unknown = We do not know this link. It may be incomplete, or it was withdrawn.
dead-link-do = Ask your administrator for a new link. If it was not you who used it, say so.
printed-title = Access for { $name }
printed-invitation-what = This sheet opens your account at { $organisation }. Set it up yourself; nobody else needs to see it.
printed-reset-what = With this sheet you set up your access to { $organisation } again.
printed-qr-label = QR code with the link
printed-scan = Scan the picture with your phone, or type this address on your computer:
printed-until = Works once, until
printed-keep = Anyone who has this sheet can use it. Keep it to yourself, and destroy it when you are done.
printed-how = Print this page and hand it over in person. The link is not shown again.
back = Back

## A browser
link-browser-what = Your administrator gave you this link, so that this browser is registered for you.
link-browser-lasts = It stays registered for { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
link-browser-submit = Register this browser
