import { TestBed } from '@angular/core/testing';
import { Api } from '../../../api/api';
import { ContactRows } from './contact-rows';

describe('contacts as rows', () => {
  it('fill what they have, and are told apart by a detail', async () => {
    const contacts = [
      { firstName: 'Anne', lastName: 'Roy', function: 'RH', email: 'a@x.fr', phone: '01' },
      { firstName: null, lastName: 'Petit', function: null, email: null, phone: '02' },
    ];
    const api = { invoke: (_: unknown, { id }: { id: string }) => Promise.resolve({ id, contacts }) };
    TestBed.configureTestingModule({ providers: [{ provide: Api, useValue: api }] });
    expect(await TestBed.inject(ContactRows).rows('e')).toEqual([
      {
        title: 'Anne Roy',
        detail: 'RH · a@x.fr',
        values: { name: 'Anne Roy', function: 'RH', email: 'a@x.fr', phone: '01' },
      },
      { title: 'Petit', detail: '02', values: { name: 'Petit', function: '', email: '', phone: '02' } },
    ]);
  });
});
