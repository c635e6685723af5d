/** The page's script on a stand-in for a browser: what it shows, and that nothing an alert says is markup. */
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { alertInWords, type AlertMessage } from '../../agent/contract/index.ts';
import { alertMessage, health, measurement } from '../link/fixtures.ts';

const PAGE = new URL('../../agent/console/page/', import.meta.url);
const script = readFileSync(new URL('page.js', PAGE), 'utf8');
const html = readFileSync(new URL('page.html', PAGE), 'utf8');

/** As much of an element as the page uses; whatever else it set would stay visible in `own`. */
class Element {
  textContent = '';
  className = '';
  hidden = false;
  dateTime = '';
  children: Element[] = [];
  parent: Element | null = null;
  append(...added: Element[]): void {
    added.forEach((one) => this.insertBefore(one, null));
  }
  insertBefore(added: Element, before: Element | null): void {
    added.parent = this;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, added);
  }
  replaceChildren(...added: Element[]): void {
    this.children = [];
    this.append(...added);
  }
  remove(): void {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
  }
  get lastChild(): Element | undefined {
    return this.children.at(-1);
  }
  addEventListener(): void {
    // Nobody clicks here.
  }
  /** All text below, as a person reads it. */
  text(): string {
    return [this.textContent, ...this.children.map((child) => child.text())]
      .filter((t) => t !== '')
      .join(' ');
  }
}

const asSent = (alert: AlertMessage) => ({ ...alert, words: alertInWords(alert) });

async function openPage(now: object) {
  const ids = [...html.matchAll(/id="([\w-]+)"/g)].map((match) => match[1] ?? '');
  const byId = new Map(ids.map((id) => [id, new Element()]));
  const listeners = new Map<string, (event: { data: string }) => void>();
  const everything = {
    watchReached: true,
    measurement: null,
    health: null,
    alerts: [],
    storeFault: null,
    ...now,
  };
  runInNewContext(script, {
    document: { getElementById: (id: string) => byId.get(id), createElement: () => new Element() },
    fetch: () => Promise.resolve({ json: () => Promise.resolve(everything) }),
    EventSource: class {
      addEventListener(name: string, listener: (event: { data: string }) => void): void {
        listeners.set(name, listener);
      }
    },
  });
  const say = async (name: string, data: unknown): Promise<void> => {
    listeners.get(name)?.({ data: JSON.stringify(data) });
    await turn();
  };
  await say('open', {});
  const at = (id: string): Element => byId.get(id)!;
  return { say, at, rows: () => at('alerts').children.map((row) => row.lastChild?.text()) };
}

it('shows the measures, the parts and the alerts that were there before it', async () => {
  const { at, rows } = await openPage({
    measurement: measurement(1000),
    health,
    alerts: [alertMessage(8), alertMessage(7)].map(asSent),
  });
  expect(at('watch').text()).toBe('watching');
  expect(at('driver').text()).toMatch(/Level 0 of 3 .*PERCLOS 60 s 4 % PERCLOS 180 s – KSS estimate 4\.0/);
  expect(at('parts').text()).toBe('camera degraded: no frame for 2 s');
  expect(rows()).toHaveLength(2);
  expect(at('no-alerts').hidden).toBe(true);
});

it('sets what an alert says as text, never as markup', async () => {
  const { say, at } = await openPage({});
  const words = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  await say('alert', { ...alertMessage(9), words });
  const [row] = at('alerts').children;
  expect(row?.lastChild?.textContent).toBe(words);
  expect(row?.lastChild?.children).toEqual([]);
  expect(Object.keys(row?.lastChild ?? {}).sort()).toEqual(Object.keys(new Element()).sort());
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/);
});

it('keeps one row an alert, which its phases change', async () => {
  const { say, at, rows } = await openPage({ alerts: [asSent(alertMessage(7))] });
  const raised = alertMessage(8);
  await say('alert', asSent(raised));
  await say('alert', asSent({ ...raised, seq: 9, phase: 'updated', kind: 'sleep' }));
  expect(rows()).toEqual([expect.stringMatching(/^asleep/), expect.stringMatching(/^microsleep/)]);
  await say('alert', asSent({ ...raised, seq: 10, phase: 'cleared', kind: 'sleep', cleared: 'ended' }));
  expect(rows()[0]).toMatch(/^asleep \(critical\): over/);
  expect(at('alerts').children.map((row) => row.className)).toEqual(['s3 over', 's3']);
});

it('is not led back by a message that comes twice or late', async () => {
  const { say, rows } = await openPage({});
  const raised = alertMessage(8);
  await say('alert', asSent({ ...raised, seq: 9, phase: 'cleared', cleared: 'ended' }));
  await say('alert', asSent(raised));
  await say('alert', asSent(alertMessage(5)));
  expect(rows()).toEqual([expect.stringMatching(/: over/), expect.not.stringMatching(/: over/)]);
});

it('keeps no more than fifty rows', async () => {
  const { say, rows } = await openPage({});
  for (let seq = 1; seq <= 60; seq += 1) await say('alert', asSent(alertMessage(seq)));
  expect(rows()).toHaveLength(50);
});

it('says that watch or the store is not reached, and shows no old measures then', async () => {
  const { at } = await openPage({ watchReached: false, storeFault: 'store: x does not exist yet' });
  expect(at('watch').text()).toBe('watch is not reached');
  expect(at('store').text()).toBe('store: x does not exist yet');
  expect(at('driver').children.map((tile) => tile.lastChild?.textContent)).toEqual(
    at('driver').children.map(() => '–'),
  );
});
