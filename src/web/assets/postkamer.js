// What every page does beyond what HTML does by itself. Without it all pages work, with a button more to press.

// What can't be done is said first: to who hears the page, and to who would have to scroll to it.
const alert = document.querySelector("main [role=alert]");
if (alert) {
  alert.tabIndex = -1;
  alert.focus();
}

// Search as you type: a form with data-live renews the part of the page that it names, by asking for the same page.
for (const form of document.querySelectorAll("form[data-live]")) {
  const place = document.querySelector(form.dataset.live);
  let timer, asked;
  const renew = async () => {
    const query = new URLSearchParams(new FormData(form));
    const url = `${form.action.split("?")[0]}?${query}`;
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(url, { signal: asked.signal, credentials: "same-origin" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector(form.dataset.live);
      if (part) place.replaceChildren(...part.childNodes);
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(renew, 150);
  });
}

// A part of a page with data-renew asks for itself again, every so many seconds, until it comes back without the mark.
for (const part of document.querySelectorAll("[data-renew]")) {
  const again = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const other = page.getElementById(part.id);
        if (!other?.dataset.renew) return location.reload();
        part.replaceChildren(...other.childNodes);
      }
    } catch {
      // The server is away for a moment.
    }
    setTimeout(again, part.dataset.renew * 1000);
  };
  setTimeout(again, part.dataset.renew * 1000);
}

// A button that asks once more before it does what can't be undone.
for (const button of document.querySelectorAll("button[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}
