/* On the page to pay: how long is left, and the number to copy. Without this module the time is
   there as a time, and the number can be selected. */

function left(until) {
  const s = Math.max(0, Math.floor((until - Date.now()) / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

let isOver = false;

function tick() {
  const place = document.querySelector("[data-left]");
  const time = document.querySelector(".until time");
  if (!place || !time) return;
  const until = Date.parse(time.dateTime);
  place.hidden = false;
  place.textContent = `${place.dataset.left} ${left(until)}`;
  if (until <= Date.now() && !isOver) {
    isOver = true;
    setTimeout(() => document.dispatchEvent(new Event("ask-now")), 1500);
  }
}

function offerCopies() {
  isOver = false;
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }
  tick();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return; // the number is still there to be selected
  }
  const said = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = said), 3000);
});

document.addEventListener("shown-anew", offerCopies);
setInterval(tick, 1000);
offerCopies();
