import { defineObjectives, NONE, text } from 'afpi-plugin';

export default defineObjectives({
  metrics: () => [{ id: 'facts', label: text('Faits', 'Facts'), unit: 'count', targetable: false }],

  calculation() {
    let count = 0;
    return {
      add(facts) {
        count += facts.length;
      },
      finish: () => [{ metric: 'facts', group: NONE, figure: { tag: 'count', val: count }, key: '' }],
    };
  },

  attain: () => [],
});
