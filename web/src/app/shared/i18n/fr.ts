/** All French texts, one file per part of the application. */
import { admin } from './fr/admin';
import { common } from './fr/common';
import { opportunites } from './fr/opportunites';
import { pages } from './fr/pages';
import { plugins } from './fr/plugins';

export const fr = { ...admin, ...common, ...opportunites, ...pages, ...plugins };
