/**
 * Server-sent events over `fetch`: `EventSource` cannot send an Authorization header. A pure class parses them, so that
 * it can be tested. `streamEvents` reconnects with growing pauses and resumes after the last event.
 */
export interface ServerEvent {
  /** The event's own id; `null` without one. */
  id: string | null;
  type: string;
  data: string;
}

/** Turns chunks of a `text/event-stream` into events. A chunk may end anywhere. */
export class EventParser {
  #rest = '';
  #id: string | null = null;
  #type = '';
  #data: string[] = [];
  #last: string | null = null;

  /** The id to resume after: the last one read, with an event or alone. */
  get last(): string | null {
    return this.#last;
  }

  push(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        this.#last = this.#id ?? this.#last;
        if (this.#data.length)
          events.push({ id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') });
        this.#id = null;
        this.#type = '';
        this.#data = [];
        continue;
      }
      if (line.startsWith(':')) continue;
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') this.#data.push(value);
      else if (field === 'event') this.#type = value;
      else if (field === 'id') this.#id = value;
    }
    return events;
  }
}

export interface StreamOptions {
  url: string;
  /** The present access token, read at every connection. */
  token: () => string | null;
  /** Called on 401; `false` ends the stream for good. */
  renew: () => Promise<boolean>;
  /** Gets the events of each chunk: none for a heartbeat. */
  heard: (events: ServerEvent[]) => void;
  /** Called at each change, so that a page can show that live updates are paused. */
  connected?: (yes: boolean) => void;
  /** The id to resume after. The caller keeps it over several streams. */
  position?: { last: string | null };
  signal: AbortSignal;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** The server sends a heartbeat every 20 s. A longer silence means that the connection is dead. */
const SILENCE_MS = 50_000;

/** Reads until the signal, or until the server ends the person's access. */
export async function streamEvents(options: StreamOptions): Promise<void> {
  const position = options.position ?? { last: null };
  let pause = FIRST_PAUSE_MS;
  const over = (): boolean => options.signal.aborted;
  while (!over()) {
    const attempt = new AbortController();
    const stop = (): void => {
      attempt.abort();
    };
    options.signal.addEventListener('abort', stop, { once: true });
    let watchdog = setTimeout(stop, SILENCE_MS);
    try {
      const response = await fetch(options.url, {
        headers: {
          Accept: 'text/event-stream',
          ...(options.token() ? { Authorization: `Bearer ${options.token() ?? ''}` } : {}),
          ...(position.last ? { 'Last-Event-ID': position.last } : {}),
        },
        signal: attempt.signal,
        cache: 'no-store',
      });
      if (response.status === 401 && !(await options.renew())) return;
      if (response.status === 403 || response.status === 404) return;
      if (response.ok && response.body) {
        options.connected?.(true);
        pause = FIRST_PAUSE_MS;
        const parser = new EventParser();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { value, done } = await reader.read();
          if (done || over()) break;
          clearTimeout(watchdog);
          watchdog = setTimeout(stop, SILENCE_MS);
          const events = parser.push(value);
          position.last = parser.last ?? position.last;
          options.heard(events);
        }
      }
    } catch {
      // A cut connection is normal: pause, then try again.
    } finally {
      clearTimeout(watchdog);
      options.signal.removeEventListener('abort', stop);
    }
    if (over()) return;
    options.connected?.(false);
    await rest(pause * (0.75 + Math.random() / 2), options.signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
