// Buttons that copy a text of the page. Without this script, or where a browser lets no page write its clipboard, none is
// shown: the text can be selected.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('[data-copy]')) {
    const text = document.getElementById(button.dataset.copy);
    const told = document.getElementById(`${button.dataset.copy}-copied`);
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        // Groups of four are for the eye.
        await navigator.clipboard.writeText(text.textContent.replace(/\s/g, ''));
        told.textContent = told.dataset.done;
      } catch {
        getSelection().selectAllChildren(text);
        told.textContent = told.dataset.failed;
      }
    });
  }
}
