/** Sends a form drawn from a JSON Schema: checks required fields, and shows the server's messages at their fields. */
import { Signal, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { same } from '../forms/lost-race';
import { Race, Sending, sendingOf } from '../forms/sending';
import { isProblem } from '../http/problem';
import { Format } from '../i18n/pipes';
import { FieldSpec, JsonObject, missing, pruned, shownAt } from './schema';
import { standing } from './standing';

export interface SchemaSending extends Sending {
  /** Messages by pointer, for the form. */
  readonly errors: Signal<ReadonlyMap<string, string>>;
}

export interface SchemaSent<T extends { version: number }> {
  fields: () => FieldSpec[];
  value: Signal<JsonObject>;
  /** The form's initial document, or the one read last. */
  began: () => JsonObject;
  /** Was something outside the document entered? */
  more?: () => boolean;
  /** Pointer of the form on the page, as its `base`. */
  base?: string;
  /** Pointer of the document in the body that is sent. */
  within?: string;
  /** Pointers of further fields that show their own messages. */
  beside?: string[];
  overtaken?: Race<T>['overtaken'];
  /** Names of fields that are beside the form. */
  label?: Race<T>['label'];
}

/** Call in an injection context of the component whose form it is. */
export function schemaSending<T extends { version: number }>({
  fields,
  value,
  began,
  more = () => false,
  base = '',
  within = '',
  beside = [],
  overtaken,
  label,
}: SchemaSent<T>): SchemaSending {
  const transloco = inject(TranslocoService);
  const format = inject(Format);
  const tried = signal(false);
  const server = signal<ReadonlyMap<string, string>>(new Map());
  const refused = standing(server, value, () => base);
  const lacking = computed(() => (tried() ? missing(fields(), value(), base) : []));
  const nameOf = (key: string): string => {
    const field = fields().find((one) => one.key === key);
    return field ? format.text(field.label) : (label?.(key) ?? key);
  };
  const common = sendingOf<T>(
    {
      check: () => {
        tried.set(true);
        server.set(new Map());
        return lacking().length === 0;
      },
      place: (error, message) => {
        const said = isProblem(error)
          ? [...error.fields].map(
              ([pointer, text]) =>
                [pointer.startsWith(`${within}/`) ? pointer.slice(within.length) : pointer, text] as const,
            )
          : [];
        const placed = said.map(([pointer, text]) => ({ pointer, text, at: shownAt(pointer, fields(), value()) }));
        server.set(gathered(placed.map(({ pointer, text, at }) => [at ? base + at : pointer, text])));
        return [
          message,
          ...placed.filter(({ pointer, at }) => !at && !beside.includes(pointer)).map(({ text }) => text),
        ];
      },
      changed: () => more() || !same(pruned(value()), pruned(began())),
    },
    overtaken && { overtaken, label: nameOf },
  );
  return {
    ...common,
    errors: computed(
      () =>
        new Map([
          ...refused(),
          ...lacking().map((pointer) => [pointer, transloco.translate('form.required')] as const),
        ]),
    ),
    run: async (send, ready) => {
      await common.run(async () => {
        await send();
        tried.set(false);
      }, ready);
    },
  };
}

/** Messages by pointer. Several messages of one place are joined. */
export function gathered(messages: (readonly [string, string])[]): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [pointer, text] of messages)
    all.set(pointer, [...new Set([all.get(pointer), text])].filter(Boolean).join(' '));
  return all;
}
