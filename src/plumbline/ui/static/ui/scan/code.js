// Reads a QR code out of a picture, and says what a code means here. The browser's own reader where it has one that works, else `qr`.
const OWN = "qr_code";
let reader = null; // a promise of: (canvas) => the texts found

const native = async () => {
  if (!("BarcodeDetector" in self) || !(await self.BarcodeDetector.getSupportedFormats()).includes(OWN)) throw new Error("none");
  const detector = new self.BarcodeDetector({ formats: [OWN] });
  return async (canvas) => (await detector.detect(canvas)).map((one) => one.rawValue);
};
const vendored = async () => {
  const { decodeQR } = await import("../vendor/qr.min.js");
  return async (canvas) => {
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    try { return [decodeQR({ data, width, height })]; } catch { return []; }
  };
};
export const read = async (canvas) => {
  reader ||= native().catch(vendored);
  const reading = await reader;
  try { return (await reading(canvas))[0] || ""; } catch { reader = vendored(); return ""; } // some browsers have one that never answers
};

// A photo is looked at small first: a code that fills it is found at once, one in a corner needs more of its pixels.
const SIDES = [1000, 2000, 3000];
export const readPhoto = async (file) => {
  const photo = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const longest = Math.max(photo.width, photo.height);
  try {
    for (const side of SIDES) {
      const scale = Math.min(1, side / longest);
      canvas.width = Math.round(photo.width * scale);
      canvas.height = Math.round(photo.height * scale);
      canvas.getContext("2d", { willReadFrequently: true }).drawImage(photo, 0, 0, canvas.width, canvas.height);
      const text = await read(canvas);
      if (text || scale === 1) return text;
    }
    return "";
  } finally {
    photo.close();
  }
};

// What a code says: a record of this server (its permanent address), another page here, a badge, or something foreign. Only the path of an
// address of ours is ever followed, on the server one is signed in to; the server may be known by the name that stands on paper, too.
const RECORD = /^\/r\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;
const BADGE = /^PB[A-HJ-NP-Z2-9]{20}$/;
export const meaning = (text, named) => {
  if (BADGE.test(text)) return { badge: true };
  let address;
  try { address = new URL(text); } catch { return { foreign: text }; }
  const ours = [location.origin, named].filter(Boolean).includes(address.origin) && /^https?:$/.test(address.protocol);
  if (!ours) return { foreign: text };
  const uid = address.pathname.match(RECORD)?.[1];
  return uid ? { uid: uid.toLowerCase() } : { page: address.pathname + address.search };
};
