import { conflict, secrets } from 'afpi-plugin';

export function ready(): void {
  if (!secrets.has('token')) throw conflict('Le jeton manque.', 'The token is missing.');
}
