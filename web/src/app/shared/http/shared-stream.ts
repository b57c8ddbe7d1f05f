/**
 * One event stream for all tabs of one person in this browser: over HTTP/1.1 a browser opens six connections to a
 * server, and a stream keeps one of them. The tab that holds a Web Lock reads the stream and tells the others over a
 * BroadcastChannel. When it closes or freezes, the next one takes over after the last event that all have heard.
 *
 * Where there are no Web Locks (plain HTTP from another machine), each tab has a stream of its own while it can be
 * seen.
 */
import { ServerEvent, StreamOptions, streamEvents } from './event-stream';

export interface SharedStreamOptions extends Omit<StreamOptions, 'heard' | 'position'> {
  /** Names the lock and the channel. It contains the person's id: nobody receives another person's events. */
  name: string;
  event: (event: ServerEvent) => void;
}

/** The stream's needs from the browser. */
export interface Browser {
  locks: Pick<LockManager, 'request'> | undefined;
  channel: ((name: string) => Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>) | undefined;
  page: Pick<Document, 'visibilityState' | 'addEventListener'>;
  window: Pick<Window, 'addEventListener'>;
}

type Message =
  { kind: 'ask' } | { kind: 'told'; term: number; last: string | null; connected: boolean; events: ServerEvent[] };

/** How long a leader may be silent before it is asked, and how long its answer may take. */
const CHECK_MS = 15_000;
const PATIENCE_MS = 3000;
/** Ids kept to recognise an event that two leaders have sent. */
const KNOWN = 200;

export function shareStream(options: SharedStreamOptions, browser: Browser = thisBrowser()): void {
  const { locks, channel } = browser;
  if (locks && channel) new Member(options, browser, locks, channel(options.name)).join();
  else void whileSeen(options, browser);
}

/** One of the tabs. */
class Member {
  readonly #options: SharedStreamOptions;
  readonly #browser: Browser;
  readonly #locks: Pick<LockManager, 'request'>;
  readonly #channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;
  readonly #position: { last: string | null } = { last: null };
  readonly #known = new Set<string>();
  /** Numbers the leaders: a tab that hears a higher number stops leading. */
  #term = 0;
  #connected = true;
  #heardAt = 0;
  /** Ends the wait for the lock. */
  #queue: AbortController | null = null;
  /** Set while this tab leads. Calling it ends that. */
  #reign: AbortController | null = null;
  /** The page is frozen, kept in the back-forward cache, or refused: it neither leads nor waits. */
  #asleep = false;

  constructor(
    options: SharedStreamOptions,
    browser: Browser,
    locks: Pick<LockManager, 'request'>,
    channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>,
  ) {
    this.#options = options;
    this.#browser = browser;
    this.#locks = locks;
    this.#channel = channel;
  }

  join(): void {
    const { signal } = this.#options;
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      this.#hear(data);
    };
    const { page, window } = this.#browser;
    page.addEventListener(
      'freeze',
      () => {
        this.#sleep();
      },
      { signal },
    );
    page.addEventListener(
      'resume',
      () => {
        this.#wake();
      },
      { signal },
    );
    window.addEventListener(
      'pagehide',
      () => {
        this.#sleep();
      },
      { signal },
    );
    window.addEventListener(
      'pageshow',
      () => {
        this.#wake();
      },
      { signal },
    );
    page.addEventListener(
      'visibilitychange',
      () => {
        if (page.visibilityState === 'visible') this.#check();
      },
      { signal },
    );
    const timer = setInterval(() => {
      if (Date.now() - this.#heardAt >= CHECK_MS) this.#check();
    }, CHECK_MS);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(timer);
        this.#sleep();
        this.#channel.close();
      },
      { once: true },
    );
    this.#wait();
    this.#check();
  }

  #sleep(): void {
    this.#asleep = true;
    this.#queue?.abort();
    this.#reign?.abort();
  }

  #wake(): void {
    if (!this.#asleep || this.#options.signal.aborted) return;
    this.#asleep = false;
    this.#wait();
    this.#check();
  }

  /** Waits until the lock is free. `steal` takes it from a leader that does not answer. */
  #wait(steal = false): void {
    this.#queue?.abort();
    const queue = new AbortController();
    this.#queue = queue;
    const lead = (): Promise<void> => this.#lead();
    const held = steal
      ? this.#locks.request(this.#options.name, { steal }, lead)
      : this.#locks.request(this.#options.name, { signal: queue.signal }, lead);
    void held
      .catch(() => undefined)
      .then(() => {
        // The tab has led to the end, was stopped, or lost the lock. Except when stopped, which the next wait handles,
        // it queues again.
        if (this.#queue !== queue) return;
        this.#reign?.abort();
        if (!this.#asleep) this.#wait();
      });
  }

  /** Reads the stream for all tabs while this one has the lock. */
  async #lead(): Promise<void> {
    if (this.#asleep) return;
    const reign = new AbortController();
    this.#reign = reign;
    this.#term = Math.max(Date.now(), this.#term + 1);
    this.#tell([]);
    const { url, token, renew } = this.#options;
    const read = streamEvents({
      url,
      token,
      renew,
      position: this.#position,
      signal: reign.signal,
      connected: (yes) => {
        if (!reign.signal.aborted) {
          this.#setConnected(yes);
          this.#tell([]);
        }
      },
      heard: (events) => {
        if (!reign.signal.aborted) {
          this.#tell(events);
          this.#deliver(events);
        }
      },
    });
    // The lock is released when this tab must stop, however long its last request takes.
    await Promise.race([
      read,
      new Promise((stopped) => {
        reign.signal.addEventListener('abort', stopped, { once: true });
      }),
    ]);
    if (this.#reign === reign) this.#reign = null;
    // The server has ended the person's access.
    if (!reign.signal.aborted) this.#sleep();
  }

  #tell(events: ServerEvent[]): void {
    this.#post({ kind: 'told', term: this.#term, last: this.#position.last, connected: this.#connected, events });
  }

  #hear(message: Message): void {
    if (message.kind === 'ask') {
      if (this.#reign) this.#tell([]);
      return;
    }
    // From a leader that was frozen and replaced.
    if (message.term < this.#term) return;
    this.#term = message.term;
    this.#heardAt = Date.now();
    this.#position.last = message.last ?? this.#position.last;
    this.#setConnected(message.connected);
    this.#deliver(message.events);
    this.#reign?.abort();
  }

  /** Is there a leader? One that does not answer is replaced. */
  #check(): void {
    if (this.#reign || this.#asleep) return;
    const asked = Date.now();
    this.#post({ kind: 'ask' });
    setTimeout(
      () => {
        if (this.#heardAt < asked && !this.#reign && !this.#asleep) this.#wait(true);
      },
      PATIENCE_MS * (1 + Math.random() / 3),
    );
  }

  #deliver(events: ServerEvent[]): void {
    for (const event of events) {
      if (event.id !== null && this.#known.has(event.id)) continue;
      if (event.id !== null) this.#known.add(event.id);
      this.#options.event(event);
    }
    for (const id of this.#known) {
      if (this.#known.size <= KNOWN) break;
      this.#known.delete(id);
    }
  }

  #setConnected(yes: boolean): void {
    this.#connected = yes;
    this.#options.connected?.(yes);
  }

  #post(message: Message): void {
    if (!this.#options.signal.aborted) this.#channel.postMessage(message);
  }
}

/** A stream of this tab alone, closed while the tab is hidden. Missed events arrive when it is shown again. */
async function whileSeen({ event, ...options }: SharedStreamOptions, { page }: Browser): Promise<void> {
  const position = { last: null };
  while (!options.signal.aborted) {
    const turn = new AbortController();
    const seen = (): boolean => page.visibilityState === 'visible';
    const changed = new Promise<void>((resolve) => {
      const end = (): void => {
        turn.abort();
        resolve();
      };
      page.addEventListener('visibilitychange', end, { once: true, signal: turn.signal });
      options.signal.addEventListener('abort', end, { once: true, signal: turn.signal });
    });
    if (seen()) {
      await streamEvents({
        ...options,
        position,
        heard: (events) => {
          events.forEach(event);
        },
        signal: turn.signal,
      });
      if (!turn.signal.aborted) return;
    }
    await changed;
  }
}

function thisBrowser(): Browser {
  return {
    // Absent on pages without HTTPS or localhost, whatever the types say.
    locks: (navigator as Partial<Navigator>).locks,
    channel: 'BroadcastChannel' in globalThis ? (name) => new BroadcastChannel(name) : undefined,
    page: document,
    window: globalThis.window,
  };
}
