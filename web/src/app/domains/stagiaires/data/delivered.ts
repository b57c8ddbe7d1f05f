/** How much of a training took place: the noted hours of its trainees. */
import { Injectable, inject } from '@angular/core';
import { DeliveredSource } from '../../../shared/schema-form/sources';
import { StagiaireClient } from './stagiaire-client';

@Injectable({ providedIn: 'root' })
export class Delivered implements DeliveredSource {
  readonly #client = inject(StagiaireClient);

  async of(record: string): Promise<{ planned: number; done: number } | null> {
    const { data } = await this.#client.of(record);
    const planned = data.reduce((sum, { minutesPlanned }) => sum + minutesPlanned, 0);
    const done = data.reduce((sum, { minutesDone }) => sum + minutesDone, 0);
    return done > 0 ? { planned, done } : null;
  }
}
