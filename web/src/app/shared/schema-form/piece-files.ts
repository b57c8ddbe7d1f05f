/** The files of a checklist's pieces. A domain provides them; this file knows no domain. */
import { Injectable, InjectionToken, Injector, Signal, Type, inject } from '@angular/core';

export interface PieceFile {
  id: string;
  piece: string;
  name: string;
  /** For people: size, who and when. */
  about: string;
  /** Why it cannot be opened, for people. */
  withheld: string | null;
}

export interface PieceFiles {
  /** May the user add and remove files? */
  may(): boolean;
  /** Another value whenever files of a record have changed, wherever that happened. */
  readonly news: Signal<number>;
  list(record: string, section: string): Promise<PieceFile[]>;
  /** Sends a file and makes it this piece. `progress` is told what part has left, from 0 to 1. */
  add(
    record: string,
    place: { section: string; piece: string },
    file: File,
    progress: (part: number) => void,
  ): Promise<void>;
  /** Asks, then removes it. Returns whether it is gone. */
  remove(record: string, id: string): Promise<boolean>;
  open(record: string, id: string): Promise<void>;
}

/** Loads the code of the provider when a form needs it. */
export const PIECE_FILES = new InjectionToken<(() => Promise<Type<PieceFiles>>) | null>('PIECE_FILES', {
  factory: () => null,
});

/** Finds the provider. */
@Injectable({ providedIn: 'root' })
export class PieceFilesSource {
  readonly #injector = inject(Injector);
  readonly #load = inject(PIECE_FILES);

  async get(): Promise<PieceFiles | null> {
    return this.#load ? this.#injector.get(await this.#load()) : null;
  }
}
