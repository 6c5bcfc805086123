// Does the work for the form's token while the person types, in small pieces so that the page stays quick. Without
// scripts, or without WebCrypto (a page that is not secure), the form is sent without it and waits its turn.
"use strict";
(() => {
  const form = document.querySelector("form[data-token]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const token = form.dataset.token;
  const bits = Number(form.dataset.bits);
  const octets = new TextEncoder();
  const PIECE = 256;

  const hasZeros = (digest) => {
    const view = new DataView(digest);
    return view.getUint32(0) >>> (32 - bits) === 0;
  };

  const work = async () => {
    for (let first = 0; ; first += PIECE) {
      const tries = Array.from({ length: PIECE }, (_, place) => first + place);
      const digests = await Promise.all(tries.map((number) => crypto.subtle.digest("SHA-256", octets.encode(`${token}:${number}`))));
      const found = digests.findIndex(hasZeros);
      if (found >= 0) return first + found;
      await new Promise((ready) => setTimeout(ready));
    }
  };

  const done = work().then((number) => { form.elements.work.value = String(number); });
  form.addEventListener("submit", (event) => {
    if (form.elements.work.value) return;
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    done.then(() => form.submit());
  });
})();
