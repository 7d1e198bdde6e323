// A desktop of the test's own, on a bus of its own: notifications are shown to it, and it clicks them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './world.mjs';

export class Desktop {
  /** Starts one; browsers that are started afterwards find it. `shown` is every notification, oldest first. */
  static async start() {
    const desktop = new Desktop();
    desktop.shown = [];
    desktop.closed = new Set();
    desktop.bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.env.DBUS_SESSION_BUS_ADDRESS = (await new Promise((resolve) => { desktop.bus.stdout.once('data', resolve); })).toString().trim();
    desktop.service = spawn('/usr/bin/python3', [join(dirname(fileURLToPath(import.meta.url)), 'notifications.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    let ready = false;
    createInterface({ input: desktop.service.stdout }).on('line', (line) => {
      const said = JSON.parse(line);
      if (said.ready) ready = true;
      else if (said.closed) desktop.closed.add(said.closed);
      else {
        desktop.closed.delete(said.id);
        desktop.shown.push(said);
      }
    });
    await until('the desktop is there', () => ready);
    return desktop;
  }

  /** The notification that this brings about. */
  async next(act) {
    const before = this.shown.length;
    await act();
    await until('it is shown', () => this.shown.length > before);
    return this.shown[before];
  }

  /** Clicks a notification, or one of its actions, and waits until the worker has closed it: the click has arrived then. */
  async click({ id }, action = 'default') {
    assert.ok(action && !this.closed.has(id), 'it can be clicked');
    this.service.stdin.write(`${id} ${action}\n`);
    await until('the click has arrived', () => this.closed.has(id));
  }

  /** What the desktop calls the action with these words. */
  action({ actions }, words) {
    return actions[actions.indexOf(words) - 1];
  }

  end() {
    for (const child of [this.service, this.bus]) child?.kill('SIGTERM');
  }
}
