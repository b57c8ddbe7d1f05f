import { linesOf, onlyLines } from './csv';

const FILE = 'Numéro;Titre\r\nA1;"Soudage ; ""TIG""\r\nperfectionnement"\r\nA2;Plans\r\n"A3";Fin\r\n';

describe('lines of a CSV file', () => {
  it('may hold line breaks and quotes', () => {
    expect(linesOf(FILE)).toHaveLength(4);
    expect(linesOf(FILE).join('')).toBe(FILE);
  });
  it('are chosen by their first value, under the head', () => {
    expect(onlyLines(FILE, new Set(['A1', 'A3']))).toBe(FILE.replace('A2;Plans\r\n', ''));
    expect(onlyLines(FILE, new Set())).toBe('Numéro;Titre\r\n');
  });
});
