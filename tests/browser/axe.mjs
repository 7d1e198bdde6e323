// What axe finds in a page as it stands. It is put into each document once and asked for violations alone: eight times as
// quick as asking for everything in a page of its own.

import axe from 'axe-core';

/** WCAG 2.2, levels A and AA. */
export const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The violations of rules with these tags, or of `rules` alone. */
export async function violations(tab, { tags = wcag, rules } = {}) {
  if (!await tab.evaluate(() => 'axe' in globalThis)) await tab.evaluate(axe.source);
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags };
  const found = await tab.evaluate((options) => globalThis.axe.run(document, options), { runOnly, resultTypes: ['violations'] });
  return found.violations;
}
