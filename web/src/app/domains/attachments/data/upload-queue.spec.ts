import { TestBed } from '@angular/core/testing';
import { Problems } from '../../../shared/http/problem';
import { UploadQueue } from './upload-queue';

function queue(): UploadQueue {
  const problems = { message: (error: unknown) => (error as Error).message };
  TestBed.configureTestingModule({ providers: [UploadQueue, { provide: Problems, useValue: problems }] });
  return TestBed.inject(UploadQueue);
}
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('files on their way', () => {
  it('are sent three at a time, in order', async () => {
    const uploads = queue();
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    for (const number of [1, 2, 3, 4])
      uploads.add(`${number}.pdf`, () => {
        begun.push(number);
        return new Promise((resolve) => ends.push(resolve));
      });
    expect(begun).toEqual([1, 2, 3]);
    ends[1]?.();
    await settled();
    expect(begun).toEqual([1, 2, 3, 4]);
    expect(uploads.items().map(({ name }) => name)).toEqual(['1.pdf', '3.pdf', '4.pdf']);
  });

  it('say how far they are, and why one failed', async () => {
    const uploads = queue();
    uploads.add('a.pdf', (progress) => {
      progress(0.5);
      return Promise.reject(new Error('trop grand'));
    });
    expect(uploads.items()[0]?.part).toBe(0.5);
    await settled();
    expect(uploads.items()[0]?.failed).toBe('trop grand');
    uploads.dismiss(uploads.items()[0]?.key ?? 0);
    expect(uploads.items()).toEqual([]);
  });
});
