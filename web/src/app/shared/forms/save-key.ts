/** Ctrl-S in any form: submits the focused form, otherwise the page's. */

/**
 * The form for the save key: a dialog's before the page's. A form marked `data-line` only adds a line to a list: the key
 * submits it while it has the focus, and it is never the page's form.
 */
export function formToSave(): HTMLFormElement | null {
  const dialog = [...document.querySelectorAll('.cdk-overlay-pane [role=dialog]')].at(-1);
  if (dialog) return dialog.querySelector('form');
  return document.activeElement?.closest('form') ?? document.querySelector('main form:not([data-line])');
}

/** Submits it like its button. */
export function saveByKey(event: KeyboardEvent): void {
  const form = formToSave();
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
}
