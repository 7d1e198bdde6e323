//! What makes no sense is reported on the key that should change, with what would do.

use super::{LEAST, WIKI, parse, with};

/// Every row: what is added to the least config, the key that is complained of, and words of the complaint or its help.
const ROWS: &[(&str, &str, &str)] = &[
    // The server.
    ("server.listen = [\"0.0.0.0:443\", \"0.0.0.0:443\"]", "server.listen[1]", "listened on twice"),
    ("server.redirect_listen = [\"127.0.0.1:9443\"]", "server.operations_listen", "listened on twice"),
    ("server.trusted_proxies = [\"0.0.0.0/0\"]", "server.trusted_proxies[0]", "believes everybody"),
    ("server.trusted_proxies = [\"::/0\"]", "server.trusted_proxies[0]", "believes everybody"),
    ("server.proxy_protocol = \"required\"", "server.proxy_protocol", "nobody is trusted"),
    ("server.workers = 0", "server.workers", "no worker"),
    // Names and authorities.
    ("trust.\"a b\".bundle = \"x\"", "trust.\"a b\"", "not a name"),
    ("trust.a = { bundle = \"x\", mapping = [{ from = \"any\" }] }", "trust.a.mapping[0].to", "to = \"shared\""),
    (
        "trust.a = { bundle = \"x\", mapping = [{ from = \"any\", to = \"shared\", prefix = \"x\" }] }",
        "trust.a.mapping[0]",
        "prefix",
    ),
    // Directories.
    ("directory.\"a b\" = { AD }", "directory.\"a b\"", "not a name"),
    ("directory.b = { AD }\ndirectory.a = { AD }", "directory.b.user_name", "calls its people so"),
    ("directory.a = { AD, urls = [] }", "directory.a.urls", "names no server"),
    ("directory.a = { AD, srv = \"corp.example\" }", "directory.a.srv", "not from both"),
    ("directory.a = { AD, urls = [], srv = \"corp\" }", "directory.a.srv", "neither a domain"),
    ("directory.a = { AD, urls = [], srv = \"_http._tcp.corp.example\" }", "directory.a.srv", "neither a domain"),
    ("directory.a = { AD, dns = [\"10.0.0.53\"] }", "directory.a.dns", "`srv` alone"),
    (
        "directory.a = { AD, urls = [], srv = \"corp.example\", dns = [\"ns.corp.example\"] }",
        "directory.a.dns[0]",
        "not the address",
    ),
    ("directory.a = { AD, urls = [\"https://dc1\"] }", "directory.a.urls[0]", "ldaps://"),
    ("directory.a = { AD, urls = [\"dc1\"] }", "directory.a.urls[0]", "not an address"),
    ("directory.a = { AD, urls = [\"ldap://dc1/DC=a\"] }", "directory.a.urls[0]", "host and port only"),
    ("directory.a = { AD, urls = [\"ldap://me:secret@dc1\"] }", "directory.a.urls[0]", "host and port only"),
    ("directory.a = { AD, urls = [\"ldaps://[::1]\"] }", "directory.a.urls[0]", "by its name"),
    ("directory.a = { AD, urls = [\"ldaps://a\", \"ldaps://a\"] }", "directory.a.urls[1]", "named twice"),
    ("directory.a = { AD, upn_suffix = \"@corp.example\" }", "directory.a.upn_suffix", "behind the `@`"),
    ("directory.a = { AD, base = \"corp.example\" }", "directory.a.base", "DC=corp,DC=example"),
    ("directory.a = { AD, login_name = \"bob\" }", "directory.a.login_name", "`{user}` once"),
    ("directory.a = { AD, login_name = \"CORP\\\\{user}\" }", "directory.a.login_name", "`{user}` once"),
    ("directory.a = { AD, answer_within = \"0s\" }", "directory.a.answer_within", "longer than nothing"),
    ("directory.a = { AD, at_once = 0 }", "directory.a.at_once", "from 1"),
    ("devices.per_user = 0", "devices.per_user", "nobody could apply"),
    ("devices.waiting = 0", "devices.waiting", "nobody could apply"),
    ("devices.lasts = \"0s\"", "devices.lasts", "longer than nothing"),
    (
        "devices.exclusive = true\ntrust.t = { bundle = \"x\", mapping = [{ from = \"any\", to = \"shared\" }] }\naddition = [{ group = \"g\", demands = { cookie = { ways = [\"admin_approval\"] }, client_certificate = { trust = [\"t\"] } } }]",
        "addition[0].demands.cookie.ways",
        "exclude each other",
    ),
    (
        "session.browser_binding = \"off\"\npolicy.a.cookie.browser_binding = \"require\"",
        "policy.a.cookie.browser_binding",
        "nobody could pass",
    ),
    (
        "policy.a.primary_factor.methods = [\"ad_password\"]",
        "policy.a.primary_factor.methods[0]",
        "`[directory.NAME]` with the servers",
    ),
    (
        "policy.a.primary_factor.login_protect = { organisation = \"abc\", service = \"abcdefghijklmnop\", when_unreachable = \"require_ad_password\" }",
        "policy.a.primary_factor.login_protect.when_unreachable",
        "there is no directory",
    ),
    (
        "directory.a = { AD }\npolicy.a.primary_factor = { methods = [\"ad_password\"], login_protect = { organisation = \"abc\", service = \"abcdefghijklmnop\", when_unreachable = \"require_ad_password\" } }",
        "policy.a.primary_factor.login_protect.when_unreachable",
        "name `password` among the methods",
    ),
    // Identity providers.
    ("idp = [{ IDP, name = \"a b\" }]", "idp[0].name", "not a name"),
    ("idp = [{ IDP }, { IDP }]", "idp[1].name", "another provider has this name"),
    ("idp = [{ IDP, issuer = \"http://login.example\" }]", "idp[0].issuer", "must use https"),
    ("idp = [{ IDP, issuer = \"login.example\" }]", "idp[0].issuer", "not an issuer"),
    ("idp = [{ IDP, client_id = \"\" }]", "idp[0].client_id", "it is empty"),
    ("idp = [{ IDP, client_auth = \"private_key_jwt\" }]", "idp[0].client_auth", "needs a key"),
    ("idp = [{ name = \"a\", issuer = \"https://a.example\", client_id = \"x\" }]", "idp[0].client_auth", "no secret"),
    ("idp = [{ IDP, client_key_file = \"k\" }]", "idp[0].client_key_file", "private_key_jwt"),
    ("idp = [{ IDP, scopes = [\"email\"] }]", "idp[0].scopes", "without `openid`"),
    ("idp = [{ IDP, scopes = [\"openid\", \"a b\"] }]", "idp[0].scopes[1]", "not a scope"),
    ("idp = [{ IDP, algorithms = [] }]", "idp[0].algorithms", "no ID token"),
    ("idp = [{ IDP, algorithms = [\"HS256\"] }]", "idp[0].algorithms[0]", "`HS256`"),
    ("idp = [{ IDP, parameters = { state = \"x\" } }]", "idp[0].parameters.state", "by the gateway itself"),
    ("idp = [{ IDP, link = \"verified_mail\" }]", "idp[0].link", "take over every account"),
    ("idp = [{ IDP, button = false }]", "idp[0].button", "nobody finds"),
    ("idp = [{ IDP, mail_domains = [\"@a.example\"] }]", "idp[0].mail_domains[0]", "behind the `@`"),
    ("idp = [{ IDP, groups = { map = { x = \"a b\" } } }]", "idp[0].groups.map.x", "no group here"),
    ("idp = [{ IDP, answer_within = \"0s\" }]", "idp[0].answer_within", "longer than nothing"),
    ("idp = [{ name = \"a\", issuer = \"\", saml = { metadata = \"m\" } }]", "idp[0].issuer", "not an entity ID"),
    ("idp = [{ name = \"a\", issuer = \"a b\", saml = { metadata = \"m\" } }]", "idp[0].issuer", "not an entity ID"),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\" }, client_id = \"a b\" }]",
        "idp[0].client_id",
        "not an entity ID",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\", name_id = \"transient\" } }]",
        "idp[0].saml.name_id",
        "nobody could be recognised",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\", subject = \"\" } }]",
        "idp[0].saml.subject",
        "names no attribute",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\", key_file = \"k\" } }]",
        "idp[0].saml.key_file",
        "belong together",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\" }, client_secret_file = \"s\" }]",
        "idp[0].client_secret_file",
        "speaks SAML",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\" }, networks = [\"10.0.0.0/8\"] }]",
        "idp[0].networks",
        "speaks SAML",
    ),
    (
        "idp = [{ name = \"a\", issuer = \"urn:a\", saml = { metadata = \"m\" }, link = \"verified_mail\" }]",
        "idp[0].link",
        "take over every account",
    ),
    // Policies by themselves.
    ("policy.a = {}", "policy.a", "everybody would pass"),
    ("policy.a.ip_restriction = {}", "policy.a.ip_restriction", "names no network"),
    (
        "policy.a.ip_restriction = { mode = \"offer\", deny = [\"10.0.0.0/8\"] }",
        "policy.a.ip_restriction.mode",
        "`offer` is not available in this build",
    ),
    ("policy.a.client_certificate.trust = []", "policy.a.client_certificate.trust", "nobody could pass"),
    ("policy.a.client_certificate.trust = [\"corp\"]", "policy.a.client_certificate.trust[0]", "there is no trust `corp`"),
    ("policy.a = { desktop_sso = {}, primary_factor = {} }", "policy.a.desktop_sso", "there is no `[kerberos]`"),
    (
        "kerberos = { KERBEROS }\npolicy.a = { desktop_sso = { mode = \"observe\", desktop_sso_is_primary = true }, primary_factor = {} }",
        "policy.a.desktop_sso.desktop_sso_is_primary",
        "stands for nothing",
    ),
    (
        "kerberos = { KERBEROS }\napp = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], demands = { desktop_sso = { mode = \"offer\" } } }]",
        "app[0].demands.desktop_sso",
        "nobody is known",
    ),
    ("kerberos = { keytab = \"\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"R\" }] }", "kerberos.keytab", "names no file"),
    ("kerberos = { keytab = \"k\", networks = [], realm = [{ name = \"R\" }] }", "kerberos.networks", "no browser"),
    ("kerberos = { keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [] }", "kerberos.realm", "no realm"),
    ("kerberos = { KERBEROS, at_once = 0 }", "kerberos.at_once", "from 1 to 64"),
    (
        "kerberos = { keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"*\" }] }",
        "kerberos.realm[0].name",
        "not a realm",
    ),
    (
        "kerberos = { keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"R\" }, { name = \"R\", user = \"{name}@r\" }] }",
        "kerberos.realm[1].name",
        "named twice",
    ),
    (
        "kerberos = { keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"R\" }, { name = \"S\" }] }",
        "kerberos.realm[1].user",
        "{name}@{realm}",
    ),
    (
        "kerberos = { keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"R\", user = \"{realm}\" }] }",
        "kerberos.realm[0].user",
        "`{name}` once",
    ),
    ("policy.a.primary_factor.methods = []", "policy.a.primary_factor.methods", "nobody could sign in"),
    (
        "policy.a.primary_factor.methods = [\"idp\"]",
        "policy.a.primary_factor.methods[0]",
        "there is no identity provider to sign in at",
    ),
    ("policy.a.otp.mode = \"offer\"", "policy.a.otp.mode", "`offer` is not available"),
    ("policy.a.primary_factor.methods = [\"password\", \"password\"]", "policy.a.primary_factor.methods[1]", "named twice"),
    ("policy.a.primary_factor.max_age = \"0s\"", "policy.a.primary_factor.max_age", "longer than nothing"),
    ("policy.a.cookie.ways = []", "policy.a.cookie.ways", "no browser"),
    ("policy.a.otp.methods = []", "policy.a.otp.methods", "nobody could pass"),
    ("passkeys.rp_id = \"127.0.0.1\"", "passkeys.rp_id", "no IP address"),
    ("passkeys.rp_id = \"Example.com\"", "passkeys.rp_id", "upper-case"),
    ("passkeys.rp_id = \"auth.example.com:8443\"", "passkeys.rp_id", "without scheme, port or path"),
    ("passkeys.rp_id = \"https://auth.example.com\"", "passkeys.rp_id", "without scheme, port or path"),
    ("passkeys.rp_id = \"\"", "passkeys.rp_id", "not a domain"),
    ("passkeys.rp_id = \"other.example\"", "passkeys.rp_id", "neither the host of `portal.url`"),
    ("passkeys.rp_id = \"xample.com\"", "passkeys.rp_id", "neither the host of `portal.url`"),
    ("passkeys.rp_id = \"com\"", "passkeys.rp_id", "above all domains of its kind"),
    ("passkeys.per_user = 0", "passkeys.per_user", "from 1 to 100"),
    ("passkeys.lifetime = \"5s\"", "passkeys.lifetime", "from 30 seconds"),
    ("passkeys.name = \" \"", "passkeys.name", "1 to 64 characters"),
    ("passkeys.models = [\"2fc0579f-8113-47ea-b116-bb5a8db9202a\"]", "passkeys.models", "any program can claim an AAGUID"),
    ("passkeys.attestation_authorities = \"x.pem\"", "passkeys.models", "no model is named"),
    ("passkeys = { attestation_authorities = \"x.pem\", models = [\"yubikey\"] }", "passkeys.models[0]", "not an AAGUID"),
    (
        "passkeys = { attestation_authorities = \"x.pem\", models = [\"00000000-0000-0000-0000-000000000000\"] }",
        "passkeys.models[0]",
        "names no model",
    ),
    ("policy.a.otp.max_age = \"0s\"", "policy.a.otp.max_age", "longer than nothing"),
    ("login_protect.window = \"999ms\"", "login_protect.window", "from 1 second to 10 minutes"),
    ("login_protect.window = \"601s\"", "login_protect.window", "60s"),
    // The portal.
    ("portal.demands.primary_factor.mode = \"off\"", "portal.demands.primary_factor.mode", "must require a primary factor"),
    ("portal.demands.primary_factor.mode = \"observe\"", "portal.demands.primary_factor.mode", "must require a primary factor"),
    ("portal.admin_demands.otp.mode = \"off\"", "portal.admin_demands.otp.mode", "never less"),
    ("portal.admin_demands.otp.grace = {}", "portal.admin_demands.otp.grace", "nobody passes here in a time without"),
    ("certificates.demands.otp.grace = {}", "certificates.demands.otp.grace", "nobody passes here in a time without"),
    (
        "portal.demands = { primary_factor = {}, client_certificate = { trust = [\"a\"] } }\ntrust.a.bundle = \"x\"",
        "portal.demands.client_certificate",
        "never asks a browser for a certificate",
    ),
    // Apps.
    ("app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"] }]", "app[0]", "everybody would pass"),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], demands = { client_certificate = { trust = [\"a\"], applies_to = \"selected_users\" } } }]\ntrust.a.bundle = \"x\"",
        "app[0].demands.client_certificate.applies_to",
        "nobody would be known who was selected",
    ),
    // Approvals that an app asks for.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { longest = \"11m\" } }]",
        "app[0].approvals.longest",
        "ten minutes",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { lifetime = \"5m\", longest = \"3m\" } }]",
        "app[0].approvals.lifetime",
        "longer than `longest`",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { interval = \"1500ms\" } }]",
        "app[0].approvals.interval",
        "whole seconds",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { per_minute = 0 } }]",
        "app[0].approvals.per_minute",
        "never ask",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { groups = [\"\"] } }]",
        "app[0].approvals.groups[0]",
        "names no group",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { ping = { endpoint = \"http://w.example.com/\" } } }]",
        "app[0].approvals.ping.endpoint",
        "https://",
    ),
    // What a transaction may show of the head.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Authorization\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "holds a secret",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Cookie\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "holds a secret",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:HTTP_Remote_User\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Prefer\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Sekisho-Assertion\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Connection\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "identity = { user = \"X-User\" }\napp = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:x-user\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:True-Client-IP\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    // Certificates of apps.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate",
        "no host asks",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate.trust",
        "nobody stands behind",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [\"x\"], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate.trust[0]",
        "there is no trust `x`",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [] } } }]",
        "app[0].approvals.certificate.machines",
        "names no machine",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\" \"] } } }]",
        "app[0].approvals.certificate.machines[0]",
        "names no machine",
    ),
    ("portal.mtls_url = \"http://m.example.com\"", "portal.mtls_url", "https://"),
    ("portal.mtls_url = \"https://m.example.com/x\"", "portal.mtls_url", "only"),
    ("portal.mtls_url = \"https://auth.example.com\"", "portal.mtls_url", "the portal's own host"),
    // Additions.
    ("addition = [{ demands = { otp = {} } }]", "addition[0]", "one group or for one user"),
    ("addition = [{ user = \"a\", group = \"b\", demands = { otp = {} } }]", "addition[0]", "one group or for one user"),
    ("addition = [{ user = \"a\", demands = {} }]", "addition[0].demands", "adds nothing"),
    ("addition = [{ user = \"a\", apps = [\"x\"], demands = { otp = {} } }]", "addition[0].apps[0]", "there is no app `x`"),
    ("addition = [{ user = \"a\", demands = { otp = { mode = \"off\" } } }]", "addition[0].demands.otp.mode", "can only add"),
    // Lifetimes and secrets.
    ("session.idle = \"0s\"", "session.idle", "longer than nothing"),
    ("session.idle = \"13h\"", "session.idle", "longer than `session.absolute`"),
    ("session.per_user = 0", "session.per_user", "nobody could sign in"),
    ("regulation.per_user = 0", "regulation.per_user", "the first attempt"),
    ("regulation.window = \"0s\"", "regulation.window", "longer than nothing"),
    ("password.minimum_length = 7", "password.minimum_length", "from 8 to 128"),
    ("password.memory_mib = 18", "password.memory_mib", "from 19"),
    ("password.passes = 0", "password.passes", "from 1 to 64"),
    ("password = { passes = 1, memory_mib = 19 }", "password.passes", "46 MiB"),
    ("totp.skew = 2", "totp.skew", "0 or 1"),
    ("totp.issuer = \"a:b\"", "totp.issuer", "without `:`"),
    // Mail.
    (
        "mail = { host = \"m.example.com\", from = \"a@example.com\", security = \"plain\" }",
        "mail.security",
        "on this machine only",
    ),
    ("mail = { host = \"m.example.com\", from = \"nobody\" }", "mail.from", "not a sender"),
    ("mail = { host = \"m.example.com\", from = \"a@example.com\", user = \"a\" }", "mail.user", "needs a password"),
    (
        "mail = { host = \"m.example.com\", from = \"a@example.com\", password_file = \"p\" }",
        "mail.password_file",
        "without a name",
    ),
    ("mail = { host = \"m.example.com\", from = \"a@example.com\", port = 0 }", "mail.port", "not a port"),
    // Limits, names of headers, log.
    ("limits.head = \"1KiB\"", "limits.head", "at least 4KiB"),
    ("limits.request_line = \"65KiB\"", "limits.request_line", "larger than `limits.head`"),
    ("limits.held_body = \"1GiB\"", "limits.held_body", "larger than `limits.held_bodies`"),
    ("limits.h2_streams = 0", "limits.h2_streams", "at least 1"),
    ("limits.h2_requests = \"1GiB\"", "limits.h2_requests", "larger than `limits.h2_requests_all`"),
    ("limits.h2_requests = \"64KiB\"", "limits.h2_requests", "at least 256KiB"),
    ("limits.connect_within = \"0ms\"", "limits.connect_within", "longer than nothing"),
    ("identity.user = \"Remote_User\"", "identity.user", "not a header name"),
    ("identity.user = \"Cookie\"", "identity.user", "something else already"),
    ("identity = { user = \"X-Who\", email = \"x-who\" }", "identity.email", "used twice"),
    ("identity = { user = \"Remote-Email\" }", "identity.user", "used twice"),
    ("identity = { user = \"X-Forwarded-Port\" }", "identity.user", "means something else already"),
    ("log.level = \"verbose\"", "log.level", "not a level"),
    ("log.level = \"wran\"", "log.level", "did you mean `warn`?"),
];

/// `KERBEROS` is what `[kerberos]` needs, `AD` is a directory and `IDP` an identity provider; a key that stands beside it takes the place of its own.
fn directories(more: &str) -> String {
    let ad = [
        ("kind", "\"active_directory\""),
        ("urls", "[\"ldaps://dc1.corp.example\"]"),
        ("upn_suffix", "\"corp.example\""),
        ("base", "\"DC=corp,DC=example\""),
    ];
    let idp = [
        ("name", "\"a\""),
        ("issuer", "\"https://login.example\""),
        ("client_id", "\"sekisho\""),
        ("client_secret_file", "\"secret\""),
    ];
    let kerberos = "keytab = \"k\", networks = [\"10.0.0.0/8\"], realm = [{ name = \"R\" }]";
    let mut lines = Vec::new();
    for line in more.replace("KERBEROS", kerberos).lines() {
        let whole = |keys: [(&str, &str); 4]| {
            let kept = keys.into_iter().filter(|(key, _)| !line.contains(&format!(" {key} = ")));
            kept.map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ")
        };
        lines.push(line.replace("{ AD", &format!("{{ {}", whole(ad))).replace("{ IDP", &format!("{{ {}", whole(idp))));
    }
    lines.join("\n")
}

#[test]
fn what_makes_no_sense_is_reported_on_its_key() {
    for (more, path, words) in ROWS {
        let more = &directories(more);
        // Dotted keys go to the top, before the tables; they may not reopen one.
        let table = more.split(['.', ' ']).next().unwrap();
        let text = match table {
            "portal" => LEAST.replace("[portal]\n", &format!("[portal]\n{}\n", more.replace("portal.", ""))),
            _ => format!("{more}\n{LEAST}"),
        };
        let (text, after) = match text.split_once("\ntrust.a.bundle") {
            Some((before, after)) if table == "portal" => (format!("trust.a.bundle = \"x\"\n{before}"), after),
            _ => (text.clone(), ""),
        };
        let text = text + after.strip_prefix(" = \"x\"").unwrap_or(after);
        reported_once(&text, path, words);
    }
}

#[test]
fn a_wildcard_is_not_a_host_of_the_portal() {
    reported_once(&LEAST.replace("https://auth.", "https://*."), "portal.url", "a wildcard is not a host");
}

pub(super) fn reported_once(text: &str, path: &str, words: &str) {
    let Err(diagnosis) = parse(text) else { panic!("nothing is reported of\n{text}") };
    let fault = diagnosis.faults().iter().find(|fault| fault.path() == path);
    let fault = fault.unwrap_or_else(|| panic!("{path} is not complained of, but:\n{diagnosis}"));
    let said = format!("{} {}", fault.message(), fault.help().unwrap_or_default());
    assert!(said.contains(words), "{words:?}\n{diagnosis}");
    assert!(fault.help().is_some(), "every complaint says what would do\n{diagnosis}");
}

#[test]
fn all_that_makes_no_sense_is_reported_at_once() {
    let spoilt = WIKI.replace("http://127.0.0.1:8080", "ftp://x").replace("primary_factor = {}", "otp = {}");
    let diagnosis = with(&format!("{spoilt}[totp]\nskew = 9\n[password]\nminimum_length = 4\n")).unwrap_err();
    let paths: Vec<_> = diagnosis.faults().iter().map(super::super::diagnose::LocatedFault::path).collect();
    assert_eq!(paths, ["app[0].upstream[0]", "app[0].demands.otp", "totp.skew", "password.minimum_length"]);
}

#[test]
fn everybody_may_pass_only_where_somebody_said_so() {
    assert!(with(&WIKI.replace("primary_factor = {}", "primary_factor = { mode = \"off\" }")).is_ok());
    assert!(with(&WIKI.replace("demands.primary_factor = {}", "")).is_err());
}
