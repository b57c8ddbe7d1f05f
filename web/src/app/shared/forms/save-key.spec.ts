import { afterEach, describe, expect, it, vi } from 'vitest';
import { formToSave, saveByKey } from './save-key';

const page = (html: string): void => {
  document.body.innerHTML = html;
};
const key = (): KeyboardEvent => new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true });

describe('the save key', () => {
  afterEach(() => {
    page('');
    vi.restoreAllMocks();
  });

  it('takes the dialog before the page, and the focused form before the first one', () => {
    page('<main><form id="a"></form><form id="b"><input></form></main>');
    expect(formToSave()?.id).toBe('a');
    document.querySelector('input')?.focus();
    expect(formToSave()?.id).toBe('b');
    document.body.insertAdjacentHTML(
      'beforeend',
      '<div class="cdk-overlay-pane"><div role="dialog"><form id="c"></form></div></div>',
    );
    expect(formToSave()?.id).toBe('c');
  });

  it('submits a form that adds a line only while it has the focus', () => {
    page('<main><input id="outside"><form data-line><input id="inside"></form></main>');
    const submitted = vi.spyOn(HTMLFormElement.prototype, 'requestSubmit').mockImplementation(() => undefined);
    document.getElementById('outside')?.focus();
    const elsewhere = key();
    saveByKey(elsewhere);
    expect(submitted).not.toHaveBeenCalled();
    expect(elsewhere.defaultPrevented).toBe(false);
    document.getElementById('inside')?.focus();
    const here = key();
    saveByKey(here);
    expect(submitted).toHaveBeenCalledOnce();
    expect(here.defaultPrevented).toBe(true);
  });
});
