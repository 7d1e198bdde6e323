// LemonLDAP::NG (Debian): the portal under Starman, with its demonstration users and a configuration in files.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forms, freePort, listens, send, tlsInFrontOf, until } from './support.mjs';

/** `saml`: an issuer by SAML instead of OpenID Connect; `sp` is then the metadata of the gateway. */
export async function startLemon(place, port, portal, { saml = false, sp = '' } = {}) {
  const own = await freePort();
  const folder = (name) => { const path = join(place.folder, `lemon-${name}`); mkdirSync(path, { recursive: true }); return path; };
  const [conf, sessions, locks, persistent, cache] = ['conf', 'sessions', 'locks', 'persistent', 'cache'].map(folder);
  const [key, pub, crt] = ['key', 'pub', 'crt'].map((kind) => join(place.folder, `lemon.${kind}`));
  if (!existsSync(key)) {
    execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' });
    execFileSync('openssl', ['rsa', '-in', key, '-pubout', '-out', pub], { stdio: 'ignore' });
    execFileSync('openssl', ['req', '-x509', '-new', '-key', key, '-out', crt, '-days', '2', '-subj', '/CN=lemon'], { stdio: 'ignore' });
  }
  const base = JSON.parse(readFileSync('/var/lib/lemonldap-ng/conf/lmConf-1.json', 'utf8'));
  const issuer = `https://127.0.0.1:${port}/`;
  const storage = (at) => ({ Directory: at, LockDirectory: locks, generateModule: 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256' });
  place.file('lemon-conf/lmConf-1.json', JSON.stringify({
    ...base,
    cfgNum: 1,
    portal: issuer,
    domain: '127.0.0.1',
    securedCookie: 1,
    authentication: 'Demo', userDB: 'Same', passwordDB: 'Demo', registerDB: 'Null',
    issuerDBOpenIDConnectActivation: saml ? 0 : 1,
    ...(saml && {
      issuerDBSAMLActivation: 1,
      samlServicePrivateKeySig: place.read('lemon.key').toString(),
      samlServicePublicKeySig: place.read('lemon.crt').toString(),
      samlServiceSignatureMethod: 'RSA_SHA256',
      samlStorage: 'Apache::Session::File', samlStorageOptions: storage(sessions),
      ...(sp && {
        samlSPMetaDataXML: { gw: { samlSPMetaDataXML: sp } },
        samlSPMetaDataOptions: { gw: { samlSPMetaDataOptionsNameIDFormat: 'persistent', samlSPMetaDataOptionsSignSSOMessage: 1, samlSPMetaDataOptionsCheckSSOMessageSignature: 1, samlSPMetaDataOptionsEncryptionMode: 'none', samlSPMetaDataOptionsOneTimeUse: 0 } },
        samlSPMetaDataExportedAttributes: { gw: Object.fromEntries(['uid', 'mail', 'cn', 'groups'].map((name) => [name, `0;${name}`])) },
      }),
    }),
    globalStorage: 'Apache::Session::File', globalStorageOptions: storage(sessions),
    persistentStorage: 'Apache::Session::File', persistentStorageOptions: storage(persistent),
    localSessionStorage: 'Cache::FileCache', localSessionStorageOptions: { cache_root: cache, namespace: 'lemon', default_expires_in: 600, directory_umask: '007', cache_depth: 3 },
    oidcServicePrivateKeySig: place.read('lemon.key').toString(),
    oidcServicePublicKeySig: place.read('lemon.pub').toString(),
    oidcServiceKeyIdSig: '',
    oidcRPMetaDataOptions: {
      gw: {
        oidcRPMetaDataOptionsClientID: 'sekisho', oidcRPMetaDataOptionsClientSecret: 'a-secret-of-32-characters-1234567',
        oidcRPMetaDataOptionsRedirectUris: `${portal}/sign-in/idp/lemon/callback`, oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
        oidcRPMetaDataOptionsBypassConsent: 1, oidcRPMetaDataOptionsRefreshToken: 1, oidcRPMetaDataOptionsPostLogoutRedirectUris: `${portal}/sign-out`,
      },
    },
    oidcRPMetaDataExportedVars: { gw: { email: 'mail', name: 'cn', preferred_username: 'uid', groups: 'groups' } },
  }), 0o644);
  const ini = place.file('lemonldap-ng.ini', `
[all]
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'lemonldap-ng-config', 'default_expires_in' => 600, 'directory_umask' => '007', 'cache_root' => '${cache}', 'cache_depth' => 3 }
logLevel = warn
[configuration]
type = File
dirName = ${conf}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
`, 0o644);
  const psgi = place.file('lemon.psgi', `
use Plack::Builder;
use Lemonldap::NG::Portal::Main;
builder {
  enable 'ReverseProxy' if eval { require Plack::Middleware::ReverseProxy; 1 };
  mount '/' => Lemonldap::NG::Portal::Main->run({});
};
`, 0o644);
  const server = spawn('starman', ['--listen', `127.0.0.1:${own}`, '--workers', '2', psgi], { env: { ...process.env, LLNG_DEFAULTCONFFILE: ini }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => { log += text; });
  await until('the portal listens', () => server.exitCode !== null || listens(own), 60_000);
  const tls = await tlsInFrontOf(port, own, place.tls);
  return {
    issuer,
    log: () => log,
    /** Through its pages: the form of the password, and what goes on by itself. */
    async through(visitor, page, user) {
      for (let steps = 0; steps < 8 && page.url.startsWith(issuer); steps += 1) {
        const all = forms(page);
        const login = all.find((form) => form.fields.some((field) => field.name === 'password'));
        const form = login ?? all.find((one) => one.method === 'post' && one.fields.length);
        if (!form) return page;
        page = await send(visitor, form, { user, password: user });
      }
      return page;
    },
    async end() {
      tls.close();
      tls.closeAllConnections();
      if (server.exitCode === null) await new Promise((resolve) => { server.on('exit', resolve); server.kill('SIGTERM'); });
    },
  };
}
