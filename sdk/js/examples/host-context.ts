import { context, type Text } from 'afpi-plugin';

export function inTheLanguageOfTheCaller(text: Text): string {
  return context.current().locale === 'en' ? text.en : text.fr;
}
