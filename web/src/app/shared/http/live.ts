/** The server's event stream, one for all tabs of this browser. Code that wants one kind of event subscribes here. */
import { Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Subject, filter } from 'rxjs';
import { Session } from '../auth/session';
import { shareStream } from './shared-stream';

@Injectable({ providedIn: 'root' })
export class Live {
  readonly #session = inject(Session);
  readonly #connected = signal(true);
  readonly #events = new Subject<{ type: string; body: unknown }>();
  #stream: AbortController | null = null;

  readonly connected = this.#connected.asReadonly();

  /** Listens for the signed-in person. */
  listen(): void {
    const me = this.#session.me();
    if (this.#stream || !me) return;
    this.#stream = new AbortController();
    shareStream({
      name: `afpi-live-${me.id}`,
      url: '/api/notifications/stream',
      token: () => this.#session.token(),
      renew: () => this.#session.refresh(),
      event: ({ type, data }) => {
        this.#receive(type, data);
      },
      connected: (yes) => {
        this.#connected.set(yes);
      },
      signal: this.#stream.signal,
    });
  }

  hush(): void {
    this.#stream?.abort();
    this.#stream = null;
  }

  /** Receives events of one kind until the calling component is destroyed. Call it in an injection context. */
  on(type: string, heard: (body: object) => void): void {
    this.#events
      .pipe(
        filter((event) => event.type === type),
        takeUntilDestroyed(),
      )
      .subscribe(({ body }) => {
        if (body && typeof body === 'object') heard(body);
      });
  }

  #receive(type: string, data: string): void {
    try {
      this.#events.next({ type, body: JSON.parse(data) });
    } catch {
      // Unreadable events are ignored.
    }
  }
}
