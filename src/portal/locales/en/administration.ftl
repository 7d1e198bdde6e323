## The administration

frame-administration = Administration
admin-overview = Overview
admin-users = Users
    .what = Who there is, how they sign in, and their phones. Pick lines to do something to several at once.
    .none = There are no users yet.
admin-phones = Phones
    .what = The phones that approve, and for whom.
    .none = No phone is registered yet.
admin-approvals = Open approvals
    .what = What phones are asked at this moment. The list shows itself again.
    .none = No phone is asked for anything at this moment.
admin-transactions = Transactions
    .what = Requests that were held for their own approval, the latest first, with what became of them.
    .none = No request was held yet.
admin-transactions-held = Transactions that wait
admin-login-protect = Login-protect
    .what = A protected login form evaluates no password until its owner opens it from the phone: for a short time, a minute unless the config says otherwise, and for one password.
    .none = No policy protects its login form. Draw a service ID and name it in a policy to begin.
admin-sessions = Sessions
    .what = Who is signed in, from where, and with what.
    .none = Nobody is signed in.
admin-browsers = Browsers
    .what = Browsers that are registered for users.
    .none = No browser is registered.
admin-locks = Locks
    .what = What failed attempts locked. A lock ends by itself.
    .none = Nothing is locked.
admin-audit = Audit log
    .what = What happened, the latest first.
    .none = Nothing is written yet.
admin-settings = Settings
    .what = What can be changed while the gateway runs. Everything else is in the config file.
admin-banner-disabled = Login-protect is disabled: every login form is open.
admin-disabled = Disabled everywhere
admin-services = { $count ->
    [0] No form is protected
    [one] { $count } service
   *[other] { $count } services
}
admin-search = Search
admin-search-text = Name or mail address
admin-search-user = User
admin-search-what = What
admin-search-group = Group
admin-search-any = Any
admin-search-without-phone = Users without a phone
admin-search-shown = In what was shown
admin-search-since = From
admin-search-until = Before
admin-search-clear = Show all
admin-search-nothing = Nothing is found.
admin-pick = Pick
admin-column-user = User
admin-column-name = Name
admin-column-groups = Groups
admin-column-methods = Methods
admin-column-state = State
admin-column-phone = Phone
admin-column-purpose = What for
admin-column-app = App
admin-column-browser = Browser
admin-column-number = Number
admin-column-asked = Asked
admin-column-evidence = Proved by
admin-column-way = Registered by
admin-column-step = Step
admin-column-network = Network
admin-column-until = Until
admin-column-transaction = Transaction
admin-column-requester = Asked by
admin-column-shown = Shown
admin-column-at = When
admin-column-what = What
admin-column-outcome = Outcome
admin-column-address = Address
admin-column-actor = By
admin-column-refusal = Why
admin-column-organisation = Organisation ID
admin-column-service = Service ID
admin-on = On
admin-off = Switched off
admin-yes = Yes
admin-no = No
admin-done = Done
admin-refused = Refused
admin-phone-active = Active
admin-phone-suspended = Suspended
admin-phone-locked = Locked
admin-phone-none = No phone is registered.
admin-step-first = First factor
admin-step-second = Second factor
admin-step-network = The whole network
admin-scope = To whom
admin-scope-picked = Those picked
admin-scope-all = All that are found
admin-deed = What to do
admin-go = Go on
admin-pages = Pages
admin-first = First page
admin-next = Next page
admin-and-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
admin-nothing-picked = Nothing is done: pick at least one line first.
admin-back = Back to the list
admin-failed = { $count ->
    [one] It was not done in { $count } case.
   *[other] It was not done in { $count } cases.
}
admin-failed-gone = It is not there any more.
admin-failed-forbidden = You may not do this to administrators.
admin-failed-state = The directory or the short-lived state did not answer. Try again.
admin-failed-input = It cannot be done like this.
admin-links-what = Each link registers one phone, once. They are shown this one time.
admin-link-mailed = On its way by mail. The user may also open it here, with the phone’s camera.
admin-link-kept = Not mailed: there is no mail server or no address. The message waits in the outbox; hand over the link yourself.
admin-audit-of = What happened
admin-deed-assign-push = Allow sign-in by phone
    .sure = { $count ->
        [one] This user may then sign in by approving on a phone.
       *[other] These { $count } users may then sign in by approving on a phone.
    }
    .done = { $count ->
        [one] { $count } user may sign in by phone.
       *[other] { $count } users may sign in by phone.
    }
admin-deed-unassign-push = Forbid sign-in by phone
    .sure = { $count ->
        [one] This user may no longer sign in by phone. All phones of the user are removed, and browsers registered by number must register again.
       *[other] These { $count } users may no longer sign in by phone. All their phones are removed, and browsers registered by number must register again.
    }
    .done = { $count ->
        [one] { $count } user may no longer sign in by phone; the phones are removed.
       *[other] { $count } users may no longer sign in by phone; their phones are removed.
    }
admin-deed-invite-phone = Send a link to register a phone
    .sure = { $count ->
        [one] This user gets a one-time link by mail.
       *[other] These { $count } users get a one-time link each by mail.
    }
    .done = { $count ->
        [one] { $count } link is made.
       *[other] { $count } links are made.
    }
admin-deed-suspend = Suspend approvals
    .sure = { $count ->
        [one] Nobody may approve for this user until approvals are resumed. The phones stay registered; what is asked now is withdrawn.
       *[other] Nobody may approve for these { $count } users until approvals are resumed. The phones stay registered; what is asked now is withdrawn.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are suspended.
       *[other] Approvals of { $count } users are suspended.
    }
admin-deed-resume = Resume approvals
    .sure = { $count ->
        [one] The phones of this user may approve again.
       *[other] The phones of these { $count } users may approve again.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are resumed.
       *[other] Approvals of { $count } users are resumed.
    }
admin-deed-unlock = Unlock approvals
    .sure = { $count ->
        [one] The lock after wrong answers ends for this user.
       *[other] The lock after wrong answers ends for these { $count } users.
    }
    .done = { $count ->
        [one] Approvals of { $count } user are unlocked.
       *[other] Approvals of { $count } users are unlocked.
    }
admin-deed-unregister = Remove all phones
    .sure = { $count ->
        [one] Every phone of this user is removed and must be registered again.
       *[other] Every phone of these { $count } users is removed and must be registered again.
    }
    .done = { $count ->
        [one] The phones of { $count } user are removed.
       *[other] The phones of { $count } users are removed.
    }
admin-deed-sign-out = End all sessions
    .sure = { $count ->
        [one] This user is signed out everywhere at once.
       *[other] These { $count } users are signed out everywhere at once.
    }
    .done = { $count ->
        [one] { $count } user is signed out.
       *[other] { $count } users are signed out.
    }
admin-deed-disable-user = Switch off
    .sure = { $count ->
        [one] This user is signed out and cannot sign in any more until switched on again.
       *[other] These { $count } users are signed out and cannot sign in any more until switched on again.
    }
    .done = { $count ->
        [one] { $count } user is switched off.
       *[other] { $count } users are switched off.
    }
admin-deed-enable-user = Switch on
    .sure = { $count ->
        [one] This user may sign in again.
       *[other] These { $count } users may sign in again.
    }
    .done = { $count ->
        [one] { $count } user is switched on.
       *[other] { $count } users are switched on.
    }
admin-deed-remove-phone = Remove the phone
    .sure = { $count ->
        [one] This phone approves for its user no more and must be registered again.
       *[other] These { $count } phones approve for their users no more and must be registered again.
    }
    .done = { $count ->
        [one] { $count } phone is removed.
       *[other] { $count } phones are removed.
    }
admin-deed-remove-transaction-password = Remove the transaction password
    .sure = { $count ->
        [one] This user can approve no transaction that asks for the password until a new one is set at the account. Sessions go on.
       *[other] These { $count } users can approve no transaction that asks for the password until new ones are set at the accounts. Sessions go on.
    }
    .done = { $count ->
        [one] The transaction password of { $count } user is removed.
       *[other] The transaction passwords of { $count } users are removed.
    }
admin-deed-cancel-transaction = Take back
    .sure = { $count ->
        [one] This request never reaches its app. Whoever asked is told, and no phone can approve it any more.
       *[other] These { $count } requests never reach their apps. Whoever asked is told, and no phone can approve them any more.
    }
    .done = { $count ->
        [one] { $count } transaction is taken back.
       *[other] { $count } transactions are taken back.
    }
admin-deed-cancel-approval = Withdraw
    .sure = { $count ->
        [one] Whoever waits for this approval is told that it is withdrawn.
       *[other] Whoever waits for these { $count } approvals is told that they are withdrawn.
    }
    .done = { $count ->
        [one] { $count } approval is withdrawn.
       *[other] { $count } approvals are withdrawn.
    }
admin-deed-end-session = End the session
    .sure = { $count ->
        [one] This session ends at once.
       *[other] These { $count } sessions end at once.
    }
    .done = { $count ->
        [one] { $count } session is ended.
       *[other] { $count } sessions are ended.
    }
admin-deed-forget-browser = Forget the browser
    .sure = { $count ->
        [one] This browser must register again; its sessions end.
       *[other] These { $count } browsers must register again; their sessions end.
    }
    .done = { $count ->
        [one] { $count } browser is forgotten.
       *[other] { $count } browsers are forgotten.
    }
admin-deed-lift-lock = Lift the lock
    .sure = { $count ->
        [one] Sign-in may be tried again at once.
       *[other] Sign-in may be tried again at once, for { $count } locks.
    }
    .done = { $count ->
        [one] { $count } lock is lifted.
       *[other] { $count } locks are lifted.
    }
admin-machine = A machine
admin-outcome-held = Waits
admin-outcome-forwarding = On its way
admin-outcome-forwarded = Forwarded
admin-outcome-denied = Denied
admin-outcome-cancelled = Taken back
admin-outcome-expired = Expired
admin-outcome-refused = Refused by the chain
admin-outcome-not-sent = Not sent: the app was out of reach
admin-outcome-unknown = Unknown: sent, and no answer came
admin-stage-password = The transaction password
admin-stage-code = A code
admin-stage-pending = Phones
admin-stage-approved = Approved; whoever asked has to come for it
admin-stage-forwarding = On its way to the app
admin-export-csv = All that is found, as CSV
admin-export-jsonl = All that is found, as JSON lines with receipts
admin-transaction-password = Transaction password
admin-transaction-became = What became of it
admin-transaction-waits = Waits for
admin-transaction-ended = Ended
admin-transaction-request = Request
admin-transaction-digest = Digest of the request
admin-transaction-id = ID
admin-transaction-answers = Who answered what
    .none = No phone answered.
admin-transaction-yes = Approved
admin-transaction-no = Denied
admin-transaction-receipt = Receipt
    .what = Signed by this gateway, with the answers as the phones signed them. “sekisho audit verify” checks it without this gateway.
    .get = Download the receipt
    .none = There is no receipt: the gateway stopped before it ended, or could not sign.
admin-without-phone = { $count ->
    [0] Every user has a phone.
    [one] { $count } user has no phone: without one no protected form can be opened.
   *[other] { $count } users have no phone: without one no protected form can be opened.
}
admin-show-them = Show them
admin-draw = Draw a service ID
    .what = A policy that protects its login form names a service ID. Policies that name the same one share the window.
admin-disable = Disable everywhere
    .sure = { $count ->
        [0] No policy protects its login form now. Until it is restored, none that begins to do so is protected either.
        [one] The form of { $count } service is then open to everybody until you restore it. Passwords are still judged.
       *[other] The forms of { $count } services are then open to everybody until you restore it. Passwords are still judged.
    }
    .done = Login-protect is disabled everywhere.
admin-restore = Restore
    .sure = { $count ->
        [0] No policy protects its login form now.
        [one] The form of { $count } service is then shut again at once; whoever has no phone cannot sign in there.
       *[other] The forms of { $count } services are then shut again at once; whoever has no phone cannot sign in there.
    }
    .done = Login-protect is in force again.
admin-decide = Decide
admin-migration = The way to login-protect
    .what = Turned on for a policy in use, login-protect locks out everybody who has no phone. This way nobody is.
admin-migration-pilot = First with a few
admin-migration-policy = Write a policy like the one in use, with login_protect and a service ID, for an app or a group of pilot users.
admin-migration-disable = Disable login-protect everywhere: every form stays open while you prepare.
admin-migration-move = Let the pilot users come under the new policy. They sign in as before.
admin-migration-invite = Send each of them a link that registers a phone.
admin-migration-reset = With a link the user signs in as before until the phone is registered. If old phones must not open anything meanwhile, remove them first.
admin-migration-restore = When their phones are registered, restore login-protect.
admin-migration-verify = Let one of them sign in: shut at first, open from the phone, shut again after its time or one password.
admin-migration-so = So it is now
admin-migration-all = Then with everybody
admin-migration-all-disable = Disable login-protect everywhere again.
admin-migration-all-policy = Put login_protect into the policy in use, or move everybody under the new one.
admin-migration-all-invite = Send everybody a link, by mail or on paper.
admin-migration-all-wait = { $count ->
    [0] Everybody has a phone: restore login-protect.
    [one] Restore login-protect when everybody has a phone. { $count } user has none yet.
   *[other] Restore login-protect when everybody has a phone. { $count } users have none yet.
}
admin-settings-notice = Notice on every page
    .hint = A sentence, to announce a maintenance for example. Leave it empty to show none.
admin-settings-phones = Phones and approvals
admin-settings-per-user = Phones of a user, at most
admin-settings-lifetime = An approval waits
admin-settings-wrong = Wrong answers that lock
admin-settings-config = These are in the config file, under [approval].
admin-settings-may-add = May users add phones themselves?
admin-settings-may-delete = May users remove phones themselves?
admin-switch-config-yes = As in the config file: yes
admin-switch-config-no = As in the config file: no
admin-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
admin-keep = Keep
admin-setting-kept = The setting is kept.
