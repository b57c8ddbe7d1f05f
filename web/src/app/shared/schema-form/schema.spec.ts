import { askedFirst, fieldsOf, missing, only, pruned, withDefaults } from './schema';

const QUOTE = {
  type: 'object',
  required: ['lignes', 'numero'],
  'x-order': ['numero', 'validite', 'lignes', 'regime'],
  properties: {
    lignes: {
      type: 'array',
      title: 'Lignes',
      'x-title-en': 'Lines',
      items: { $ref: '#/$defs/Ligne' },
    },
    numero: { type: 'string', title: 'Numéro' },
    regime: {
      oneOf: [
        { const: 'exo', title: 'Exonéré', 'x-title-en': 'Exempt' },
        { const: 'tva20', title: '20 %' },
      ],
    },
    validite: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }], title: 'Validité' },
  },
  $defs: {
    Ligne: {
      type: 'object',
      required: ['libelle'],
      properties: {
        libelle: { type: 'string', title: 'Libellé' },
        prix: { type: ['integer', 'null'], 'x-widget': 'money', default: 0 },
        total: { type: 'integer', 'x-widget': 'money', readOnly: true },
      },
    },
  },
};

describe('fieldsOf', () => {
  it('keeps the order of the author and reads labels in both languages', () => {
    const fields = fieldsOf(QUOTE);
    expect(fields.map((field) => field.key)).toEqual(['numero', 'validite', 'lignes', 'regime']);
    expect(fields[2]?.label).toEqual({ fr: 'Lignes', en: 'Lines' });
    expect(fields[3]?.options).toEqual([
      { value: 'exo', label: { fr: 'Exonéré', en: 'Exempt' } },
      { value: 'tva20', label: { fr: '20 %', en: '20 %' } },
    ]);
  });

  it('chooses a widget from hint, format and type, through references and nullable types', () => {
    const fields = fieldsOf(QUOTE);
    expect(fields.map((field) => field.widget)).toEqual(['text', 'date', 'rows', 'select']);
    expect(fields[2]?.children.map((field) => [field.key, field.widget, field.summed])).toEqual([
      ['libelle', 'text', false],
      ['prix', 'money', false],
      ['total', 'money', true],
    ]);
  });

  it('shows objects of booleans as flags, lists of choices as a checklist, other lists of texts as tags', () => {
    const fields = fieldsOf({
      properties: {
        pieces: { type: 'object', properties: { convention: { type: 'boolean' }, emargement: { type: 'boolean' } } },
        modes: { type: 'array', items: { enum: ['cheque', 'virement'] } },
        mots: { type: 'array', items: { type: 'string' } },
        cache: { type: 'string', 'x-widget': 'hidden' },
      },
    });
    expect(fields.map((field) => field.widget)).toEqual(['flags', 'checklist', 'tags']);
    expect(fields[0]?.children).toHaveLength(2);
    expect(fields[1]?.options.map((option) => option.value)).toEqual(['cheque', 'virement']);
  });
});

describe('documents', () => {
  it('fills defaults without touching what is there', () => {
    const rows = fieldsOf(QUOTE)[2]?.children ?? [];
    expect(withDefaults(rows, {})).toEqual({ prix: 0 });
    expect(withDefaults(rows, { prix: 12 })).toEqual({ prix: 12 });
  });

  it('asks the marked fields first, and requires nothing of them yet', () => {
    expect(askedFirst(QUOTE)).toBeNull();
    const marked = {
      ...QUOTE,
      properties: { ...QUOTE.properties, numero: { type: 'string', title: 'Numéro', 'x-ask-first': true } },
    };
    const asked = fieldsOf(askedFirst(marked) ?? {});
    expect(asked.map(({ key, required }) => [key, required])).toEqual([['numero', false]]);
    expect(only(asked, { numero: 'D-1', regime: 'exo' })).toEqual({ numero: 'D-1' });
  });

  it('drops what is empty before saving, also deep inside', () => {
    expect(pruned({ a: '', b: null, c: { d: null }, e: [{ f: '' }, { f: 'x' }], g: 0, h: false })).toEqual({
      c: {},
      e: [{}, { f: 'x' }],
      g: 0,
      h: false,
    });
  });

  it('names the required fields that are empty, rows included', () => {
    expect(missing(fieldsOf(QUOTE), { lignes: [{ libelle: 'Soudage' }, { prix: 3 }] })).toEqual([
      '/numero',
      '/lignes/1/libelle',
    ]);
    expect(missing(fieldsOf(QUOTE), { numero: 'D-1', lignes: [] })).toEqual(['/lignes']);
  });
});
