import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('theme', () => {
  const theme = (): Theme => {
    const made = TestBed.inject(Theme);
    made.apply();
    return made;
  };
  const classes = (): string => document.documentElement.className;

  beforeEach(() => {
    localStorage.clear();
    document.documentElement.className = '';
  });

  it('is left to the system where nothing was chosen', () => {
    expect([theme().name(), classes()]).toEqual(['system', '']);
  });

  it('is what was chosen, until it is to follow the system again', () => {
    const made = theme();
    made.use('light');
    expect([made.name(), classes(), localStorage.getItem('afpi.theme')]).toEqual(['light', 'light', 'light']);
    made.use('dark');
    expect([made.name(), classes()]).toEqual(['dark', 'dark']);
    made.use('system');
    expect([made.name(), classes()]).toEqual(['system', '']);
  });
});
