## The administration

frame-administration = Administration
admin-yes = Yes
admin-no = No

## Areas: the navigation, and the head of each list

admin-overview = Overview
admin-users = Users
    .about = All users, how each of them signs in, and how many phones each has. Select users to apply an action to several at once.
    .empty = There are no users yet.
admin-phones = Phones
    .about = The phones that approve, and the user each is registered for.
    .empty = No phone is registered yet.
admin-approvals = Open approvals
    .about = What phones are being asked right now. This list refreshes itself.
    .empty = No phone is being asked right now.
admin-transactions = Transactions
    .about = Requests that were held until they were approved, and how they ended. Newest first.
    .empty = No request has been held yet.
    .waiting = Waiting transactions
admin-login-protect = Login-protect
    .about = A protected login form accepts no password until its user opens it from the phone. It then stays open for a short time (one minute, unless the config says otherwise) and for one password.
    .empty = No policy protects its login form yet. To begin, generate a service ID and put it into a policy.
    .disabled = Disabled everywhere
    .services = { $count ->
        [0] No form is protected
        [one] { $count } service
       *[other] { $count } services
    }
    .without-phone = { $count ->
        [0] Every user has a phone.
        [one] { $count } user has no phone, and cannot open a protected form without one.
       *[other] { $count } users have no phone, and cannot open a protected form without one.
    }
    .show-users = Show these users
admin-sessions = Sessions
    .about = Who is signed in, from which address, and by which factors.
    .empty = Nobody is signed in.
admin-groups = Groups
    .about = Groups of users. Policies, networks and approvals are given to groups; the name leads to the list of users, the number to the members.
    .empty = There is no group yet.
admin-networks = Networks
    .about = From which networks an app, the members of a group, or a user may come. All lists that apply must contain the address, beside what the config file says. An app, group or user without a list is not restricted here.
    .empty = There is no list of networks yet: nobody is restricted by one.
admin-outbox = Outbox
    .about = Messages to users: those that were mailed, and those that wait. Without a mail server, show a message here and hand it over yourself.
    .empty = There is no message.
admin-tokens = API tokens
    .about = What programs administer with. A token is shown once, when it is made.
    .empty = There is no API token.
admin-devices = Devices
    .about = Users whose device designation is on sign in only with browsers that are approved here. Applications are listed the oldest first. The switch of a user is on the list of users.
    .waiting = Applications for browsers
    .empty = Nobody has applied for a browser yet.
admin-browsers = Browsers
    .about = The browsers that are registered for users.
    .empty = No browser is registered yet.
admin-identity-providers = Identity providers
    .about = Where people of other organisations and your own sign in, and how each of these stands. What is configured here is in the config file.
    .empty = The config names no identity provider.
admin-directories = Directories
    .about = The directories that judge passwords, and how each of them stands. What is configured here is in the config file.
    .empty = The config names no directory.
admin-tls = Certificates of the gateway
    .about = The certificates that this gateway shows to browsers, and when each of them ends. What is configured here is in the config file.
    .empty = No certificate can be read.
admin-certificate-results = Certificate checks
    .about = How the check of client certificates ended for each user, and why it did not pass. Where a policy only observes, this shows who would be shut out.
    .empty = No certificate has been checked yet.
admin-crls = Revocation lists
    .about = The lists of certificates that other authorities have revoked, and how current each of these is. Where they are read is in the config file.
    .empty = The config names no revocation list.
admin-locks = Locks
    .about = Names and networks that are locked after failed attempts. Each lock ends by itself.
    .empty = Nothing is locked.
admin-audit = Audit log
    .about = What happened, newest first.
    .empty = Nothing has been recorded yet.
admin-audit-keys = Public keys
    .about = The public keys that signatures of this gateway verify with: of assertions to apps, and of receipts of transactions.
admin-audit-keys-file = Save the keys as a file (JWKS)
admin-audit-key = Key
admin-audit-algorithm = Algorithm
admin-explain = Explain
    .about = What each of the six checks would say of a request, and which lines of the config say so. Nothing is opened by it.
admin-explain-address = Address or app
admin-explain-address-hint = What a browser opens, such as https://wiki.example.com/admin, or the name of an app. portal is the portal, portal/admin this administration.
admin-explain-from = Where the request comes from
admin-explain-user-hint = Who has signed in. Empty: nobody.
admin-explain-proved = What was proved
admin-explain-proved-hint = For example password, totp. With an age: totp@2h. For one check: otp:push.
admin-explain-method = Method
admin-explain-certificate = Client certificate (PEM)
admin-explain-browser = Registered browser
admin-explain-browser-hint = The id of a registered browser of this user. Empty: a browser that is not registered. Once a user is entered and explained, theirs can be chosen here.
admin-explain-button = Explain
admin-explain-pass = It passes
admin-explain-hold = It passes, and waits for its own approval
admin-explain-ask = More is asked for
admin-explain-refuse = It is refused
admin-explain-identity = The app is given
admin-explain-policy = Policy
admin-explain-config = Config
admin-explain-reading = Also read as
admin-explain-check = Check
admin-explain-demands = Demands
admin-explain-lines = Lines
admin-explain-ok = Passes
admin-explain-observed = Would not pass, is only observed
admin-explain-not-applicable = Not asked for
admin-explain-not-evaluated = Not reached
admin-explain-fail = Does not pass
admin-settings = Settings
    .about = Settings that can be changed while the gateway is running. Everything else is in the config file.
    .saved = The setting has been saved.

## The banner of every page

admin-banner-disabled = Login-protect is disabled: every login form is open.

## Lists

admin-search = Search
admin-search-clear = Show all
admin-search-none = Nothing was found.
admin-search-any = Any
admin-search-user = User
admin-search-text = Name or mail address
admin-search-group = Group
admin-search-without-phone = Users without a phone
admin-search-event = Event
admin-search-shown = Text in what was shown
admin-search-since = From
admin-search-until = To
admin-search-result = Name or subject
admin-list-select = Select
admin-list-action = Action
admin-list-scope = Do this for
admin-list-scope-selected = The users ticked on this page
admin-list-scope-all = All users that the search finds, on every page
admin-list-continue = Continue
admin-list-nothing-selected = Nothing was done. Select at least one row first.
admin-list-pages = Pages
admin-list-first = First page
admin-list-next = Next page
admin-column-user = User
admin-column-name = Name
admin-column-groups = Groups
admin-column-methods = Methods
admin-column-state = State
admin-column-phone = Phone
admin-column-question = Question
admin-column-app = App
admin-column-browser = Browser
admin-column-number = Number matching
admin-column-asked = Asked
admin-column-evidence = Signed in by
admin-column-way = Registered by
admin-column-step = Step
admin-column-network = Network
admin-column-until = Until
admin-column-created = Created
admin-column-transaction = Transaction
admin-column-requester = Requested by
admin-column-shown = Shown
admin-column-certificate = Certificate
admin-result-passed = Passed
admin-result-refused = Refused
admin-result-would-be-refused = Would be refused
admin-result-none = None presented
admin-column-at = Time
admin-column-event = Event
admin-column-outcome = Outcome
admin-column-address = Address
admin-column-note = Note
admin-column-recipient = Mail address
admin-column-subject = Subject
admin-column-written = Written
admin-column-members = Members
admin-column-owner = Of
admin-search-mail = User, mail address or subject
admin-search-certificate = Name, serial number or fingerprint
admin-search-words = Name
admin-outbox-waits = Waits
admin-outbox-failed = Could not be mailed
admin-outbox-mailed = Mailed
admin-outbox-error = The mail server said
admin-outbox-secret = The text may hold a one-time link that opens the account. That it was shown is written into the audit log.
admin-outbox-show = Show the text
admin-field-language = Language
admin-field-invite = Make an invitation: a one-time link to set a password and an authenticator
admin-field-allow = Only from these networks
admin-field-deny = Not from these networks
admin-field-factor = What is lost
admin-field-everything = Everything, phones and browsers too
admin-field-description = Description
admin-field-label = What it is for
admin-field-scopes = What it may do
admin-field-lifetime = How long
admin-hint-user = Letters, digits and . _ - @ + ', at most 64.
admin-hint-language = For example ja or en. It may stay empty.
admin-hint-allow = One network or address a line, IPv4 or IPv6. Empty: from anywhere. What stands behind # is kept as a note.
admin-hint-deny = One network or address a line.
admin-hint-lifetime = For example 90d, which also holds if it is empty.
admin-form-not-done = That was not done.
admin-made-token = This is the token. Copy it now: it is never shown again.
admin-search-members = Members of
admin-many = Many users at once
    .about = Does one thing for all users of a list, or for all members of a group. Each is recorded in the audit log as if it had been done alone.
admin-many-users-hint = User names, one a line or with commas between them.
admin-many-group = And all members of
admin-many-only-without = Of patterns: leave out users who have one
admin-many-csv = Answer with a file (CSV) rather than a page
admin-many-asks = This takes something away from every user that is named here. If that is meant, press again.
admin-many-once = The links and patterns below are shown this once.
admin-many-secret = Link or pattern
admin-many-not-done = Not done
admin-many-notice-mailed = The notice is on its way by mail.
admin-many-notice-kept = Print the notice and hand it over.
admin-user-links = One-time links
admin-user-link-until = until
admin-link-invitation = Invitation
admin-link-password = Set a new password
admin-link-authenticator = Set a new authenticator
admin-link-passkey = Make a new passkey
admin-link-browser = Register a browser
admin-link-phone = Register a phone
admin-network-list = List of networks
    .about = Requests from elsewhere are refused from the next one on, and what is open is closed within a second. IPv4 and IPv6 are listed apart.
admin-network-new = Add a list
admin-network-of = Holds for
admin-network-kind = Kind
admin-network-app = App
admin-network-group = Group
admin-network-user = User
admin-network-remarks = Remarks
admin-network-see = See the list
admin-network-search = Name, network, note or address
admin-network-here = You come from:
admin-network-name-hint = The name of the app, the group or the user. portal is the portal with its launcher and account pages, portal/admin this administration.
admin-network-save = Save the list
admin-network-saved = The list is saved.
admin-network-asks = This list does not include the address that you come from: you would be refused there at once. If that is meant, press again.
admin-network-asks-administration = This list concerns this administration, and refuses everybody outside of it. If that is meant, press again.
admin-network-ends = There is no line, so the list that is there ends: it restricts nobody any more. If that is meant, press again.
admin-network-changed = Not saved: the list that is there is not the one that was shown with this form. Compare the two; to put yours in its place, save it again.
admin-network-present = The list that is there
admin-network-no-list = There is no list.
admin-network-no-app = The config has no app of this name. The list restricts nobody: set it for the app under its present name, then remove it here.
admin-network-no-name = the config does not have this name of networks (any more). It lets nobody in; denied, or the only line that allows, it refuses everybody.
admin-network-names = Networks that the config names. A line may be one of these names:
admin-network-within = the first lies within the second and adds nothing.
admin-network-denied = the first is allowed, and lies within the second, which is denied: nobody can come from there.
admin-network-no-ipv6 = No IPv6 network is allowed. Requests by IPv6 are refused.
admin-network-no-ipv4 = No IPv4 network is allowed. Requests by IPv4 are refused.
admin-form-add-user = Add a user
    .about = A new user begins with a password of this site, or by an invitation.
    .done = The user is added.
admin-form-change-user = Change names and address
    .about = What people read of the user, and where mail goes. An empty field clears it.
    .done = It is changed.
admin-form-set-groups = Change groups
    .about = The user is a member of exactly the groups that are chosen.
    .done = The groups are changed.
admin-form-set-methods = Change ways to sign in
    .about = The primary factors that this user may use. What was opened by one that is taken away ends.
    .done = The ways to sign in are changed.
admin-form-set-networks = Change networks
    .about = Where this user may come from, even where an app allows more. It holds from the next request on.
    .asks = These networks do not include the one that you come from: you would shut yourself out at once. If that is meant, press again.
    .done = The networks are changed.
admin-form-reset-factor = Reset a lost factor
    .about = What was lost is taken away, and a one-time link to set it again is made. Sessions end, but not for a transaction password.
    .asks = The old one stops working at once. If that is meant, press again.
    .done = It is taken away.
admin-form-add-group = Add a group
    .about = Members are added on the pages of the users.
    .done = The group is added.
admin-form-issue-token = Make an API token
    .about = A program sends it as Authorization: Bearer. Give it no more than it needs.
    .done = The token is made.
admin-column-applied = Applied
admin-column-decided = Decided by
admin-device-pending = Waiting
admin-device-approved = Approved
admin-device-rejected = Rejected
admin-device-revoked = Revoked
admin-device-reason = A few words to the user
admin-device-reason-hint = Shown at the next sign-in with this browser. You may leave it empty.
admin-user-devices = Device designation
admin-user-certificates = Client certificates
admin-certificates-required = Required
admin-certificates-by-group = Required by a group
admin-certificates-accepted = Accepted
admin-certificates-refused = Refused
admin-certificates-refused-in-group = Refused, though a group requires them
admin-certificates-of-members = Required of all members
admin-certificates-of-each = Each member’s own setting
admin-on = On
admin-off = Off
admin-column-actor = Done by
admin-column-refusal = Reason
admin-column-organisation = Organisation ID
admin-column-service = Service ID
admin-user-enabled = Enabled
admin-user-disabled = Disabled
admin-phone-active = Active
admin-phone-suspended = Suspended
admin-phone-locked = Locked
admin-phone-none = No phone is registered.
admin-step-first = First factor
admin-step-second = Second factor
admin-step-transaction = Transaction
admin-step-network = The whole network
admin-event-done = Done
admin-event-refused = Refused
admin-list-details = Details

## Actions: on the button, before it is confirmed, and when it is done

admin-confirm-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
admin-confirm-unseen = { $count ->
    [one] { $count } of them has not shown a good certificate yet. A user who cannot show one is shut out at the next request:
   *[other] { $count } of them have not shown a good certificate yet. A user who cannot show one is shut out at the next request:
}
admin-action-assign-push = Allow sign-in by phone
    .confirm = { $count ->
        [one] This user will be able to sign in by approving on a phone.
       *[other] These { $count } users will be able to sign in by approving on a phone.
    }
    .done = { $count ->
        [one] { $count } user can now sign in by phone.
       *[other] { $count } users can now sign in by phone.
    }
admin-action-unassign-push = Revoke sign-in by phone
    .confirm = { $count ->
        [one] This user will no longer be able to sign in by phone. All phones of the user are removed, and browsers that were registered by number must be registered again.
       *[other] These { $count } users will no longer be able to sign in by phone. All their phones are removed, and browsers that were registered by number must be registered again.
    }
    .done = { $count ->
        [one] { $count } user can no longer sign in by phone. The phones of the user have been removed.
       *[other] { $count } users can no longer sign in by phone. Their phones have been removed.
    }
admin-action-invite-phone = Send a link to register a phone
    .confirm = { $count ->
        [one] A link that can be used once is made for this user, and mailed where that is possible.
       *[other] A link that can be used once is made for each of these { $count } users, and mailed where that is possible.
    }
    .done = { $count ->
        [one] { $count } link has been made.
       *[other] { $count } links have been made.
    }
admin-action-suspend-approvals = Suspend approvals
    .confirm = { $count ->
        [one] Nothing can be approved for this user until approvals are resumed. The phones stay registered; open approvals are withdrawn.
       *[other] Nothing can be approved for these { $count } users until approvals are resumed. The phones stay registered; open approvals are withdrawn.
    }
    .done = { $count ->
        [one] Approvals of { $count } user have been suspended.
       *[other] Approvals of { $count } users have been suspended.
    }
admin-action-resume-approvals = Resume approvals
    .confirm = { $count ->
        [one] The phones of this user will be able to approve again.
       *[other] The phones of these { $count } users will be able to approve again.
    }
    .done = { $count ->
        [one] Approvals of { $count } user have been resumed.
       *[other] Approvals of { $count } users have been resumed.
    }
admin-action-unlock-approvals = Unlock approvals
    .confirm = { $count ->
        [one] This ends the lock that wrong answers caused for this user.
       *[other] This ends the locks that wrong answers caused for these { $count } users.
    }
    .done = { $count ->
        [one] Approvals of { $count } user have been unlocked.
       *[other] Approvals of { $count } users have been unlocked.
    }
admin-action-unregister-phones = Remove all phones
    .confirm = { $count ->
        [one] All phones of this user are removed. A phone must be registered again before it can approve.
       *[other] All phones of these { $count } users are removed. A phone must be registered again before it can approve.
    }
    .done = { $count ->
        [one] The phones of { $count } user have been removed.
       *[other] The phones of { $count } users have been removed.
    }
admin-action-sign-out = End all sessions
    .confirm = { $count ->
        [one] This user is signed out everywhere at once.
       *[other] These { $count } users are signed out everywhere at once.
    }
    .done = { $count ->
        [one] { $count } user has been signed out.
       *[other] { $count } users have been signed out.
    }
admin-action-disable-user = Disable
    .confirm = { $count ->
        [one] This user is signed out, and cannot sign in until enabled again.
       *[other] These { $count } users are signed out, and cannot sign in until enabled again.
    }
    .done = { $count ->
        [one] { $count } user has been disabled.
       *[other] { $count } users have been disabled.
    }
admin-action-enable-user = Enable
    .confirm = { $count ->
        [one] This user will be able to sign in again.
       *[other] These { $count } users will be able to sign in again.
    }
    .done = { $count ->
        [one] { $count } user has been enabled.
       *[other] { $count } users have been enabled.
    }
admin-action-remove-phone = Remove phone
    .confirm = { $count ->
        [one] This phone will no longer approve for its user, unless it is registered again.
       *[other] These { $count } phones will no longer approve for their users, unless they are registered again.
    }
    .done = { $count ->
        [one] { $count } phone has been removed.
       *[other] { $count } phones have been removed.
    }
admin-action-remove-transaction-password = Remove transaction password
    .confirm = { $count ->
        [one] This user cannot approve transactions that ask for the password until the user sets a new one on the account page. Sessions stay open.
       *[other] These { $count } users cannot approve transactions that ask for the password until they set new ones on the account page. Sessions stay open.
    }
    .done = { $count ->
        [one] The transaction password of { $count } user has been removed.
       *[other] The transaction passwords of { $count } users have been removed.
    }
admin-action-reset-passkeys = Remove passkeys and send a link
    .confirm = { $count ->
        [one] All passkeys of this user are removed, and the user is signed out everywhere. A one-time link makes a new passkey.
       *[other] All passkeys of these { $count } users are removed, and the users are signed out everywhere. A one-time link for each makes a new passkey.
    }
    .done = { $count ->
        [one] The passkeys of { $count } user have been removed.
       *[other] The passkeys of { $count } users have been removed.
    }
admin-action-remove-passkey = Remove passkey
    .confirm = { $count ->
        [one] This passkey will no longer sign in its user. What it opened ends; the other passkeys of the user stay.
       *[other] These { $count } passkeys will no longer sign in their users. What they opened ends; the other passkeys of the users stay.
    }
    .done = { $count ->
        [one] { $count } passkey has been removed.
       *[other] { $count } passkeys have been removed.
    }
admin-action-unlink-identity = Remove link
    .confirm = { $count ->
        [one] This account of an identity provider will no longer sign in as its user here. The sessions that it opened end.
       *[other] These { $count } accounts of identity providers will no longer sign in as their users here. The sessions that they opened end.
    }
    .done = { $count ->
        [one] { $count } link has been removed.
       *[other] { $count } links have been removed.
    }
admin-action-unlink-directory = Forget directory entry
    .confirm = { $count ->
        [one] The next sign-in links this user with the entry of the directory that has the user’s name then. The sessions that the directory opened end.
       *[other] The next sign-in links each of these { $count } users with the entry of the directory that has the user’s name then. The sessions that the directory opened end.
    }
    .done = { $count ->
        [one] The directory entry of { $count } user has been forgotten.
       *[other] The directory entries of { $count } users have been forgotten.
    }
admin-action-test-provider = Read its documents now
    .confirm = { $count ->
        [one] The documents of this provider are read now.
       *[other] The documents of these { $count } providers are read now.
    }
    .done = The provider has been asked. Below is how it stands now.
admin-action-replace-account-key = Replace the key of the account at its authority
    .confirm = { $count ->
        [one] The account at the authority of this certificate gets a new key.
       *[other] The accounts at the authorities of these { $count } certificates get a new key.
    }
    .done = The key of the account has been replaced.
admin-action-renew-certificate = Ask for a new one now
    .confirm = { $count ->
        [one] The authority is asked for a new certificate.
       *[other] The authorities are asked for { $count } new certificates.
    }
    .done = A new certificate has been asked for. This page shows it as soon as it is there.
admin-action-test-directory = Try it now
    .confirm = { $count ->
        [one] Each server of this directory is tried now.
       *[other] Each server of these { $count } directories is tried now.
    }
    .done = The directory has been asked. Below is how it stands now.
admin-action-refresh-crls = Fetch the lists now
    .confirm = The revocation lists that have an address are fetched now.
    .done = The lists have been fetched. Below is how they stand now.
admin-action-sync-directory = Take over its people now
    .confirm = { $count ->
        [one] Groups and names are taken over from this directory, and who is switched off there is switched off here.
       *[other] Groups and names are taken over from these { $count } directories, and who is switched off there is switched off here.
    }
    .done = The people of the directory have been taken over.
admin-action-cancel-transaction = Take back
    .confirm = { $count ->
        [one] This request will not reach its app, and no phone can approve it any more. The requester is shown that it was taken back.
       *[other] These { $count } requests will not reach their apps, and no phone can approve them any more. The requesters are shown that they were taken back.
    }
    .done = { $count ->
        [one] { $count } transaction has been taken back.
       *[other] { $count } transactions have been taken back.
    }
admin-action-cancel-approval = Withdraw
    .confirm = { $count ->
        [one] This approval is withdrawn. The person who is waiting for it is shown that.
       *[other] These { $count } approvals are withdrawn. The people who are waiting for them are shown that.
    }
    .done = { $count ->
        [one] { $count } approval has been withdrawn.
       *[other] { $count } approvals have been withdrawn.
    }
admin-action-end-session = End session
    .confirm = { $count ->
        [one] This session ends at once.
       *[other] These { $count } sessions end at once.
    }
    .done = { $count ->
        [one] { $count } session has ended.
       *[other] { $count } sessions have ended.
    }
admin-action-remove-user = Remove the user
    .confirm = { $count ->
        [one] This user and everything that belongs to the account is removed for good: factors, sessions, browsers and links.
       *[other] These { $count } users and everything that belongs to their accounts are removed for good: factors, sessions, browsers and links.
    }
    .done = { $count ->
        [one] { $count } user is removed.
       *[other] { $count } users are removed.
    }
admin-action-invite-user = Send an invitation
    .confirm = { $count ->
        [one] A one-time link to set a password and an authenticator is made for this user.
       *[other] A one-time link to set a password and an authenticator is made for each of these { $count } users.
    }
    .done = { $count ->
        [one] { $count } invitation is made.
       *[other] { $count } invitations are made.
    }
admin-action-forget-browsers = Forget all registered browsers
    .confirm = { $count ->
        [one] Every browser of this user must be registered again. The sessions made with them end.
       *[other] Every browser of these { $count } users must be registered again. The sessions made with them end.
    }
    .done = { $count ->
        [one] The browsers of { $count } user are no longer registered.
       *[other] The browsers of { $count } users are no longer registered.
    }
admin-action-untie-account = Untie the domain account
    .confirm = { $count ->
        [one] It is forgotten which account of the domain this user’s tickets are of. The next ticket that names the user ties another.
       *[other] It is forgotten which accounts of the domain the tickets of these { $count } users are of. The next ticket that names one of them ties another.
    }
    .done = { $count ->
        [one] { $count } domain account is untied.
       *[other] { $count } domain accounts are untied.
    }
admin-action-remove-group = Remove the group
    .confirm = { $count ->
        [one] This group is removed. Its members stay, and lose what they had by it.
       *[other] These { $count } groups are removed. Their members stay, and lose what they had by them.
    }
    .done = { $count ->
        [one] { $count } group is removed.
       *[other] { $count } groups are removed.
    }
admin-action-revoke-link = Void the link
    .confirm = { $count ->
        [one] This link can no longer be used.
       *[other] These { $count } links can no longer be used.
    }
    .done = { $count ->
        [one] { $count } link is void.
       *[other] { $count } links are void.
    }
admin-action-remove-network-list = Remove the list
    .confirm = { $count ->
        [one] This list is removed. It restricts nobody any more.
       *[other] These { $count } lists are removed. They restrict nobody any more.
    }
    .done = { $count ->
        [one] { $count } list is removed.
       *[other] { $count } lists are removed.
    }
admin-action-remove-message = Remove the message
    .confirm = { $count ->
        [one] This message is removed. A link in it stays good until it ends.
       *[other] These { $count } messages are removed. Links in them stay good until they end.
    }
    .done = { $count ->
        [one] { $count } message is removed.
       *[other] { $count } messages are removed.
    }
admin-action-revoke-token = Revoke the token
    .confirm = { $count ->
        [one] The program that has this token can do nothing with it from now on.
       *[other] The programs that have these { $count } tokens can do nothing with them from now on.
    }
    .done = { $count ->
        [one] { $count } token is revoked.
       *[other] { $count } tokens are revoked.
    }
admin-action-approve-device = Approve
    .confirm = { $count ->
        [one] This browser may be used by its user.
       *[other] These { $count } browsers may be used by their users.
    }
    .done = { $count ->
        [one] { $count } application is approved.
       *[other] { $count } applications are approved.
    }
admin-action-reject-device = Reject
    .confirm = { $count ->
        [one] This browser cannot be used. Its user is notified, and may apply again after a while.
       *[other] These { $count } browsers cannot be used. Their users are notified, and may apply again after a while.
    }
    .done = { $count ->
        [one] { $count } application is rejected.
       *[other] { $count } applications are rejected.
    }
admin-action-revoke-device = Revoke
    .confirm = { $count ->
        [one] This browser is no longer approved. Its sessions end at once.
       *[other] These { $count } browsers are no longer approved. Their sessions end at once.
    }
    .done = { $count ->
        [one] { $count } browser is no longer approved.
       *[other] { $count } browsers are no longer approved.
    }
admin-action-designate-devices = Switch device designation on
    .confirm = { $count ->
        [one] From now on this user signs in only with browsers that an administrator approves. Where such a browser is missing, the user is asked to apply at the next request.
       *[other] From now on these { $count } users sign in only with browsers that an administrator approves. Where such a browser is missing, the user is asked to apply at the next request.
    }
    .done = { $count ->
        [one] Device designation is on for { $count } user.
       *[other] Device designation is on for { $count } users.
    }
admin-action-release-devices = Switch device designation off
    .confirm = { $count ->
        [one] This user may sign in with any browser that the policies accept.
       *[other] These { $count } users may sign in with any browser that the policies accept.
    }
    .done = { $count ->
        [one] Device designation is off for { $count } user.
       *[other] Device designation is off for { $count } users.
    }
admin-action-require-certificates = Require client certificates
    .confirm = { $count ->
        [one] This user will need a certificate wherever one is demanded of selected users, from the next request on. Without one the user is shut out there.
       *[other] These { $count } users will need a certificate wherever one is demanded of selected users, from the next request on. Without one they are shut out there.
    }
    .done = { $count ->
        [one] Client certificates are required of { $count } user.
       *[other] Client certificates are required of { $count } users.
    }
admin-action-require-shown-certificates = Require client certificates of those who have shown a good one
    .confirm = { $count ->
        [one] This user has shown a good certificate, and will need one wherever one is demanded of selected users, from the next request on. Nothing is changed if it does not count any more by then.
       *[other] These { $count } users have shown a good certificate, and will need one wherever one is demanded of selected users, from the next request on. Nobody else is changed, nor is a user whose certificate does not count any more by then.
    }
    .done = { $count ->
        [one] Client certificates are required of { $count } user who has shown one.
       *[other] Client certificates are required of { $count } users who have shown one.
    }
admin-action-allow-certificates = Accept client certificates
    .confirm = { $count ->
        [one] Client certificates count for this user, and are demanded only where they are of everyone.
       *[other] Client certificates count for these { $count } users, and are demanded only where they are of everyone.
    }
    .done = { $count ->
        [one] Client certificates are accepted of { $count } user.
       *[other] Client certificates are accepted of { $count } users.
    }
admin-action-forbid-certificates = Refuse client certificates
    .confirm = { $count ->
        [one] No certificate counts for this user any more: apps that demand one refuse the user, and sessions that began with one end.
       *[other] No certificate counts for these { $count } users any more: apps that demand one refuse them, and sessions that began with one end.
    }
    .done = { $count ->
        [one] Client certificates are refused of { $count } user.
       *[other] Client certificates are refused of { $count } users.
    }
admin-action-require-group-certificates = Require client certificates of all members
    .confirm = { $count ->
        [one] Every member of this group, also who joins later, will need a certificate wherever one is demanded of selected users. Members without one, and those whose certificates are refused, are shut out there.
       *[other] Every member of these { $count } groups, also who joins later, will need a certificate wherever one is demanded of selected users. Members without one, and those whose certificates are refused, are shut out there.
    }
    .done = { $count ->
        [one] Client certificates are required of the members of { $count } group.
       *[other] Client certificates are required of the members of { $count } groups.
    }
admin-action-release-group-certificates = Leave client certificates to each member’s own setting
    .confirm = { $count ->
        [one] Of members of this group certificates are required as each one’s own setting says.
       *[other] Of members of these { $count } groups certificates are required as each one’s own setting says.
    }
    .done = { $count ->
        [one] Members of { $count } group have their own setting.
       *[other] Members of { $count } groups have their own setting.
    }
admin-action-invite-browser = Make a link that registers a browser
    .confirm = { $count ->
        [one] A one-time link is made for this user.
       *[other] A one-time link is made for each of these { $count } users.
    }
    .done = { $count ->
        [one] { $count } link is made.
       *[other] { $count } links are made.
    }
admin-action-forget-browser = Forget browser
    .confirm = { $count ->
        [one] This browser must be registered again. Its sessions end.
       *[other] These { $count } browsers must be registered again. Their sessions end.
    }
    .done = { $count ->
        [one] { $count } browser is no longer registered.
       *[other] { $count } browsers are no longer registered.
    }
admin-action-lift-lock = Lift lock
    .confirm = { $count ->
        [one] This lock ends, and the next attempt can be made at once.
       *[other] These { $count } locks end, and the next attempts can be made at once.
    }
    .done = { $count ->
        [one] { $count } lock has been lifted.
       *[other] { $count } locks have been lifted.
    }

## The result of an action

admin-result-failed = { $count ->
    [one] The action failed for { $count } entry.
   *[other] The action failed for { $count } entries.
}
admin-result-failed-decided = Another administrator has decided it already:
admin-result-failed-gone = It does not exist any more.
admin-result-failed-forbidden = You are not allowed to do this to administrators.
admin-result-failed-state = The gateway could not read or write its data. Try again.
admin-result-failed-input = This is not possible as requested.
admin-result-links = Each link registers one phone, once. The links are shown only now.
admin-result-links-browser = Each link registers one browser, once: the user opens it in that browser. The links are shown only now.
admin-result-links-account = With each link its user sets a password and an authenticator, once. The links are shown only now.
admin-result-links-passkey = Each link makes one passkey, once. The links are shown only now.
admin-result-link-mailed = The link is being mailed. You can also hand it over from here.
admin-result-link-kept = The link was not mailed, because there is no mail server or no mail address. The message waits in the outbox; hand over the link yourself.
admin-result-back = Back to the list

## One user

admin-user-transaction-password = Transaction password
admin-user-directory = Directory entry
admin-user-identities = Accounts at identity providers
admin-user-identities-none = The user is linked with none.
admin-user-identity-provider = Identity provider
admin-user-identity-subject = Account there (sub)
admin-user-identity-link = Link
admin-user-identity-linked = The account is linked: it signs in as this user from now on.
admin-user-identity-not-linked = Nothing was linked: that account belongs to a user already, or cannot be used.
admin-user-show-list = Show list

## One transaction

admin-transaction-result = Result
admin-transaction-waits-for = Waiting for
admin-transaction-ended = Ended
admin-transaction-request = Request
admin-transaction-digest = Digest of the request
admin-transaction-id = ID
admin-transaction-requester-program = A program
admin-transaction-answers = Answers
    .empty = No phone answered.
    .approved = Approved
    .denied = Denied
admin-transaction-receipt = Receipt
    .about = This gateway signed it, and it contains the answers as the phones signed them. “sekisho audit verify” checks it without the gateway.
    .download = Download the receipt
    .empty = There is no receipt: the gateway stopped before the transaction ended, or could not sign.
admin-transaction-outcome-held = Waiting
admin-transaction-outcome-forwarding = On its way
admin-transaction-outcome-forwarded = Forwarded
admin-transaction-outcome-denied = Denied
admin-transaction-outcome-cancelled = Taken back
admin-transaction-outcome-expired = Not approved in time
admin-transaction-outcome-refused = Refused by the policy
admin-transaction-outcome-not-sent = Not sent: the app could not be reached
admin-transaction-outcome-unknown = Unknown: sent, but not answered
admin-transaction-stage-password = The transaction password
admin-transaction-stage-code = A code
admin-transaction-stage-pending = Approval on phones
admin-transaction-stage-approved = The requester, to fetch the result (approved)
admin-transaction-stage-forwarding = The answer of the app
admin-transactions-export-csv = Download all results as CSV
admin-transactions-export-jsonl = Download all results as JSON Lines, with receipts

## Login-protect

admin-login-protect-service = Generate a service ID
    .about = A policy that protects its login form names a service ID. Policies with the same service ID open together.
admin-login-protect-disable = Disable everywhere
    .confirm = { $count ->
        [0] No policy protects its login form now. Until you restore login-protect, no policy that begins to do so is protected either.
        [one] The login form of { $count } service will be open to everybody until you restore login-protect. Passwords are still checked.
       *[other] The login forms of { $count } services will be open to everybody until you restore login-protect. Passwords are still checked.
    }
    .done = Login-protect has been disabled everywhere.
admin-login-protect-restore = Restore
    .confirm = { $count ->
        [0] No policy protects its login form now.
        [one] The login form of { $count } service shuts again at once. Users without a phone cannot sign in there.
       *[other] The login forms of { $count } services shut again at once. Users without a phone cannot sign in there.
    }
    .done = Login-protect is in force again.
admin-login-protect-confirm = Confirm
admin-migration = Migrate to login-protect
    .about = If you turn on login-protect for a policy that is in use, it locks out every user who has no phone. These steps avoid that.
admin-migration-pilot = First with a pilot group
admin-migration-policy = Write a policy like the one in use, with login_protect and a service ID, for an app or a group of pilot users.
admin-migration-disable = Disable login-protect everywhere: every login form stays open while you prepare.
admin-migration-move = Move the pilot users to the new policy. They sign in as before.
admin-migration-invite = Send each of them a link that registers a phone.
admin-migration-reset = Until their phone is registered, they still sign in as before. If phones that are registered already must not open the form, remove them first.
admin-migration-restore = When all their phones are registered, restore login-protect.
admin-migration-verify = Let one of them sign in: the form is shut at first, opens from the phone, and shuts again after its time or one password.
admin-migration-current = Current state
admin-migration-all = Then with all users
admin-migration-all-disable = Disable login-protect everywhere again.
admin-migration-all-policy = Add login_protect to the policy in use, or move all users to the new policy.
admin-migration-all-invite = Send every user a link, by mail or on paper.
admin-migration-all-wait = { $count ->
    [0] Every user has a phone: restore login-protect.
    [one] Restore login-protect when every user has a phone. { $count } user has none yet.
   *[other] Restore login-protect when every user has a phone. { $count } users have none yet.
}

## Settings

admin-settings-notice = Notice on every page
    .hint = One sentence, for example to announce maintenance. Leave it empty to show no notice.
admin-settings-phones = Phones and approvals
admin-settings-per-user = Phones per user, at most
admin-settings-lifetime = Time to answer an approval
    .seconds = { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
admin-settings-wrong-answers = Wrong answers before approvals are locked
admin-settings-in-config = These values are set in the config file, under [approval].
admin-settings-may-add = May users add phones themselves?
admin-settings-may-delete = May users remove phones themselves?
admin-settings-config-yes = As in the config file: yes
admin-settings-config-no = As in the config file: no
admin-settings-save = Save

## Identity providers and directories

admin-tls-good = In use
admin-tls-ends-soon = Ends soon
admin-tls-ended = Expired
admin-tls-missing = Not issued yet
admin-tls-from = From
admin-tls-names = Names
admin-tls-ends = Valid until
admin-tls-renewed = Renewal begins
admin-tls-next-from = Next one in use from
admin-tls-next-try = Next try
admin-tls-serial = Serial number
admin-source-ready = Answers
admin-source-troubled = Out of order
admin-source-unknown = Not asked yet
admin-source-name = Name in the config
admin-source-issuer = Issuer
admin-source-read = Documents last read
admin-source-keys = Keys
admin-source-register = Addresses to register there
admin-source-redirect = Redirect URI
admin-source-metadata = Metadata
admin-source-after-sign-out = After a sign-out
admin-source-back-channel = Back-channel logout
admin-source-front-channel = Front-channel logout
admin-source-kind = Kind
admin-source-asked = Last asked
admin-source-linked = Linked users
admin-source-server = Server

## Certificates

admin-certificate-rollout = Introducing certificates
    .about = Client certificates are introduced step by step: this page shows how far it is, and who would be shut out before anybody is. Only enabled users are counted.
    .empty = There is no enabled user.
admin-rollout-no-app = No app demands a client certificate of selected users yet. Write this among the demands of an app in the config:
admin-rollout-apps = Apps that demand certificates
admin-rollout-all-apps = All of these apps
admin-rollout-app-selected = of selected users
admin-rollout-app-selected-observed = of selected users, observed only: nobody is refused yet
admin-rollout-app-everyone = of everyone
admin-rollout-app-observed = of everyone, observed only: nobody is refused yet
admin-rollout-running = While people are at work
    .about = Nobody is signed out: certificates are installed first, and users are selected once they have shown one.
admin-rollout-new = Before anybody works here
    .about = Users are selected at once: who has no certificate yet cannot open the apps above.
admin-rollout-issue = Issue certificates.
    .state = { $count ->
        [one] { $count } user holds one that counts today.
       *[other] { $count } users hold one that counts today.
    }
admin-rollout-select = Select the users who need one.
    .state = { $count ->
        [one] { $count } user is selected.
       *[other] { $count } users are selected.
    }
admin-rollout-distribute = Hand them out, the passphrase by another way, and have them installed.
    .state = { $count ->
        [one] { $count } user has shown a good one.
       *[other] { $count } users have shown a good one.
    }
admin-rollout-sign-in = Users sign in with them.
    .state = { $count ->
        [one] { $count } selected user has passed.
       *[other] { $count } selected users have passed.
    }
admin-rollout-done = Done
admin-rollout-open = Open
admin-rollout-lists = Before you select anybody
admin-rollout-users = { $count ->
    [one] { $count } user is enabled.
   *[other] { $count } users are enabled.
}
admin-rollout-list-shut-out = { $count ->
    [one] { $count } user is selected and has shown no good certificate
   *[other] { $count } users are selected and have shown no good certificate
}
admin-rollout-list-would-be = { $count ->
    [one] { $count } user is not selected and has shown no good one: would be shut out
   *[other] { $count } users are not selected and have shown no good one: would be shut out
}
admin-rollout-list-ready-count = { $count ->
    [one] { $count } user is not selected and has shown a good one: can be selected
   *[other] { $count } users are not selected and have shown a good one: can be selected
}
admin-rollout-list-ready = Users who can be selected
admin-rollout-only = Selected
admin-rollout-only-selected = Selected users
admin-rollout-only-others = Other users
admin-rollout-holding = Holds a certificate
admin-rollout-shown = Has shown a good one
admin-rollout-shown-good = Shown
admin-rollout-shown-none = Not shown
admin-rollout-shut-out = Shut out without one
admin-rollout-yes = Yes
admin-rollout-no = No
admin-certificates = Certificates
    .about = Client certificates that are known here: issued, or registered.
    .empty = No certificate is known yet.
    .ending = Certificates that end soon
admin-search-ends-within = Ends within (days)
admin-certificate-ended = Ended
admin-certificate-ends-soon = Ends soon
admin-certificate-name = Name
    .hint = 1 to 20 letters A to Z and digits, in half or full width.
admin-certificate-holder = Whose
    .hint = Leave user and group empty for a certificate that anybody may use whose certificates are not refused.
admin-certificate-anybody = Any user
admin-certificate-group = Group
admin-certificate-no-group = No group
admin-certificate-nobody = Nobody any more
admin-certificate-revoked = Revoked
admin-certificate-first-day = First day
    .hint = Today if it is left empty.
admin-certificate-last-day = Last day
    .hint = It is valid to the end of this day.
admin-certificate-encryption = Encryption of the file
admin-certificate-encryption-modern = AES (present devices)
admin-certificate-encryption-older = Triple DES (older devices)
admin-certificate-serial = Serial number
admin-certificate-fingerprint = Fingerprint (SHA-256)
admin-certificate-download = Download
    .about = The file to install on the device. One with a key opens with the passphrase that was shown when it was issued.
admin-issue = Issue a certificate
    .about = A key and a certificate are made and put into a file for a device. The passphrase of the file is shown once.
admin-issue-go = Issue
admin-issue-wrong-name = This name cannot be used. Enter 1 to 20 letters A to Z and digits, in half or full width, without blanks or other characters.
admin-issue-wrong-holder = Enter a user or choose a group, not both.
admin-issue-wrong-user = No user has this name.
admin-issue-wrong-group = No group has this name.
admin-issue-wrong-days = These days cannot be used. The last day must be today or later, and not before the first.
admin-issue-precedes = The authority was not there yet on this first day. Choose a later day.
admin-issue-outlives = The authority ends before this last day. Choose an earlier day, or renew the authority first (sekisho authority renew).
admin-issue-gap = It would begin after the end of the certificate that it renews. The two have to overlap: choose an earlier first day.
admin-issue-no-longer = It would end no later than the certificate that it renews. Choose a later last day.
admin-issue-not-renewed = This certificate cannot be renewed. Issue a new one instead.
    .ended = This certificate cannot be renewed: it has ended. Issue a new one instead.
    .revoked = This certificate cannot be renewed: it is revoked. Issue a new one instead.
    .nobodys = This certificate cannot be renewed: it belongs to nobody any more, or to a machine. Issue a new one instead.
    .name = This certificate cannot be renewed: the new one would have the same name, and the name of a certificate that is issued here is 1 to 20 letters A to Z and digits. Issue a new one instead.
admin-renew = Renew
    .about = The new certificate is for the same holder and has the same name. Both count until the old one ends: let it begin before that, so that there is time to install it.
admin-renew-before = Last day of the old one
admin-issue-no-authority = There is no authority yet. Make one first: sekisho authority create
admin-issued-passphrase = Passphrase
    .once = Copy it now: it is shown this once, and kept nowhere.
    .apart = Never send this passphrase or sheet together with the file, nor in one message with it.
admin-issued-days = Days
admin-issued-where = Download
admin-issued-sheet = To install the certificate, open the address with the device, sign in, download the file, and enter this passphrase where the device asks for it. The page there explains each step.
admin-issued-print = Print this page with your browser: the sheet alone is printed, for the user.
admin-issued-before = This form was sent before. The certificate is in the list; its passphrase was shown then.
admin-token-issued-before = This form was sent before. The token is in the list; it was shown then.
admin-certificate-dates = From when to when it counts
    .about = Within its own validity. Leave a day empty to let it count as long as it is valid itself. To go beyond that, issue another one.
    .done = The days are set.
admin-certificate-dates-go = Set the days
admin-certificate-dates-wrong = These days cannot be used. They must lie within the validity of the certificate, the first not behind the last.
admin-certificate-label = What it is called here
admin-sign = Sign a device’s request
    .about = For a device that made its own key and keeps it. The certificate is handed out as a PEM file.
admin-sign-file = The request as a file
admin-sign-pem = The request as text
    .hint = PKCS#10 in PEM, from “-----BEGIN CERTIFICATE REQUEST-----” on, without extensions. A file counts before a text.
admin-sign-go = Sign
admin-sign-wrong-request = The request cannot be signed.
admin-import = Import certificates
    .about = Registers certificates that another authority issued, from a file: all of them or, if one cannot be registered, none. The file is not kept.
admin-import-file = The file
    .hint = A table (CSV in UTF-8) whose first line names its columns: certificate (its SHA-256, or itself in base64), user, machine, shared, label, valid_from, valid_until. Or certificates in PEM. Up to 20,000 certificates, without their private keys.
admin-import-whose = Whose they are
admin-import-by-table = The table says it
admin-import-by-common-name = PEM: the user named in the common name
admin-import-by-email = PEM: the user named in the mail address
admin-import-by-upn = PEM: the user named in the principal name (UPN)
admin-import-shared = PEM: shared by several users
admin-import-suffix = Cut off the end of the name
    .hint = For names in PEM alone, such as @example.com.
admin-import-check = Check only
admin-import-go = Register all
admin-import-unread = The file cannot be used. Nothing was registered.
admin-import-good = { $count ->
    [one] The certificate can be registered. Choose the file again to register it.
   *[other] All { $count } certificates can be registered. Choose the file again to register them.
}
admin-import-wrong = { $count ->
    [one] One certificate cannot be registered. None was registered.
   *[other] { $count } certificates cannot be registered. None was registered.
}
admin-import-problems = What is wrong
admin-import-line = Line { $line }
admin-import-cut = There are more. They are shown once these are corrected.
admin-import-done = { $count ->
    [one] The certificate is in the register.
   *[other] { $count } certificates are in the register.
}
admin-sightings = Presented certificates
    .about = Who presented which certificate, the latest first. A certificate that is not known here leads to the form that adds it to the register.
    .empty = Nobody has presented a certificate yet.
admin-authorities = Authorities
    .about = The keys that sign client certificates. A policy trusts what they sign where the config names the file authority/anchors.pem of the state directory as “bundle” below “[trust]”.
    .empty = There is no authority yet.
admin-authority-subject = Authority
admin-authority-root = Root
admin-authority-issuing = Issuing key
admin-authority-imported = Imported
admin-authority-signs = Signs
admin-authority-counts = Counts
admin-authority-withdrawn = Withdrawn
admin-authority-ends = Ends
admin-authority-list = Revocation list
admin-form-register-certificate = Register a certificate
    .about = Lets a certificate of another authority count for one user, for a machine, or for several users.
    .done = The certificate is in the register.
admin-form-create-authority = Make an authority
    .about = Makes a root key, and below it the key that signs client certificates. Both are kept sealed.
    .done = The authority is made.
admin-form-renew-authority = Renew the authority
    .about = Makes the key that follows the present one. What the present one signed stays trusted until its own end.
    .asks = From then on the new key signs. Programs elsewhere that trust the present key must be given the new one, too. Continue?
    .done = The authority is renewed.
admin-form-import-authority = Import an authority
    .about = Takes an issuing key that your organisation has. It signs from then on.
    .done = The authority is imported.
admin-field-machine = Machine
admin-field-shared = Shared by several users
admin-field-organisation = Organisation
admin-field-chain = Certificates
admin-field-key = Private key
admin-hint-certificate = 64 hexadecimal digits, with or without colons. Name a user or a machine, or tick that it is shared.
admin-hint-organisation = As certificates and browsers name it: 1 to 48 characters.
admin-hint-chain = PEM: the certificate of the key, and those above it.
admin-hint-key = PEM, not encrypted, ECDSA on P-256. It is kept sealed and never shown again.
admin-action-remove-certificate = Remove
    .confirm = { $count ->
        [one] This certificate leaves the register, and counts again as the config says. To keep it out, disable it instead. Sessions that it opened end.
       *[other] These { $count } certificates leave the register, and count again as the config says. To keep them out, disable them instead. Sessions that they opened end.
    }
    .done = { $count ->
        [one] { $count } certificate is removed.
       *[other] { $count } certificates are removed.
    }
admin-action-withdraw-authority = Withdraw
    .confirm = { $count ->
        [one] The trust is taken from this key for good. Every certificate that it signed is revoked, and their sessions end.
       *[other] The trust is taken from these { $count } keys for good. Every certificate that they signed is revoked, and their sessions end.
    }
    .done = { $count ->
        [one] { $count } key is withdrawn.
       *[other] { $count } keys are withdrawn.
    }
admin-certificate-test = Test a certificate
    .about = Says who a client certificate would be here, and why or why not. Nothing is signed in, and nothing is kept.
admin-test-file = The certificate as a file
    .hint = PEM or DER, without its private key. With it, the authorities that a client would show.
admin-test-pem = The certificate as text
admin-test-user = The user who would have signed in
admin-test-go = Test
admin-test-not-read = The certificate cannot be tested.
admin-test-nobody = Nobody
admin-test-counts = Counts
admin-test-counts-not = Does not count
admin-test-by-register = The register says whose it is.
admin-test-by-mapping = A mapping rule of the config says whose it is.
admin-test-by-nothing = Neither the register nor a mapping rule of the config names anybody.
admin-test-register = In the register
admin-test-account = Account of the user
admin-test-switch = The user’s certificates
admin-test-chain = At the app
admin-test-trusts = Trusted
admin-test-trusts-not = Not trusted
admin-test-path = Authorities between
admin-test-mapping = Mapping rules
admin-test-decides = decides
admin-test-finds-nobody = finds nobody
admin-action-enable-certificate = Enable
    .confirm = { $count ->
        [one] This certificate will count again.
       *[other] These { $count } certificates will count again.
    }
    .done = { $count ->
        [one] { $count } certificate is enabled.
       *[other] { $count } certificates are enabled.
    }
admin-action-disable-certificate = Disable
    .confirm = { $count ->
        [one] This certificate will not count until it is enabled again. Sessions that it opened end.
       *[other] These { $count } certificates will not count until they are enabled again. Sessions that they opened end.
    }
    .done = { $count ->
        [one] { $count } certificate is disabled.
       *[other] { $count } certificates are disabled.
    }
admin-action-revoke-certificate = Revoke
    .confirm = { $count ->
        [one] This certificate will be revoked for good, and the revocation list will name it. Sessions that it opened end.
       *[other] These { $count } certificates will be revoked for good, and the revocation list will name them. Sessions that they opened end.
    }
    .done = { $count ->
        [one] { $count } certificate is revoked.
       *[other] { $count } certificates are revoked.
    }
admin-patterns = Patterns
    .about = One-time passwords are read along a pattern off a table of digits. Initial patterns are issued on the page of users; each user sets another one at the first sign-in.
    .empty = No user is assigned the method matrix or token_matrix.
admin-pattern-size = Size of the table
admin-pattern-origin = Written in
admin-pattern-test = Would this pattern be allowed?
    .hint = Cells in their order, columns by letter and rows by number, phrases in quotes: A1 C3 "k7" K2 L4 E1 G2
admin-pattern-test-user = By the rules for this user (empty: for everybody)
admin-pattern-test-submit = Test
admin-pattern-allowed = This pattern would be allowed.
admin-pattern-not-allowed = This pattern would be refused:
admin-pattern-unreadable = This is no pattern on this table. Write cells as A1, with the letter of the column and the number of the row, and phrases in quotes.
admin-pattern-set = Set by the user
admin-pattern-initial = Initial pattern
admin-pattern-expired = Initial pattern, expired
admin-pattern-refused = Refused by the present rules: changed at the next sign-in
admin-pattern-another-size = For a table of another size: issue a new one
admin-pattern-notice = Notice to print
admin-pattern-notices = Notices of initial patterns
admin-pattern-notices-none = There is no initial pattern of which a notice could be printed.
admin-pattern-notices-without = For these users there is no notice: they have set a pattern of their own, have none, or you may not see it.
admin-action-issue-pattern = Issue an initial pattern
    .confirm = A pattern is drawn for each of these users, and a notice is written. Their former pattern and what was signed in with it end at once.
    .done = { $count ->
        [one] An initial pattern is issued.
       *[other] { $count } initial patterns are issued.
    }
admin-action-reset-pattern = Remove the pattern
    .confirm = These users cannot sign in with a pattern until you issue a new one. What was signed in with it ends.
    .done = { $count ->
        [one] A pattern is removed.
       *[other] { $count } patterns are removed.
    }
admin-crl-current = Current
admin-crl-ending = A new one is due
admin-crl-outdated = Outdated
admin-crl-missing = Not read yet
admin-crl-trust = Table in [trust]
admin-crl-source = Read from
admin-crl-made = Made
admin-crl-next = Next update
admin-crl-revoked = Revoked certificates
admin-crl-read = Last read
