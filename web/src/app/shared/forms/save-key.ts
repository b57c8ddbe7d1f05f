/** Ctrl-S in any form: submits the focused form, otherwise the topmost one. */

/** The form for the save key: a dialog's before the page's. */
export function formToSave(): HTMLFormElement | null {
  const dialog = [...document.querySelectorAll('.cdk-overlay-pane [role=dialog]')].at(-1);
  if (dialog) return dialog.querySelector('form');
  return document.activeElement?.closest('form') ?? document.querySelector('main form');
}

/** Submits it like its button. */
export function saveByKey(event: KeyboardEvent): void {
  const form = formToSave();
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
}
