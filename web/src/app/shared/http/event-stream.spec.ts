import { EventParser, ServerEvent, streamEvents } from './event-stream';

describe('EventParser', () => {
  it('reads events wherever the chunks are cut', () => {
    const text =
      ': hello\n\nid: 7\nevent: notification\ndata: {"a":1}\n\nevent: unread\r\ndata: {"unread":\r\ndata: 3}\r\n\r\n';
    for (let cut = 1; cut < text.length; cut++) {
      const parser = new EventParser();
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(events, `cut at ${cut}`).toEqual([
        { id: '7', type: 'notification', data: '{"a":1}' },
        { id: null, type: 'unread', data: '{"unread":\n3}' },
      ]);
    }
  });

  it('knows where to resume: after an id that came alone, too', () => {
    const parser = new EventParser();
    expect(parser.last).toBeNull();
    expect(parser.push('id: 4\n\n')).toEqual([]);
    expect(parser.last).toBe('4');
    parser.push('id: 5\ndata: one\n\nevent: unread\ndata: 2\n\nid: 6');
    expect(parser.last).toBe('5');
  });

  it('ignores heartbeats and events without data', () => {
    const parser = new EventParser();
    expect(parser.push(':\n\nevent: sync\n\n')).toEqual([]);
    expect(parser.push('data\n\n')).toEqual([{ id: null, type: 'message', data: '' }]);
  });
});

describe('streamEvents', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('renews a stale token, then resumes after the last event', async () => {
    vi.useFakeTimers();
    const end = new AbortController();
    const seen: ServerEvent[] = [];
    const asked: Headers[] = [];
    let token = 'old';
    const answers = [
      () => new Response(null, { status: 401 }),
      () => new Response('id: 5\ndata: one\n\n', { status: 200 }),
      () => {
        end.abort();
        return new Response(null, { status: 503 });
      },
    ];
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      asked.push(new Headers(init.headers));
      return Promise.resolve((answers.shift() ?? (() => new Response(null, { status: 404 })))());
    });
    const done = streamEvents({
      url: '/x',
      token: () => token,
      renew: () => {
        token = 'new';
        return Promise.resolve(true);
      },
      heard: (events) => seen.push(...events),
      signal: end.signal,
    });
    await vi.advanceTimersByTimeAsync(20_000);
    await done;
    expect(asked.map((headers) => [headers.get('Authorization'), headers.get('Last-Event-ID')])).toEqual([
      ['Bearer old', null],
      ['Bearer new', null],
      ['Bearer new', '5'],
    ]);
    expect(seen).toEqual([{ id: '5', type: 'message', data: 'one' }]);
  });

  it('ends for good when the session cannot be renewed', async () => {
    const fetch = vi.fn(() => Promise.resolve(new Response(null, { status: 401 })));
    vi.stubGlobal('fetch', fetch);
    await streamEvents({
      url: '/x',
      token: () => 't',
      renew: () => Promise.resolve(false),
      heard: () => undefined,
      signal: new AbortController().signal,
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
