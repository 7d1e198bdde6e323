// An OpenLDAP server in a folder of its own, on a free port of loopback: TLS alone, people with passwords.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, listens, until } from './support.mjs';

export class Slapd {
  /** Starts one for a domain, below the folder of a place, whose certificate it has; `people` are names with passwords. */
  static async start(place, domain, people) {
    const server = new Slapd();
    server.suffix = `dc=${domain},dc=test`;
    server.folder = join(place.folder, `slapd-${domain}`);
    server.port = await freePort();
    mkdirSync(join(server.folder, 'db'), { recursive: true });
    writeFileSync(join(server.folder, 'slapd.conf'), `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile ${place.folder}/ca.pem
TLSCertificateFile ${place.folder}/server.pem
TLSCertificateKeyFile ${place.folder}/server.key
security simple_bind=64
database mdb
suffix ${server.suffix}
rootdn cn=admin,${server.suffix}
rootpw a-password-of-the-test
directory ${server.folder}/db
access to attrs=userPassword by anonymous auth by * none
access to * by self read by * none
`);
    await server.run();
    const entries = Object.entries(people).map(([uid, password]) => `
dn: uid=${uid},ou=people,${server.suffix}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
userPassword: ${password}
`);
    const tree = `dn: ${server.suffix}\nobjectClass: domain\ndc: ${domain}\n\ndn: ou=people,${server.suffix}\nobjectClass: organizationalUnit\nou: people\n`;
    // By address: for `localhost` libldap looks for the machine's own name in the certificate.
    const tool = ['-x', '-H', `ldaps://127.0.0.1:${server.port}`, '-D', `cn=admin,${server.suffix}`, '-w', 'a-password-of-the-test'];
    try {
      execFileSync('ldapadd', tool, { input: tree + entries.join(''), env: { ...process.env, LDAPTLS_CACERT: join(place.folder, 'ca.pem') }, stdio: ['pipe', 'ignore', 'pipe'] });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async run() {
    this.process = spawn('slapd', ['-f', join(this.folder, 'slapd.conf'), '-h', `ldaps://127.0.0.1:${this.port}`, '-d', '0'], { stdio: 'ignore' });
    await until('slapd listens', () => listens(this.port));
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const over = new Promise((resolve) => { this.process.on('exit', resolve); });
    this.process.kill('SIGTERM');
    await over;
  }
}
