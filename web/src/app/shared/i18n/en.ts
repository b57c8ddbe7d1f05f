/** All English texts, one file per part of the application. */
import { admin } from './en/admin';
import { common } from './en/common';
import { opportunites } from './en/opportunites';
import { pages } from './en/pages';
import { plugins } from './en/plugins';

export const en = { ...admin, ...common, ...opportunites, ...pages, ...plugins };
