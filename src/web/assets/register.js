// Says aloud how many letters were found while somebody types: the list itself is renewed as a whole.

const results = document.querySelector("#results");
const found = document.querySelector("#found");
let said = results?.querySelector(".count")?.textContent;

if (results && found) {
  new MutationObserver(() => {
    const count = results.querySelector(".count")?.textContent;
    if (count && count !== said) {
      said = count;
      found.textContent = count;
    }
  }).observe(results, { childList: true });
}
