/** Which first steps a person has taken: facts from the server, and pages that were opened from this list. */
import { Injectable, computed, effect, inject, linkedSignal, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { getSecondFactor } from '../../../api/fn/auth/get-second-factor';
import { listOpportunites } from '../../../api/fn/opportunites/list-opportunites';
import { listTaches } from '../../../api/fn/taches/list-taches';
import { Session } from '../../../shared/auth/session';
import { recall, remember } from '../../../shared/ui/storage';
import { StepId, readSteps, stepsFor } from '../util/first-steps';

/** Kept instead of steps when all are taken, or the person wants no more of them. */
const ENDED = 'ended';

@Injectable()
export class StepStore {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #key = computed(() => `afpi.first-steps.${this.#session.me()?.id ?? ''}`);
  readonly #kept = linkedSignal(() => recall(this.#key()));
  readonly #ended = computed(() => this.#kept() === ENDED);
  readonly #facts = resource({
    params: () => (this.#ended() ? undefined : this.#session.me()?.id),
    loader: ({ params }) => this.#read(params),
  });

  /** The steps of this person; empty when they have ended. They stand at once, so that nothing moves later. */
  readonly steps = computed(() => {
    if (this.#ended()) return [];
    const done = new Set([...(this.#facts.hasValue() ? this.#facts.value() : []), ...readSteps(this.#kept())]);
    return stepsFor((right) => this.#session.can(right)).map((step) => ({ ...step, done: done.has(step.id) }));
  });

  constructor() {
    effect(() => {
      if (this.steps().length && this.steps().every(({ done }) => done)) this.end();
    });
  }

  take(step: StepId): void {
    this.#keep([...readSteps(this.#kept()), step].join(','));
  }
  end(): void {
    this.#keep(ENDED);
  }

  #keep(value: string): void {
    this.#kept.set(value);
    remember(this.#key(), value);
  }

  /** A question without an answer leaves its step open. */
  async #read(me: string): Promise<StepId[]> {
    const questions: [StepId, Promise<boolean>][] = [
      ['secure', this.#api.invoke(getSecondFactor).then(({ since }) => !!since)],
      ['task', this.#api.invoke(listTaches, { state: 'all' }).then(({ data }) => data.length > 0)],
      ['open', this.#api.invoke(listOpportunites, { commercialId: me, limit: 1 }).then(({ data }) => data.length > 0)],
    ];
    const answers = await Promise.allSettled(questions.map(([, asked]) => asked));
    return questions.filter((_, at) => isYes(answers[at])).map(([id]) => id);
  }
}

function isYes(answer: PromiseSettledResult<boolean> | undefined): boolean {
  return answer?.status === 'fulfilled' && answer.value;
}
