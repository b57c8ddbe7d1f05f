/**
 * Sending a form: only when it is right, once at a time, with the server's refusal shown where it belongs, and a lost
 * race told.
 */
import { ElementRef, Signal, inject, signal } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { TranslocoService } from '@jsverse/transloco';
import { Problems } from '../http/problem';
import { guardDialog } from './dialog-guard';
import { HalfTyped } from './half-typed';
import { Rebased, newerIn } from './lost-race';
import { applyProblem, focusFirstError } from './problem-form';

/** What stands above a form that was not accepted. `warn`: nothing is wrong with it, somebody else was faster. */
export interface Refused {
  tone: 'bad' | 'warn';
  lines: string[];
}

export interface Sending {
  readonly busy: Signal<boolean>;
  /** What the server said that no field of the form shows. */
  readonly refusal: Signal<Refused | null>;
  /**
   * Runs `send` when nothing is half-typed, the form is right and `ready` agrees; else, and when it fails, the focus
   * goes to the first field in error.
   */
  run(send: () => Promise<void>, ready?: () => boolean): Promise<void>;
}

/** How a form of a versioned record goes on after a lost race. */
export interface Race<T extends { version: number }> {
  /** Puts the form on the record as it is now: the next click is sent with its version. */
  overtaken: (now: T) => Pick<Rebased<unknown>, 'taken' | 'kept'>;
  /** A field's name for people. */
  label: (field: string) => string;
}

/** What differs between kinds of forms: how one is checked, and where the server's words about its fields go. */
export interface FormKind {
  /** Shows what is missing or wrong, and answers whether nothing is. */
  check: () => boolean;
  /** Puts messages at their fields and answers what is to be said above the form. */
  place: (error: unknown, message: string) => string[];
  /** Whether something was entered that closing a dialog would drop; beside what is half-typed. */
  changed: () => boolean;
}

/** Of a reactive form. Call in an injection context of the component whose form it is. */
export function sending<T extends { version: number }>(form: FormGroup, race?: Race<T>): Sending {
  return sendingOf(
    {
      check: () => {
        form.markAllAsTouched();
        return form.valid;
      },
      place: (error, message) => applyProblem(form, error) ?? [message],
      changed: () => form.dirty,
    },
    race,
  );
}

/** Of any kind of form. */
export function sendingOf<T extends { version: number }>(kind: FormKind, race?: Race<T>): Sending {
  const problems = inject(Problems);
  const halfTyped = inject(HalfTyped);
  const transloco = inject(TranslocoService);
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const busy = signal(false);
  const refusal = signal<Refused | null>(null);
  guardDialog(() => kind.changed() || halfTyped.within(host));
  const refused = (error: unknown): Refused | null => {
    const now = race ? newerIn<T>(error) : null;
    if (race && now) return { tone: 'warn', lines: told(transloco, race.overtaken(now), race.label) };
    const lines = kind.place(error, problems.message(error));
    return lines.length ? { tone: 'bad', lines } : null;
  };
  const run = async (send: () => Promise<void>, ready = (): boolean => true): Promise<void> => {
    if (busy()) return;
    refusal.set(null);
    const read = halfTyped.settle(host);
    const right = kind.check();
    if (!ready() || !right || !read) {
      focusFirstError(host);
      return;
    }
    busy.set(true);
    try {
      await send();
    } catch (error) {
      refusal.set(refused(error));
      focusFirstError(host);
    } finally {
      busy.set(false);
    }
  };
  return { busy: busy.asReadonly(), refusal: refusal.asReadonly(), run };
}

/** A lost race in sentences. */
function told(
  transloco: TranslocoService,
  { taken, kept }: Pick<Rebased<unknown>, 'taken' | 'kept'>,
  label: (field: string) => string,
): string[] {
  const say = (key: string, fields: string[]): string[] =>
    fields.length ? [transloco.translate(key, { fields: [...new Set(fields.map(label))].join(', ') })] : [];
  return [transloco.translate('stale.again'), ...say('stale.taken', taken), ...say('stale.kept', kept)];
}
