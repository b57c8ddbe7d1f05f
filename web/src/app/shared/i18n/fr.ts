/** All French texts, one file per part of the application. */
import { common } from './fr/common';
import { opportunites } from './fr/opportunites';

export const fr = { ...common, ...opportunites };
