// Checks a file on its owner's device first: where its fingerprint is on record, nothing is
// uploaded. Where the record does not answer, the form is sent as it would be without this script.

// As `meterai/pdf/verification/candidates.py` finds them in a file's bytes.
const SERIAL = /E(?:met|Meterai[\0\t\n\f\r ]*\/)([0-9A-Z]{22})(?![0-9A-Za-z])/g;
const MAX_SERIALS = 8; // of one stamping
const MAX_BYTES = 100_000_000; // that a phone can hold twice

const form = document.getElementById("periksa-berkas");
const input = document.getElementById("berkas");
const state = document.getElementById("keadaan");
const tooLarge = document.getElementById("terlalu-besar");

function say(name) {
  state.textContent = name ? document.getElementById(`kata-${name}`).content.textContent : "";
}

function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
}

function serialsIn(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = new Set();
  for (const match of text.matchAll(SERIAL)) {
    found.add(match[1]);
    if (found.size > MAX_SERIALS) return [];
  }
  return [...found];
}

async function isRecorded(serial, sha256) {
  const answer = await fetch(`/S/${serial}`, { headers: { accept: "application/json" } });
  return answer.ok && (await answer.json()).sha256 === sha256;
}

// The address of the verdict, if every e-meterai in the file was issued with exactly these bytes.
async function recordOf(file) {
  if (!window.isSecureContext || file.size > MAX_BYTES) return null;
  say("dibaca");
  const bytes = await file.arrayBuffer();
  const serials = serialsIn(bytes);
  if (!serials.length) return null;
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  say("ditanya");
  const answers = await Promise.all(serials.map((one) => isRecorded(one, sha256)));
  return answers.every(Boolean) ? `/periksa/catatan/${serials[0]}/${sha256}` : null;
}

async function check(file) {
  let address = null;
  try {
    address = await recordOf(file);
  } catch {
    // No memory, no line: what is left is to upload it.
  }
  if (address) {
    location.assign(address);
    return;
  }
  if (file.size > Number(form.dataset.limit)) {
    say("");
    refuse(true);
    return;
  }
  say("diunggah");
  form.submit();
}

function refuse(isTooLarge) {
  tooLarge.hidden = !isTooLarge;
  document.getElementById("berkas-bagian").classList.toggle("wrong", isTooLarge);
  input.setAttribute("aria-describedby", isTooLarge ? "berkas-petunjuk terlalu-besar" : "berkas-petunjuk");
  if (isTooLarge) input.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  check(input.files[0]).finally(() => {
    button.disabled = false;
  });
});
input.addEventListener("change", () => refuse(false));
// Back from the result: what was said then is over.
window.addEventListener("pageshow", () => say(""));
