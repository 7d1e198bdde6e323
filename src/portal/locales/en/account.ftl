## Account
account-nav = Account
account-title = Your account
account-overview = Overview
account-sessions = Sessions
account-browsers = Registered browsers
account-password = Password
account-authenticator = Authenticator
account-recovery = Recovery codes
account-email = Mail
account-groups = Groups
account-identity = Sign-in with { $provider }
account-set = Set
account-none = Not set up
account-codes-left = { $count ->
    [0] No code is left
    [one] { $count } code is left
   *[other] { $count } codes are left
}
account-sessions-count = { $count ->
    [1] Only this one
   *[other] { $count } at the moment
}
account-browsers-count = { $count ->
    [0] None
    [one] { $count } browser
   *[other] { $count } browsers
}
this-one = This one
bound-one = Cannot be copied
never = never
cancel = Cancel
notice-password-changed = Your password has been changed. Your other sessions have ended.
notice-session-ended = The session has ended, and with it everything that was open in it.
notice-others-ended = { $count ->
    [one] { $count } other session has
   *[other] { $count } other sessions have
} ended.
notice-browser-forgotten = That browser is no longer registered, and its sessions have ended.
notice-authenticator-added = Your authenticator is connected.
notice-authenticator-removed = The authenticator has been removed.
notice-recovery-codes-made = You have new recovery codes. The old ones no longer work.
notice-few-recovery-codes = Only { $count ->
    [one] { $count } recovery code is
   *[other] { $count } recovery codes are
} left.
notice-no-recovery-codes = You have no recovery codes. If your phone is lost you will be locked out.
notice-new-sign-in = There was a sign-in to your account from a new place: { $address }.
notice-link-recovery = Make new ones
notice-link-sessions = Look at your sessions
sessions-what = Everywhere you are signed in. If you do not recognise one, end it and change your password.
sessions-last-seen = Last used
sessions-since = Signed in
sessions-end = End
sessions-end-others = End all other sessions
browsers-what = Some apps open only in browsers that you have registered. Forget those that you no longer use.
browsers-none = No browser is registered for you. An app that needs one will ask.
browsers-since = Registered
browsers-until = Until
browsers-way = By
browsers-forget = Forget
browser-way-number = number carried to the phone
browser-way-admin = an administrator
browser-way-otp = one-time password
browser-way-link = one-time link
change-password-title = Change your password
change-password-what = All your other sessions will end. This one goes on.
change-password-submit = Change the password
field-current-password = Current password
directory-password-title = Change your password of { $domain }
directory-password-what = The password is changed in the directory itself and holds everywhere you use it. All your other sessions here will end. This one goes on.
directory-password-link = Change your password of { $domain } instead
authenticator-what = An app on your phone that shows a new code every 30 seconds.
authenticator-none = No authenticator is set up. Apps that ask for a one-time password do not open to you yet.
authenticator-app = Authenticator app
authenticator-since = Connected
authenticator-replace = Replace with a new one
authenticator-remove = Remove
authenticator-remove-hint = Without an authenticator, apps that ask for a one-time password do not open to you. Your recovery codes are removed with it.
authenticator-stays = Your organisation asks for an authenticator, so it can be replaced but not removed.
recovery-what = In case you lose your phone: each of these codes replaces one one-time password.
recovery-made = Made
recovery-new-hint = A new set replaces the old one and is shown once.
recovery-new = Make a new set
recovery-needs-authenticator = Recovery codes stand in for an authenticator. Set one up first.
fresh-title = Please confirm that it is you
fresh-what = What you want to change protects your account. For that you must have signed in within the last { $count ->
    [one] minute
   *[other] { $count } minutes
}.
fresh-then = Afterwards you come straight back to where you were.
fresh-go = Confirm
another-factor-title = A password alone is not enough for this
another-factor-what = What you want to change protects your account. Only a second factor or an administrator’s one-time link can change it, and you have no second factor that is accepted here.
another-factor-do = Ask your administrator for a one-time link. With it you set up an authenticator app or a phone, and then you can change everything else yourself.
demanded-title = The authenticator has to stay
demanded-what = An app that you may open asks for a one-time password, so your authenticator cannot be removed.
demanded-do = If you have a new phone, replace the authenticator instead of removing it.

## Passkeys
account-passkeys = Passkeys
passkeys-what = With a passkey you sign in by the fingerprint, face or PIN of your device. Nobody can guess it, and it works on this site only.
passkeys-none = You have no passkey yet.
passkeys-other-domain = no longer usable
passkeys-since = Added
passkeys-copies = Copies
passkey-copies-none = stays in one device
passkey-copies-may = may be copied to your other devices
passkey-copies-are = is copied to your other devices
passkeys-model = Model
passkeys-rename = Rename
passkeys-rename-submit = Save the name
passkey-field-name = Name of the passkey
passkey-hint-name = So that you recognise it in your list.
passkeys-remove = Remove
passkeys-remove-hint = Remove the passkey of a device that you lost. What was signed in with it elsewhere ends at once. If it is your last one, make sure that you have another way to sign in.
passkeys-add = Add a passkey
passkeys-not-accepted = No app accepts passkeys here at the moment, so none can be added.
passkey-create = Make a passkey
passkey-not-made = No passkey was made: it was cancelled, or it took too long.
enrol-passkey-title = Make a passkey
enrol-passkey-why = It is made on this device, or on a phone or security key that your browser offers, for { $user }.
passkey-too-many = You have as many passkeys as you may have. Remove one first.
passkey-unavailable = Passkeys cannot be made for this address. Tell your administrator.
passkey-model-refused = Your organisation accepts certain models of security keys only, and this is none of them.
passkey-synced-refused = This passkey would be copied to other devices, which your organisation does not allow. Use a security key, or the passkey of this device.
notice-passkey-added = The passkey is added. You can sign in with it from now on.
notice-passkey-renamed = The passkey has its new name.
notice-passkey-removed = The passkey is removed. It opens nothing any more.

## Company sign-ins
account-identities = Company sign-ins
account-identities-count = { $count ->
    [0] None linked
    [one] { $count } linked
   *[other] { $count } linked
}
identities-what = Accounts at identity providers with which you sign in here as yourself.
identities-none = Your account is linked with no company sign-in.
identities-person = Account there
identities-since = Linked
identities-remove = Remove
identities-remove-hint = After that the account there does not sign in as you any more, and what was signed in with it elsewhere ends at once.
identities-add = Link an account of { $provider }
identities-add-hint = You sign in there once more, so that nobody else’s account is linked by mistake.
identities-not-assigned = Your account here does not use a company sign-in, so none can be linked. Your administrator can change that.
last-way-title = This is your last way to sign in
last-way-what = Without this link you could not sign in any more, so it cannot be removed.
last-way-do = Set up another way first: a passkey, a phone, or a link with another company sign-in. Or ask your administrator.
notice-identity-linked = The account is linked. You can sign in with it from now on.
notice-identity-linked-already = That account was linked with yours already.
notice-identity-unlinked = The link is removed. The account there does not sign in as you any more.
account-pattern = Pattern
notice-pattern-changed = Your pattern is changed. Your other sessions have ended.
