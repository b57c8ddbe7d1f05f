/** Ctrl-S in any form: sends the one that has the focus, else the one on top. */

/** The form that a key to save is meant for: a dialog's before the page's. */
export function formToSave(): HTMLFormElement | null {
  const dialogs = [...document.querySelectorAll<HTMLElement>('.cdk-overlay-pane [role=dialog], .cdk-overlay-pane cdk-dialog-container')];
  const top = dialogs.at(-1);
  return (top ?? document.activeElement?.closest<HTMLElement>('form')?.parentElement ?? document.querySelector('main'))?.querySelector('form') ?? null;
}

/** Sends it as its button would. */
export function saveByKey(event: KeyboardEvent): void {
  const form = formToSave();
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
}
