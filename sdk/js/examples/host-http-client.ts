import { http, unavailable } from 'afpi-plugin';

export function post(text: string): void {
  const answer = http.post('https://chat.example.fr/hook', {
    json: { text },
    secretHeaders: { authorization: { prefix: 'Bearer ', secret: 'token' } },
    timeoutMs: 5_000,
  });
  if (!answer.ok) throw unavailable(`the chat answers ${answer.status}`);
}
