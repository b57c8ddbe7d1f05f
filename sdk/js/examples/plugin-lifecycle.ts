import { defineHook, integer, object, problem } from 'afpi-plugin';

const settings = object({
  start: integer({ fr: 'Début', en: 'Start', default: 9 }),
  end: integer({ fr: 'Fin', en: 'End', default: 17 }),
});

export default defineHook({
  settings,

  validate: ({ start, end }) =>
    end > start ? [] : [problem('/end', 'out-of-range', 'La fin précède le début.', 'The end comes before the start.')],

  // Before 2.0.0 there was no end.
  migrate: (from, old) => (from.startsWith('1.') ? { ...(old as object), end: 17 } : old),

  subscriptions: () => [],
});
