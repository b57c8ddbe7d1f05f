import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('theme', () => {
  let told: (event: { matches: boolean }) => void = () => undefined;
  const theme = (systemDark: boolean): Theme => {
    vi.stubGlobal('matchMedia', () => ({
      matches: systemDark,
      addEventListener: (_: string, heard: typeof told) => {
        told = heard;
      },
    }));
    const made = TestBed.inject(Theme);
    made.apply();
    return made;
  };
  const classes = (): string => document.documentElement.className;

  beforeEach(() => {
    localStorage.clear();
    document.documentElement.className = '';
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('follows the system where nothing was chosen, also when it changes', () => {
    const made = theme(true);
    expect([made.name(), made.dark(), classes()]).toEqual(['system', true, '']);
    told({ matches: false });
    expect(made.dark()).toBe(false);
  });

  it('is what was chosen, whatever the system says, until it is to follow again', () => {
    const made = theme(true);
    made.use('light');
    expect([made.dark(), classes(), localStorage.getItem('afpi.theme')]).toEqual([false, 'light', 'light']);
    made.use('dark');
    expect([made.dark(), classes()]).toEqual([true, 'dark']);
    made.use('system');
    expect([made.dark(), classes()]).toEqual([true, '']);
  });
});
