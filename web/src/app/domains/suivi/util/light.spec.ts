import { blocks, typedName } from './light';

describe('light Markdown', () => {
  const drawn = (text: string, named: string[] = []): string[] =>
    blocks(text, named).map(
      ({ kind, lines }) =>
        `${kind}: ` +
        lines
          .map((spans) =>
            spans.map(({ text, strong, href }) => (href ? `<${href}>` : strong ? `[${text}]` : text)).join(''),
          )
          .join(' | '),
    );

  it('has paragraphs, lists, bold parts, links and mentions', () => {
    expect(drawn('Bonjour\nà tous\n\n- un\n- **deux**\nfin')).toEqual([
      'text: Bonjour | à tous',
      'list: un | [deux]',
      'text: fin',
    ]);
    expect(drawn('Voir https://opco.example/a?b=1, merci.')).toEqual([
      'text: Voir <https://opco.example/a?b=1>, merci.',
    ]);
    expect(drawn('@Anne Martin et @Anne', ['Anne', 'Anne Martin'])).toEqual(['text: [@Anne Martin] et [@Anne]']);
  });

  it('keeps what looks like HTML as text, and survives anything', () => {
    expect(drawn('<b>x</b> **')).toEqual(['text: <b>x</b> **']);
    expect(drawn('')).toEqual([]);
    expect(drawn('javascript:alert(1)')).toEqual(['text: javascript:alert(1)']);
  });

  it('knows the name that is being typed', () => {
    expect(typedName('Bonjour @')).toBe('');
    expect(typedName('Bonjour @Anne M')).toBe('Anne M');
    expect(typedName('mail@exemple')).toBeNull();
    expect(typedName('Bonjour')).toBeNull();
  });
});
