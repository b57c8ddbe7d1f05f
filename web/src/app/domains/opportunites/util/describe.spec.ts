/** The history's texts for a change. */
import { isShown } from './describe';
import { WorkflowView } from './workflow-view';

const label = { fr: 'x', en: 'x' };
const form = {
  type: 'object',
  properties: {
    numero: { type: 'string', title: 'Numéro' },
    ventilation: {
      type: 'array',
      'x-widget': 'hidden',
      items: { type: 'object', properties: { taux: { type: 'integer' } } },
    },
  },
};
const workflow = new WorkflowView({
  id: 'w',
  version: '1',
  label,
  statuses: [],
  transitions: [],
  sections: [{ id: 'devis', label, owners: [], editors: [], form }],
});

it('shows of a change what the form shows', () => {
  expect(isShown('/devis/numero', workflow)).toBe(true);
  expect(isShown('/devis/ventilation', workflow)).toBe(false);
  expect(isShown('/devis/ventilation/0/taux', workflow)).toBe(false);
  // Fields outside the sections, and fields of another workflow.
  expect(isShown('title', workflow)).toBe(true);
  expect(isShown('/other/field', workflow)).toBe(true);
});
