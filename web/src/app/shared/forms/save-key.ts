/** Ctrl-S in any form: sends the one that has the focus, else the one on top. */

/** The form that a key to save is meant for: a dialog's before the page's. */
export function formToSave(): HTMLFormElement | null {
  const dialog = [...document.querySelectorAll('.cdk-overlay-pane [role=dialog]')].at(-1);
  if (dialog) return dialog.querySelector('form');
  return document.activeElement?.closest('form') ?? document.querySelector('main form');
}

/** Sends it as its button would. */
export function saveByKey(event: KeyboardEvent): void {
  const form = formToSave();
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
}
