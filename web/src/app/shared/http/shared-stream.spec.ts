import { Browser, shareStream } from './shared-stream';

/** The locks and channels that the tabs of one browser share. */
class FakeBrowser {
  readonly #queues = new Map<string, { holder: { stolen: () => void } | null; waiting: (() => void)[] }>();
  readonly #members = new Map<string, Set<FakeChannel>>();

  tab(): Tab {
    return new Tab(this);
  }

  readonly locks = {
    request: (name: string, options: LockOptions, work: () => Promise<unknown>): Promise<unknown> =>
      new Promise((done, failed) => {
        const lock = this.#queues.get(name) ?? { holder: null, waiting: [] };
        this.#queues.set(name, lock);
        const grant = (): void => {
          const me = {
            stolen: () => {
              failed(new DOMException('stolen', 'AbortError'));
            },
          };
          lock.holder = me;
          void work()
            .then(done, failed)
            .finally(() => {
              if (lock.holder !== me) return;
              lock.holder = null;
              lock.waiting.shift()?.();
            });
        };
        if (options.steal) {
          lock.holder?.stolen();
          grant();
          return;
        }
        if (!lock.holder) {
          grant();
          return;
        }
        lock.waiting.push(grant);
        options.signal?.addEventListener('abort', () => {
          lock.waiting = lock.waiting.filter((other) => other !== grant);
          failed(new DOMException('called off', 'AbortError'));
        });
      }),
  } as unknown as LockManager;

  join(name: string, channel: FakeChannel): Set<FakeChannel> {
    const all = this.#members.get(name) ?? new Set();
    this.#members.set(name, all.add(channel));
    return all;
  }
}

class FakeChannel {
  onmessage: BroadcastChannel['onmessage'] = null;
  readonly #others: Set<FakeChannel>;
  constructor(
    browser: FakeBrowser,
    name: string,
    readonly tab: Tab,
  ) {
    this.#others = browser.join(name, this);
  }
  close(): void {
    this.#others.delete(this);
  }
  postMessage(data: unknown): void {
    const text = JSON.stringify(data);
    for (const other of this.#others) {
      if (other !== this)
        queueMicrotask(() => {
          other.tab.run(() => {
            other.onmessage?.call(null as never, new MessageEvent('message', { data: JSON.parse(text) as unknown }));
          });
        });
    }
  }
}

/**
 * One tab. It listens for a person, and can be closed, frozen with or without an event, and woken. Messages to a frozen
 * tab wait.
 */
class Tab {
  readonly heard: string[] = [];
  readonly states: boolean[] = [];
  #frozen = false;
  #late: (() => void)[] = [];
  readonly #end = new AbortController();
  readonly #events = new EventTarget();
  readonly #page: EventTarget & { visibilityState: DocumentVisibilityState } = Object.assign(this.#events, {
    visibilityState: 'visible' as const,
  });
  readonly #browser: Browser;

  constructor(browser: FakeBrowser) {
    this.#browser = {
      locks: browser.locks,
      channel: (name) => new FakeChannel(browser, name, this),
      page: this.#page,
      window: this.#events,
    };
  }
  listen(person = 'anne', without: Partial<Browser> = {}): this {
    shareStream(
      {
        name: `live-${person}`,
        url: `/stream/${person}`,
        token: () => 't',
        renew: () => Promise.resolve(false),
        signal: this.#end.signal,
        event: ({ data }) => this.heard.push(data),
        connected: (yes) => this.states.push(yes),
      },
      { ...this.#browser, ...without },
    );
    return this;
  }
  close(): void {
    this.#end.abort();
  }
  run(task: () => void): void {
    if (this.#frozen) this.#late.push(task);
    else task();
  }
  stop(): void {
    this.#frozen = true;
  }
  go(): void {
    this.#frozen = false;
    this.#late.splice(0).forEach((task) => {
      task();
    });
  }
  freeze(): void {
    this.#events.dispatchEvent(new Event('freeze'));
    this.stop();
  }
  resume(): void {
    this.go();
    this.#events.dispatchEvent(new Event('resume'));
  }
  show(visibility: DocumentVisibilityState): void {
    this.#page.visibilityState = visibility;
    this.#events.dispatchEvent(new Event('visibilitychange'));
  }
}

/** A server that keeps its events and sends the later ones to a client that resumes. */
class FakeServer {
  readonly open = new Map<ReadableStreamDefaultController<Uint8Array>, string>();
  readonly asked: (string | null)[] = [];
  refuses = false;
  readonly #said: string[] = [];

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const last = new Headers(init.headers).get('Last-Event-ID');
    this.asked.push(last);
    if (this.refuses) return Promise.resolve(new Response(null, { status: 403 }));
    return Promise.resolve(
      new Response(
        new ReadableStream<Uint8Array>({
          start: (out) => {
            this.open.set(out, url);
            init.signal?.addEventListener('abort', () => {
              this.open.delete(out);
              out.error(new DOMException('gone', 'AbortError'));
            });
            this.#write(out, `id: ${last ?? this.#said.length}\n\n`);
            this.#said.slice(Number(last ?? this.#said.length)).forEach((text, index) => {
              this.#write(out, `id: ${Number(last) + index + 1}\ndata: ${text}\n\n`);
            });
          },
        }),
      ),
    );
  };

  say(text: string): void {
    const id = this.#said.push(text);
    for (const out of this.open.keys()) this.#write(out, `id: ${id}\ndata: ${text}\n\n`);
  }
  #write(out: ReadableStreamDefaultController<Uint8Array>, text: string): void {
    out.enqueue(new TextEncoder().encode(text));
  }
}

describe('one stream for all tabs', () => {
  let server: FakeServer;
  let browser: FakeBrowser;
  let tabs: Tab[];
  /** Long enough for an answer, too short for a leader to be missed. */
  const moment = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const open = (n: number): Tab[] => {
    tabs.push(...Array.from({ length: n }, () => browser.tab().listen()));
    return tabs;
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
    server = new FakeServer();
    browser = new FakeBrowser();
    tabs = [];
    vi.stubGlobal('fetch', server.fetch);
  });
  afterEach(() => {
    tabs.forEach((tab) => {
      tab.close();
    });
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('brings each event to each of eight tabs, once', async () => {
    open(8);
    await moment();
    expect(server.open.size).toBe(1);
    server.say('one');
    await moment();
    for (const tab of tabs) expect(tab.heard).toEqual(['one']);
    for (const tab of tabs) expect(tab.states.at(-1)).toBe(true);
  });

  it('goes on after what all have heard when the leader closes, and loses nothing that came in between', async () => {
    const [leader, ...rest] = open(3);
    await moment();
    server.say('one');
    await moment();
    leader?.close();
    server.say('between');
    await moment();
    server.say('two');
    await moment();
    for (const tab of rest) expect(tab.heard).toEqual(['one', 'between', 'two']);
    expect([server.open.size, server.asked]).toEqual([1, [null, '1']]);
  });

  it('loses nothing either when the leader closes before the first event', async () => {
    server.say('long ago');
    const [leader, second] = open(2);
    await moment();
    leader?.close();
    server.say('between');
    await moment();
    expect(second?.heard).toEqual(['between']);
  });

  it('is handed over by a leader that freezes, which waits for its turn when it wakes', async () => {
    const [leader, second] = open(2);
    await moment();
    leader?.freeze();
    await moment();
    server.say('one');
    await moment();
    expect(second?.heard).toEqual(['one']);
    leader?.resume();
    await moment();
    server.say('two');
    await moment();
    expect(leader?.heard).toEqual(['one', 'two']);
    expect(server.open.size).toBe(1);
    second?.close();
    await moment();
    server.say('three');
    await moment();
    expect(leader?.heard.at(-1)).toBe('three');
  });

  it('is taken from a leader that freezes without a word, and told once only', async () => {
    const [leader, second, third] = open(3);
    await moment();
    leader?.stop();
    await moment(25_000);
    server.say('one');
    await moment();
    expect([second?.heard, third?.heard]).toEqual([['one'], ['one']]);
    leader?.go();
    await moment(25_000);
    server.say('two');
    await moment();
    for (const tab of tabs) expect(tab.heard).toEqual(['one', 'two']);
    expect(server.open.size).toBe(1);
  });

  it('asks at once when a tab is seen again', async () => {
    const [leader, second] = open(2);
    await moment();
    leader?.stop();
    second?.show('visible');
    await moment(5000);
    server.say('one');
    await moment();
    expect(second?.heard).toEqual(['one']);
  });

  it('keeps people apart', async () => {
    open(2);
    tabs.push(browser.tab().listen('bert'));
    await moment();
    expect([...server.open.values()].sort()).toEqual(['/stream/anne', '/stream/bert']);
  });

  it('is asked for once by each tab when the server refuses, not for ever', async () => {
    server.refuses = true;
    open(3);
    await moment(300_000);
    expect(server.asked).toHaveLength(3);
  });

  it('is each tab’s own where there are no locks, and only while it is seen', async () => {
    tabs.push(browser.tab().listen('anne', { locks: undefined }), browser.tab().listen('anne', { locks: undefined }));
    await moment();
    expect(server.open.size).toBe(2);
    tabs[0]?.show('hidden');
    await moment();
    expect(server.open.size).toBe(1);
    server.say('one');
    tabs[0]?.show('visible');
    await moment();
    expect(tabs.map(({ heard }) => heard)).toEqual([['one'], ['one']]);
  });
});
