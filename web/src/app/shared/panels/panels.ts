/** The panels of a record's page. Domains register them. The page knows a panel's place, not its content. */
import { Injectable, InjectionToken, Injector, InputSignal, Provider, Type, inject, signal } from '@angular/core';
import { Session } from '../auth/session';

/** Above both columns, in the wide one, or in the narrow one. */
export type Place = 'top' | 'main' | 'side';

/** The component of a panel. It gets the page's data. */
export interface PanelContent<S> {
  readonly subject: InputSignal<S>;
}

export interface Panel<S> {
  id: string;
  /** The page, named after its resource. */
  page: string;
  place: Place;
  /** The order of panels in a place, lowest first. */
  order: number;
  /** Text key of its heading. A panel without one draws its own frame. */
  title: string | null;
  /** The right to read its content. */
  permission?: string;
  /** When it is shown. Default: always. */
  shown?(subject: S): boolean;
  load(): Promise<Type<PanelContent<S>>>;
}

/** A content's information for its frame. */
@Injectable()
export class PanelFrame {
  /** Beside the heading: their number. */
  readonly badge = signal<string | null>(null);
}

export const PANELS = new InjectionToken<Panel<unknown>[]>('PANELS', { factory: () => [] });

export function providePanel<S>(panel: Panel<S>): Provider {
  return { provide: PANELS, multi: true, useValue: panel };
}

@Injectable({ providedIn: 'root' })
export class Panels {
  readonly #all = inject(PANELS);
  readonly #injector = inject(Injector);
  readonly #loaded = new Map<string, Promise<Type<PanelContent<unknown>>>>();

  /** All panels of a place that the reader may see, in their order. */
  at(page: string, place: Place): Panel<unknown>[] {
    return this.#all
      .filter((one) => one.page === page && one.place === place && this.#allowed(one))
      .sort((a, b) => a.order - b.order);
  }

  /** Loads the code of a page's panels while its record is still loading. */
  prepare(page: string): void {
    for (const panel of this.#all)
      if (panel.page === page && this.#allowed(panel)) this.load(panel).catch(() => undefined);
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

  #allowed({ permission }: Panel<unknown>): boolean {
    return !permission || this.#injector.get(Session).can(permission);
  }
}
