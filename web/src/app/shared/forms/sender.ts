/**
 * Sends a form: only when it is valid, one request at a time. Shows the server's refusal at its fields, and reports a
 * lost race.
 */
import { ElementRef, Signal, inject, signal } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { TranslocoService } from '@jsverse/transloco';
import { Problems } from '../http/problem';
import { HalfTyped } from './half-typed';
import { Rebased, newerIn } from './lost-race';
import { applyProblem, focusFirstError } from './problem-form';

/** The message above a refused form. `warn`: the form is valid, but somebody else was faster. */
export interface Refused {
  tone: 'bad' | 'warn';
  lines: string[];
}

export interface Sending {
  readonly busy: Signal<boolean>;
  /** Messages of the server that no field of the form shows. */
  readonly refusal: Signal<Refused | null>;
  /**
   * Runs `send` when nothing is half-typed, the form is valid and `ready` agrees. Otherwise, and after a failure, the
   * focus moves to the first field in error.
   */
  run(send: () => Promise<void>, ready?: () => boolean): Promise<void>;
}

/** How a form of a versioned record continues after a lost race. */
export interface Race<T extends { version: number }> {
  /** Bases the form on the present record: the next save uses its version. */
  overtaken: (now: T) => Pick<Rebased<unknown>, 'taken' | 'kept'>;
  /** A field's name for people. */
  label: (field: string) => string;
}

/** The differences between kinds of forms: the check, and the place of the server's messages. */
export interface FormKind {
  /** Shows missing and invalid values. Returns whether there are none. */
  check: () => boolean;
  /** Shows messages at their fields. Returns the text for above the form. */
  place: (error: unknown, message: string) => string[];
  /** Was something entered that closing the dialog would drop, beside half-typed texts? */
  changed: () => boolean;
}

/** A reactive form. */
export function reactive(form: FormGroup): FormKind {
  return {
    check: () => {
      form.markAllAsTouched();
      return form.valid;
    },
    place: (error, message) => applyProblem(form, error) ?? [message],
    changed: () => form.dirty,
  };
}

/** For a form that no dialog closes. Call it in an injection context of the form's component. */
export function senderOf<T extends { version: number }>(kind: Omit<FormKind, 'changed'>, race?: Race<T>): Sending {
  const problems = inject(Problems);
  const halfTyped = inject(HalfTyped);
  const transloco = inject(TranslocoService);
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const busy = signal(false);
  const refusal = signal<Refused | null>(null);
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
