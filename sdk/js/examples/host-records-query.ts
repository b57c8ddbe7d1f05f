import { query } from 'afpi-plugin';

export function withoutEmail(): string[] {
  const contacts = query.of('contact').empty('email');
  return [...contacts].map((entry) => query.read<{ lastName: string }>(entry).lastName);
}
