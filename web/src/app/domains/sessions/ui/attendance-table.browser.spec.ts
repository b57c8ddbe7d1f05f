import { TestBed } from '@angular/core/testing';
import { page, userEvent } from 'vitest/browser';
import { AttendanceGrid } from '../../../api/models/attendance-grid';
import { AttendanceMark } from '../../../api/models/attendance-mark';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en as sharedEn } from '../../../shared/i18n/en';
import { fr as sharedFr } from '../../../shared/i18n/fr';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { AttendanceTable } from './attendance-table';

const TEXTS: Texts = {
  fr: () => Promise.resolve({ ...sharedFr, ...fr }),
  en: () => Promise.resolve({ ...sharedEn, ...en }),
};
const half = (half: 'am' | 'pm'): AttendanceGrid['halfDays'][number] => ({
  ...{ day: '2027-03-09', half, start: '08:30', end: '12:00', minutes: 210 },
  ...{ remote: false, formateurs: [], salles: [] },
});
const person = (id: string, name: string, editable = true): AttendanceGrid['stagiaires'][number] => ({
  ...{ id, name, editable, opportuniteId: 'o', company: null },
  ...{ cells: [], minutesPlanned: 420, minutesDone: 0 },
});

describe('the attendance at a session', () => {
  async function open(): Promise<AttendanceMark[][]> {
    TestBed.configureTestingModule({ providers: [provideTranslations(TEXTS)] });
    await TestBed.inject(Language).use('fr');
    const fixture = TestBed.createComponent(AttendanceTable);
    const stagiaires = [person('a', 'Ali'), person('z', 'Zoé'), person('n', 'Nadia', false)];
    fixture.componentRef.setInput('grid', { halfDays: [half('am'), half('pm')], stagiaires });
    const heard: AttendanceMark[][] = [];
    fixture.componentInstance.mark.subscribe((cells) => heard.push(cells));
    await fixture.whenStable();
    return heard;
  }
  const cell = (name: RegExp): ReturnType<typeof page.getByRole> => page.getByRole('gridcell', { name });

  it('is noted by letters, which lead on to the next person', async () => {
    const heard = await open();
    (cell(/^Ali, .*matin/).element() as HTMLElement).focus();
    await userEvent.keyboard('p');
    await userEvent.keyboard('a');
    await expect.element(cell(/^Nadia, .*matin/)).toHaveFocus();
    // Somebody else's trainee stays as it is.
    await userEvent.keyboard('p');
    expect(heard).toEqual([
      [{ stagiaireId: 'a', day: '2027-03-09', half: 'am', state: 'present' }],
      [{ stagiaireId: 'z', day: '2027-03-09', half: 'am', state: 'absent' }],
    ]);
  });

  it('is reached by one tab stop and moved in by arrows', async () => {
    await open();
    expect(document.querySelectorAll('td[tabindex="0"]').length).toBe(1);
    (cell(/^Ali, .*matin/).element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowDown}');
    await expect.element(cell(/^Zoé, .*après-midi/)).toHaveFocus();
    await userEvent.keyboard('{Home}');
    await expect.element(cell(/^Zoé, .*matin/)).toHaveFocus();
  });

  it('is noted for a whole half-day at once', async () => {
    const heard = await open();
    await page.getByRole('button', { name: /^Tous présents, .*après-midi/ }).click();
    expect(heard[0]?.map(({ stagiaireId, state }) => [stagiaireId, state])).toEqual([
      ['a', 'present'],
      ['z', 'present'],
    ]);
  });
});
