/* Fetches a page that waits again and again, and shows what changed. Without this module the page
   loads itself again. */

const MAX_WAIT_S = 60;
const MAX_FAILURES = 6; // in all about three minutes
const TIMEOUT_MS = 15_000;

let failures = 0;
let timer = 0;
let isAsking = false;

const region = () => document.getElementById("tunggu");
const news = () => document.getElementById("kabar");

function say(text) {
  const place = news();
  if (place && place.textContent !== text) place.textContent = text;
}

function plan() {
  clearTimeout(timer);
  const usualS = Number(region()?.dataset.againS);
  if (!usualS) return; // nothing is awaited any more
  const waitS = Math.min(Math.max(usualS, usualS * 2 ** failures), Math.max(usualS, MAX_WAIT_S));
  timer = setTimeout(ask, waitS * 1000);
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(location.href, {
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.type === "opaqueredirect") {
      location.reload(); // leads to the next page: it is paid, or stamped, or one signs in again
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    failures = 0;
    say(news()?.dataset.usual ?? "");
  } catch {
    failures += 1;
    if (failures >= MAX_FAILURES) {
      say(news()?.dataset.stopped ?? "");
      return;
    }
    say(news()?.dataset.trying ?? "");
  } finally {
    isAsking = false;
  }
  plan();
}

/* What only counts on is put in its place, part by part, so that nothing jumps and a screen reader
   says what is new. Another state is another page. */
function show(page) {
  const before = region();
  const after = page.getElementById("tunggu");
  if (!before || !after) {
    location.reload();
    return;
  }
  if (before.dataset.state !== after.dataset.state) {
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
    document.dispatchEvent(new Event("shown-anew"));
    return;
  }
  before.dataset.againS = after.dataset.againS ?? "";
  exchange(before, after, "dd.big, [data-progress]");
}

function exchange(before, after, parts) {
  const fresh = after.querySelectorAll(parts);
  before.querySelectorAll(parts).forEach((part, index) => {
    const next = fresh[index];
    if (next && part.innerHTML !== next.innerHTML) part.innerHTML = next.innerHTML;
  });
}

function again() {
  if (document.hidden || !region()?.dataset.againS) return;
  failures = 0;
  clearTimeout(timer);
  ask();
}

document.addEventListener("visibilitychange", again);
document.addEventListener("ask-now", again);
addEventListener("online", again);
say(news()?.dataset.usual ?? "");
plan();
