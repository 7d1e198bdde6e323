//! Header fields by which a proxy says something to an app that the app believes: another method or path, where a request
//! comes from, whose certificate was shown, who asks. One table, sorted by name, with who takes each; a client's are
//! removed, since the gateway is the proxy here. `docs/header-fields.md` is the same table for people.
//! Names are compared by their normal form, since servers read `X_Real_IP`, `x.real.ip` and `X-Real-IP` as one (T1).
//! Invariant: a look-up allocates nothing, and most names are distinguished by their first letter and their length.

/// What a field says to the app that believes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Another method than the request line's.
    Method,
    /// Another path than the request line's, or a part to be put before it.
    Target,
    /// How the request came: from which address, by which scheme, host and port.
    Way,
    /// Which certificate the client showed.
    Certificate,
    /// Who asks.
    Identity,
    /// How the message itself is to be read. The name as it is written here goes on; its other spellings do not.
    Message,
    /// Something about the connection or the server's own surroundings, which no client can mean for the app.
    Connection,
}

impl Says {
    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Method => "another method",
            Self::Target => "another path",
            Self::Way => "how the request came",
            Self::Certificate => "a client's certificate",
            Self::Identity => "who asks",
            Self::Message => "how the message is read",
            Self::Connection => "of the connection",
        }
    }
}

/// A name that somebody believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownField {
    /// In its normal form. With `*` at its end: every name that begins so.
    pub name: &'static str,
    /// What it says.
    pub says: Says,
    /// Who takes it, or who writes it for apps to take.
    pub taken_by: &'static str,
}

impl KnownField {
    /// Whether a client's field is removed that has this meaning and is spelt so (in lower case).
    pub fn is_removed(&self, spelling: &[u8]) -> bool {
        self.says != Says::Message || self.name.as_bytes() != spelling
    }
}

const fn known_as(name: &'static str, says: Says, taken_by: &'static str) -> KnownField {
    KnownField { name, says, taken_by }
}

/// What is known of a name, in any of its spellings: the row of that very name, or of the longest beginning.
pub fn known(name: &[u8]) -> Option<&'static KnownField> {
    let name = without_http(name);
    let first = name.first().map(|byte| normal_byte(*byte))?;
    let row = ROWS.get(usize::from(first & 127))?;
    let rows = || TABLE.get(row.from..row.to).unwrap_or_default();
    if row.lengths & length_bit(name.len()) != 0
        && let Ok(at) = rows().binary_search_by(|known| known.name.bytes().cmp(name.iter().map(|byte| normal_byte(*byte))))
    {
        return rows().get(at);
    }
    let [first, second, third, ..] = name else { return None };
    let key = [normal_byte(*first), normal_byte(*second), normal_byte(*third)];
    if row.thirds & third_bit(key[2]) == 0 {
        return None;
    }
    let rows = rows();
    let nearest = rows.partition_point(|known| known.name.as_bytes() < key.as_slice());
    let near = rows.get(nearest..).unwrap_or_default().iter().take_while(|known| known.name.as_bytes().starts_with(&key));
    let begins =
        |known: &&KnownField| known.name.as_bytes().strip_suffix(b"*").is_some_and(|beginning| starts_with(name, beginning));
    // `*` sorts ahead of all that a name holds: of two beginnings the longer one stands behind.
    near.filter(begins).last()
}

/// Whether two names are one to some server.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (without_http(one), without_http(other));
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| normal_byte(*one) == normal_byte(*other))
}

/// Lower case, every other character than a letter or digit as `-`, a leading `HTTP_` cut.
pub fn normal_form(name: &[u8]) -> impl Iterator<Item = u8> + '_ {
    without_http(name).iter().map(|byte| normal_byte(*byte))
}

/// Whether a name begins so, in any spelling; `beginning` is in its normal form.
pub fn starts_with(name: &[u8], beginning: &[u8]) -> bool {
    name.len() >= beginning.len() && name.iter().zip(beginning).all(|(byte, wanted)| normal_byte(*byte) == *wanted)
}

fn without_http(name: &[u8]) -> &[u8] {
    if starts_with(name, b"http-") { name.get(5..).unwrap_or_default() } else { name }
}

/// A byte of a name in its normal form.
const fn normal_byte(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' }
}

/// Where the names with one first letter stand, and what they have in common.
#[derive(Clone, Copy)]
struct NameRow {
    from: usize,
    to: usize,
    /// One bit for each length of a whole name.
    lengths: u64,
    /// One bit for each third letter of a beginning; none is shorter.
    thirds: u64,
}

const fn length_bit(length: usize) -> u64 {
    1 << if length < 63 { length } else { 63 }
}

const fn third_bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would complain")]
static ROWS: [NameRow; 128] = {
    let mut rows = [NameRow { from: 0, to: 0, lengths: 0, thirds: 0 }; 128];
    let mut place = 0;
    while place < TABLE.len() {
        let name = TABLE[place].name.as_bytes();
        let row = &mut rows[name[0] as usize];
        if row.to == 0 {
            row.from = place;
        }
        row.to = place + 1;
        if name[name.len() - 1] == b'*' {
            row.thirds |= third_bit(name[2]);
        } else {
            row.lengths |= length_bit(name.len());
        }
        place += 1;
    }
    rows
};

use Says::{Certificate, Connection, Identity, Message, Method, Target, Way};

/// Every name, sorted.
#[rustfmt::skip]
pub const TABLE: &[KnownField] = &[
    known_as("ali-cdn-real-ip", Way, "Alibaba Cloud CDN"),
    known_as("auth-user*", Identity, "apps set up after recipes of nginx' auth_request"),
    known_as("cas-user", Identity, "mod_auth_cas"),
    known_as("cf-access-*", Identity, "Cloudflare Access"),
    known_as("cf-client-cert-*", Certificate, "Cloudflare"),
    known_as("cf-connecting-ip*", Way, "Cloudflare"),
    known_as("cf-pseudo-ipv4", Way, "Cloudflare"),
    known_as("cf-visitor", Way, "Cloudflare"),
    known_as("client-cert*", Certificate, "RFC 9440"),
    known_as("client-ip", Way, "Rails, many PHP apps"),
    known_as("cloudfront-forwarded-proto", Way, "Amazon CloudFront"),
    known_as("cloudfront-viewer-address", Way, "Amazon CloudFront"),
    known_as("content-disposition", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("content-encoding", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("content-language", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("content-length", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("content-range", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("content-type", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("do-connecting-ip", Way, "DigitalOcean App Platform"),
    known_as("eppn", Identity, "Shibboleth"),
    known_as("fastly-client-ip", Way, "Fastly"),
    known_as("fly-client-ip", Way, "Fly.io"),
    known_as("forwarded", Way, "RFC 7239; the gateway writes it"),
    known_as("forwarded-for", Way, "PHP apps"),
    known_as("front-end-https", Way, "Exchange, IIS"),
    known_as("http2-settings", Connection, "RFC 7540"),
    known_as("idempotency-key", Message, "payment APIs; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("if-match", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("if-modified-since", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("if-none-match", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("if-range", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("if-unmodified-since", Message, "every server; look-alikes: uWSGI, cheroot, Puma, PHP"),
    known_as("incap-client-ip", Way, "Imperva"),
    known_as("iv-*", Identity, "IBM Verify Access (WebSEAL): iv-user, iv-groups, iv-creds"),
    known_as("keep-alive", Connection, "RFC 2068"),
    known_as("mellon-*", Identity, "mod_auth_mellon"),
    known_as("method-override", Method, "method-override (npm), after `HTTP_` is cut"),
    known_as("oam-remote-user", Identity, "Oracle Access Manager"),
    known_as("oidc-*", Identity, "mod_auth_openidc: OIDC_CLAIM_…"),
    known_as("path-info", Target, "gunicorn"),
    known_as("proxy", Connection, "CGI programs, as HTTP_PROXY (httpoxy)"),
    known_as("proxy-authenticate", Connection, "RFC 9110"),
    known_as("proxy-authorization", Connection, "RFC 9110"),
    known_as("proxy-client-ip", Way, "WebLogic"),
    known_as("proxy-connection", Connection, "old proxies"),
    known_as("proxy-remote-user", Identity, "WebLogic"),
    known_as("proxy-user", Identity, "apps set up after recipes of Apache"),
    known_as("remote-addr", Way, "CGI programs"),
    known_as("remote-email", Identity, "Authelia's names; the gateway writes it"),
    known_as("remote-group*", Identity, "Authelia's names; the gateway writes it"),
    known_as("remote-host", Way, "CGI programs"),
    known_as("remote-name", Identity, "Authelia's names; the gateway writes it"),
    known_as("remote-user*", Identity, "REMOTE_USER: Django, NetBox, Zulip, Trac, DokuWiki, Paperless-ngx, Grocy …; the gateway writes it"),
    known_as("script-name", Target, "gunicorn"),
    known_as("sekisho-*", Identity, "the gateway's own"),
    known_as("shib-*", Identity, "Shibboleth"),
    known_as("sm-universalid", Identity, "SiteMinder"),
    known_as("sm-user*", Identity, "SiteMinder, Gerrit"),
    known_as("ssl-*", Certificate, "Keycloak and others behind Apache or HAProxy: SSL_CLIENT_CERT, SSL_CLIENT_S_DN …"),
    known_as("tailscale-user-*", Identity, "Tailscale Serve"),
    known_as("te", Connection, "RFC 9110"),
    known_as("trailer", Connection, "RFC 9110"),
    known_as("transfer-encoding", Connection, "RFC 9112"),
    known_as("true-client-ip", Way, "Akamai, Cloudflare; chi"),
    known_as("wl-proxy-*", Way, "WebLogic: WL-Proxy-Client-IP, WL-Proxy-Client-Cert, WL-Proxy-SSL"),
    known_as("x-accel-mapping", Way, "Rack::Sendfile"),
    known_as("x-amzn-mtls-*", Certificate, "AWS load balancers"),
    known_as("x-amzn-oidc-*", Identity, "AWS load balancers"),
    known_as("x-anonymous-consumer", Identity, "Kong"),
    known_as("x-apigateway-api-userinfo", Identity, "Google API Gateway"),
    known_as("x-appengine-*", Identity, "Google App Engine"),
    known_as("x-arr-clientcert", Certificate, "Azure App Service"),
    known_as("x-arr-ssl", Way, "IIS, Azure App Service"),
    known_as("x-auth-email", Identity, "Keycloak Gatekeeper"),
    known_as("x-auth-groups", Identity, "Keycloak Gatekeeper"),
    known_as("x-auth-name", Identity, "apps set up after recipes of nginx' auth_request"),
    known_as("x-auth-request-*", Identity, "oauth2-proxy"),
    known_as("x-auth-roles", Identity, "Keycloak Gatekeeper"),
    known_as("x-auth-subject", Identity, "Keycloak Gatekeeper"),
    known_as("x-auth-user*", Identity, "Keycloak Gatekeeper: X-Auth-Userid, X-Auth-Username; others: X-Auth-User"),
    known_as("x-authenticated-*", Identity, "apps behind API gateways: X-Authenticated-User, X-Authenticated-Groups …"),
    known_as("x-authentik-*", Identity, "authentik"),
    known_as("x-azure-clientip", Way, "Azure Front Door"),
    known_as("x-azure-socketip", Way, "Azure Front Door"),
    known_as("x-client-cert*", Certificate, "Puppet Server and many others"),
    known_as("x-client-cn", Certificate, "apps that end TLS elsewhere"),
    known_as("x-client-dn", Certificate, "Puppet Server"),
    known_as("x-client-ip", Way, "many apps and libraries"),
    known_as("x-client-verify", Certificate, "Puppet Server"),
    known_as("x-cluster-client-ip", Way, "Rackspace, Zeus, Riverbed"),
    known_as("x-consumer-*", Identity, "Kong"),
    known_as("x-credential-*", Identity, "Kong"),
    known_as("x-endpoint-api-userinfo", Identity, "Google Cloud Endpoints"),
    known_as("x-envoy-external-address", Way, "Envoy, Istio"),
    known_as("x-envoy-internal", Way, "Envoy, Istio"),
    known_as("x-envoy-original-method", Method, "Envoy, Istio"),
    known_as("x-envoy-original-path", Target, "Envoy, Istio"),
    known_as("x-forwarded", Way, "PHP apps"),
    known_as("x-forwarded-*", Way, "nearly everybody; the gateway writes X-Forwarded-For, -Proto, -Host, -Port"),
    known_as("x-forwarded-access-token", Identity, "oauth2-proxy"),
    known_as("x-forwarded-client-cert", Certificate, "Envoy, Istio"),
    known_as("x-forwarded-email", Identity, "oauth2-proxy, SonarQube, Open WebUI"),
    known_as("x-forwarded-groups", Identity, "oauth2-proxy, SonarQube"),
    known_as("x-forwarded-method", Method, "Traefik, Caddy, oauth2-proxy"),
    known_as("x-forwarded-path", Target, "Kong"),
    known_as("x-forwarded-preferred-username", Identity, "oauth2-proxy, Home Assistant"),
    known_as("x-forwarded-prefix", Target, "Spring, Traefik, werkzeug's ProxyFix, ASP.NET Core, Kong"),
    known_as("x-forwarded-tls-client-cert*", Certificate, "Traefik"),
    known_as("x-forwarded-uri", Target, "Traefik, Caddy, oauth2-proxy"),
    known_as("x-forwarded-url", Target, "apps set up after recipes of Apache"),
    known_as("x-forwarded-user", Identity, "oauth2-proxy, Jenkins, Gerrit, Graylog"),
    known_as("x-goog-authenticated-user-*", Identity, "Google Identity-Aware Proxy"),
    known_as("x-goog-iap-*", Identity, "Google Identity-Aware Proxy"),
    known_as("x-host", Way, "apps that generate addresses"),
    known_as("x-host-override", Way, "apps that generate addresses"),
    known_as("x-http-*", Method, "X-HTTP-Method-Override: Rack, Rails, Sinatra, Laravel, Jersey, Google's APIs; X-HTTP-Method: OData"),
    known_as("x-http-destinationurl", Target, "apps behind old reverse proxies"),
    known_as("x-http-host-override", Way, "apps that generate addresses"),
    known_as("x-http-path-override", Target, "apps that route by it"),
    known_as("x-https", Way, "PHP apps"),
    known_as("x-ingress-path", Target, "add-ons of Home Assistant"),
    known_as("x-method", Method, "small frameworks"),
    known_as("x-method-override", Method, "method-override (npm), IBM"),
    known_as("x-ms-client-principal*", Identity, "Azure App Service, Static Web Apps"),
    known_as("x-ms-token-*", Identity, "Azure App Service"),
    known_as("x-mtls-*", Certificate, "apps that end TLS elsewhere"),
    known_as("x-nf-client-connection-ip", Way, "Netlify"),
    known_as("x-oidc-*", Identity, "apps behind OpenID Connect proxies"),
    known_as("x-original-forwarded-for", Way, "ingress-nginx"),
    known_as("x-original-host", Way, "Azure Application Gateway"),
    known_as("x-original-method", Method, "ingress-nginx, nginx' auth_request"),
    known_as("x-original-path", Target, "apps set up after recipes of nginx"),
    known_as("x-original-uri", Target, "ingress-nginx, nginx' auth_request"),
    known_as("x-original-url", Target, "Symfony, Zend, IIS' rewrite module, ingress-nginx"),
    known_as("x-originating-ip", Way, "mail and Exchange front ends"),
    known_as("x-override-*", Target, "small frameworks: X-Override-URL"),
    known_as("x-override-method", Method, "small frameworks"),
    known_as("x-pomerium-*", Identity, "Pomerium"),
    known_as("x-proxiedentitieschain", Identity, "Apache NiFi"),
    known_as("x-proxy-ext-*", Identity, "OpenSearch"),
    known_as("x-proxy-role*", Identity, "OpenSearch"),
    known_as("x-proxy-user*", Identity, "OpenSearch"),
    known_as("x-proxyuser-ip", Way, "Google's web proxy"),
    known_as("x-real-ip", Way, "nginx' recipes, chi, Gin, actix and many apps"),
    known_as("x-remote-*", Identity, "Kubernetes' front proxy (X-Remote-User, -Group, -Extra-…), Splunk"),
    known_as("x-remote-addr", Way, "many apps"),
    known_as("x-remote-ip", Way, "many apps"),
    known_as("x-replit-user-*", Identity, "Replit"),
    known_as("x-request-id", Message, "many apps; the gateway writes it"),
    known_as("x-request-method", Method, "small frameworks"),
    known_as("x-request-path", Target, "small frameworks"),
    known_as("x-request-uri", Target, "small frameworks"),
    known_as("x-request-url", Target, "small frameworks"),
    known_as("x-rewrite-*", Target, "Symfony, Zend, IIS' rewrite module: X-Rewrite-URL"),
    known_as("x-saml-*", Identity, "apps behind SAML proxies"),
    known_as("x-scheme", Way, "Flask behind recipes of nginx, ingress-nginx"),
    known_as("x-script-name", Target, "Flask behind recipes of nginx, Radicale"),
    known_as("x-sendfile-type", Way, "Rack::Sendfile"),
    known_as("x-ssl", Way, "apps that end TLS elsewhere"),
    known_as("x-ssl-*", Certificate, "apps that end TLS elsewhere: X-SSL-Client-Cert, X-SSL-Client-S-DN, X-SSL-Client-Verify …"),
    known_as("x-sso-*", Identity, "Nexus Repository and others"),
    known_as("x-sucuri-clientip", Way, "Sucuri"),
    known_as("x-tls-client-*", Certificate, "apps that end TLS elsewhere"),
    known_as("x-token-subject", Identity, "apps behind token-checking proxies"),
    known_as("x-token-user-*", Identity, "apps behind token-checking proxies"),
    known_as("x-url-scheme", Way, "Flask behind recipes of nginx"),
    known_as("x-user", Identity, "apps behind API gateways"),
    known_as("x-user-email", Identity, "apps behind API gateways"),
    known_as("x-user-groups", Identity, "apps behind API gateways"),
    known_as("x-user-name", Identity, "apps behind API gateways"),
    known_as("x-user-roles", Identity, "apps behind API gateways"),
    known_as("x-userinfo", Identity, "Kong's OpenID Connect plug-ins"),
    known_as("x-username", Identity, "apps behind API gateways"),
    known_as("x-vercel-forwarded-for", Way, "Vercel"),
    known_as("x-vouch-*", Identity, "Vouch Proxy"),
    known_as("x-waws-unencoded-url", Target, "Azure App Service"),
    known_as("x-webauth-*", Identity, "Grafana, Gitea, Forgejo, FreshRSS: X-WEBAUTH-USER, -EMAIL, -GROUPS …"),
];

#[cfg(test)]
mod tests;
