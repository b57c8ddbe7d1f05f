/**
 * The panels that a record's page is composed of. Whoever has something to show there registers it; the page knows the
 * place of a panel, not what is in it.
 */
import { Injectable, InjectionToken, InputSignal, Provider, Type, inject, signal } from '@angular/core';

/** Above both columns, in the wide one, or in the narrow one. */
export type Place = 'top' | 'main' | 'side';

/** The component of a panel. It is given what its page is about. */
export interface PanelContent<S> {
  readonly subject: InputSignal<S>;
}

export interface Panel<S> {
  id: string;
  /** The page, named after its resource. */
  page: string;
  place: Place;
  /** Panels of a place stand by it, the lowest first. */
  order: number;
  /** Text key of its heading; a panel without one draws its own frame. */
  title: string | null;
  /** When it is there; always where nothing is said. */
  shown?(subject: S): boolean;
  load(): Promise<Type<PanelContent<S>>>;
}

/** What a content says to the frame around it. */
@Injectable()
export class PanelFrame {
  /** Beside the heading: how many there are. */
  readonly badge = signal<string | null>(null);
}

export const PANELS = new InjectionToken<Panel<unknown>[]>('PANELS', { factory: () => [] });

export function providePanel<S>(panel: Panel<S>): Provider {
  return { provide: PANELS, multi: true, useValue: panel };
}

@Injectable({ providedIn: 'root' })
export class Panels {
  readonly #all = inject(PANELS);
  readonly #loaded = new Map<string, Promise<Type<PanelContent<unknown>>>>();

  /** All panels of a place, in their order. */
  at(page: string, place: Place): Panel<unknown>[] {
    return this.#all.filter((one) => one.page === page && one.place === place).sort((a, b) => a.order - b.order);
  }

  /** Has the code of a page's panels fetched while its record is still being read. */
  prepare(page: string): void {
    for (const panel of this.#all) if (panel.page === page) this.load(panel).catch(() => undefined);
  }

  load(panel: Panel<unknown>): Promise<Type<PanelContent<unknown>>> {
    const key = `${panel.page} ${panel.id}`;
    let loaded = this.#loaded.get(key);
    if (!loaded) {
      loaded = panel.load();
      loaded.catch(() => this.#loaded.delete(key));
      this.#loaded.set(key, loaded);
    }
    return loaded;
  }
}
