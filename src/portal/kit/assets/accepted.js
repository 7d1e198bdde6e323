// Tells the browser which passkeys are still accepted (WebAuthn §5.1.10), so that it offers no removed one. The list is the
// complete one that this very page was made of: a short list would be an order to delete.
const list = document.querySelector('[data-accepted]');
const { accepted, user } = JSON.parse(list.dataset.accepted);
const signal = async (name, what) => {
  try {
    await window.PublicKeyCredential?.[name]?.(what);
  } catch {
    // A browser without the signal API offers a removed passkey, which is refused.
  }
};
await signal('signalAllAcceptedCredentials', accepted);
await signal('signalCurrentUserDetails', user);
